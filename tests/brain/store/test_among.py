"""A list of words is one parameter, and finds its rows by an index."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Executable
from sqlalchemy.dialects import sqlite

from brain.domain.device import Device
from brain.domain.identity import DeviceId, NodeId, TenantId
from brain.store.connection import Connection
from brain.store.store import Store

NORTH, SOME = TenantId("north"), [DeviceId("d1"), DeviceId("d2")]


@pytest.mark.parametrize("words", [["d1"], ["d1", "d2", "nobody"], ["d1", "d1", 'a "quoted" one']])
async def test_whoever_is_named_is_found_however_many_are(
    any_store: Store, a_device: Callable[..., Device], words: list[str]
) -> None:
    async with any_store.begin() as tx:
        await tx.devices.put(*(a_device(id=DeviceId(each)) for each in ("d1", "d2", "d3")))
        found = await tx.devices.known([DeviceId(each) for each in words])

    assert {each.id for each in found} == {"d1", "d2", "d3"} & set(words)


async def test_no_words_find_nothing(any_store: Store, a_device: Callable[..., Device]) -> None:
    async with any_store.begin() as tx:
        await tx.devices.put(a_device())
        assert await tx.devices.hold([]) == {}


async def test_sqlite_goes_through_no_table_for_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[Executable] = []
    plain = Connection.rows

    async def noted(self: Connection, statement: Executable, values: object) -> object:
        asked.append(statement)
        return await plain(self, statement, values)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(Connection, "rows", noted)
    async with store.begin() as tx:
        await tx.devices.hold(SOME)
        await tx.devices.known(SOME)
        await tx.devices.some(NORTH, SOME)
        await tx.devices.first_below(NORTH, [NodeId("n1")], each=3)
        await tx.nodes.children(NORTH, [NodeId("n1")])
        await tx.snapshots.latest_of(NORTH, SOME, below=["Device.WiFi."])
        await tx.credentials.of(SOME)
        await tx.controllers.get_all(SOME)

    for statement in asked:
        steps = _plan(tmp_path / "gatewright.db", statement)
        assert any(step.startswith("SEARCH") for step in steps), statement
        assert not any(step.startswith("SCAN") for step in steps), statement


def _plan(file: Path, statement: Executable) -> list[str]:
    """How it looks through the tables; what it made itself a moment before is none."""
    compiled = statement.compile(dialect=sqlite.dialect(paramstyle="named"))  # type: ignore[attr-defined]  # what is asked is a clause
    with sqlite3.connect(file) as database:
        rows = database.execute(f"EXPLAIN QUERY PLAN {compiled}", compiled.params).fetchall()
    made = ("SCAN json_each", "SCAN below", "SCAN (")
    return [str(row[3]) for row in rows if not str(row[3]).startswith(made)]
