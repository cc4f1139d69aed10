"""A change waits through the death of the process, and is carried out when what held it is over."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from evals.homes.fleet import Resident
from evals.homes.running import running_fleet
from tests.integration.test_kill import CHANNEL, ENDS, _approve, _proposed

_FREEZE = timedelta(seconds=60)


def _freeze(file: Path) -> datetime:
    """The operator's numbers, with a freeze that is over soon."""
    until = datetime.now(UTC).replace(microsecond=0) + _FREEZE
    file.write_text(
        "schedule: {freezes: {moving: {"
        f'from: "2026-01-01T00:00:00Z", until: "{until.isoformat()}"'
        "}}}\n"
    )
    return until


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_change_waits_for_the_end_of_a_freeze_and_through_a_restart(
    product: Callable[..., AbstractContextManager[Any]],
    cast: dict[str, Resident],
    books: dict[str, object],
    tmp_path: Path,
) -> None:
    own = tmp_path / "policy.yaml"
    until = _freeze(own)
    home = cast["congested"].home
    before = home.tree.read(CHANNEL)
    with product(GATEWRIGHT_POLICY_DATA=str(own)) as running:
        async with running_fleet([home], running.line()) as fleet:
            await fleet.until_up(seconds=30)
            change = await asyncio.to_thread(_proposed, running, books, home.id)
            await asyncio.to_thread(_approve, running, change)
            waits = await asyncio.to_thread(
                running.desk("sam").wait, change["id"], {"approved"}.__contains__, 20
            )
            await asyncio.sleep(3)
            waits = await asyncio.to_thread(running.desk("sam").road, change["id"])
            os.kill(running.process.pid, signal.SIGKILL)
            await asyncio.to_thread(running.process.wait, 30)
            assert home.tree.read(CHANNEL) == before
            with running.up():
                road = await asyncio.to_thread(
                    running.desk("sam").wait, change["id"], ENDS.__contains__, 120
                )

    assert waits["change"]["state"] == "approved"
    assert "freeze moving, until" in waits["change"]["reason"]
    assert waits["change"]["verdict"]["obligations"]["wait"]["minutes"] == 1440
    assert road["change"]["state"] == "succeeded", road["change"]["reason"]
    (permit,) = [
        each for each in road["permits"] if each["plan_digest"] == change["plan"]["digest"]
    ]
    assert datetime.fromisoformat(permit["minted_at"]) >= until
