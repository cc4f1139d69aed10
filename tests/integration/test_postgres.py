"""The whole product in one PostgreSQL: store, journal of runs and planner threads."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest

from evals.homes.fleet import Resident
from evals.homes.running import running_fleet

CHANNEL = "Device.WiFi.Radio.1.Channel"
ENDS = frozenset({"succeeded", "unknown", "failed", "rolled_back", "superseded", "denied"})


@pytest.fixture
def database(postgres_url: str) -> Iterator[str]:
    """An empty database of one's own, as an operator's URL."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE whole")
        yield postgres_url.replace("/postgres?", "/whole?")
        connection.execute("DROP DATABASE whole WITH (FORCE)")


@pytest.mark.slow
@pytest.mark.postgres
async def test_a_complaint_ends_well_in_one_postgres_that_cuts_everybody_off(
    product: Callable[..., AbstractContextManager[Any]],
    cast: dict[str, Resident],
    books: dict[str, object],
    database: str,
) -> None:
    home = cast["congested"].home
    before = home.tree.read(CHANNEL)
    with product(GATEWRIGHT_DATABASE_URL=database) as running:
        async with running_fleet([home], running.line()) as fleet:
            await fleet.until_up(seconds=30)
            road = await asyncio.to_thread(_carried_out, running, books, home.id, database)
            audit = await asyncio.to_thread(running.desk("olga").post, "/v1/audit/verify")

    assert road["change"]["state"] == "succeeded", road["change"]["reason"]
    wanted = {step["path"]: step["after"] for step in road["change"]["plan"]["changes"]}
    assert home.tree.read(CHANNEL) == wanted[CHANNEL] != before
    assert audit["ok"], audit
    assert not list(running.stage.folder.glob("*.db")), "nothing is kept beside it"
    assert _count(database, "changes") == 1
    assert _count(database, "dbos.workflow_status") == 1


def _carried_out(running: Any, books: dict[str, object], device: str, database: str) -> Any:
    sam = running.desk("sam")
    running.desk("olga").post("/v1/inventory", books)
    running.until_known(device)
    for event in sam.say(device, "the wifi is terribly slow every evening"):
        if event["kind"] == "proposal":
            change = sam.road(event["payload"]["change_id"])["change"]
            assert _count(database, "checkpoints"), "the planner waits for the outcome"
            _cut_off(database)
            answer = {"digest": change["plan"]["digest"]}
            running.desk("alex").post(f"/v1/changes/{change['id']}/approve", answer)
            road = sam.wait(change["id"], ENDS.__contains__, 30)
            _until_told(database)
            return road
    raise AssertionError("nothing was proposed")


def _count(database: str, table: str) -> int:
    with psycopg.connect(database) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])


def _until_told(database: str, seconds: float = 10) -> None:
    """Wait until the planner heard of the outcome: its thread is gone then."""
    until = monotonic() + seconds
    while _count(database, "checkpoints"):
        assert monotonic() < until, "the planner's thread is never over"
        sleep(0.1)


def _cut_off(database: str) -> None:
    """End every connection of the product, as a restart of the server does."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
