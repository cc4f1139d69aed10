"""Runs that outlive their process and their mishaps: no failure of a step loses a change."""

import asyncio
from pathlib import Path
from typing import cast

import pytest

from brain.domain.canonical import Json
from brain.domain.errors import StoreUnavailable
from brain.domain.identity import ChangeId
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.store.store import Store
from evals.workbench import shipped, workbench
from executors import durable, waiting
from executors.durable import DurableRuns
from executors.execution import Execution
from executors.steps import Next, Step

CHANGE = ChangeId("chg_1")


class Mishaps:
    """An execution that takes one step, which fails as often as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = [*failures]
        self.taken: list[Next] = []

    async def take(self, change: ChangeId, now: Next) -> Next:
        self.taken.append(now)
        if self.failures:
            raise self.failures.pop()
        return Next(Step.DONE)


@pytest.mark.parametrize("failure", [StoreUnavailable("locked"), RuntimeError("a defect")])
async def test_a_step_that_fails_is_taken_again(
    failure: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "_AFTER_A_FAILURE", 0.0)
    execution, ended = Mishaps(failure), asyncio.Event()
    told: list[ChangeId] = []

    async def end(change: ChangeId) -> None:
        told.append(change)
        ended.set()

    runs = DurableRuns(cast(Execution, execution), database=tmp_path / "runs.db", ended=end)
    runs.launch()
    try:
        await runs.start(CHANGE)
        await asyncio.wait_for(ended.wait(), 20)
    finally:
        runs.close()

    assert execution.taken == [Next(Step.BEGIN), Next(Step.BEGIN)]
    assert told == [CHANGE]


async def test_what_waits_goes_on_waiting_in_the_next_process(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "FIRST", 0.05)
    monkeypatch.setattr(waiting, "LONGEST", 0.05)
    night: Json = {"kinds": {"radio": {"templates": ["Device.WiFi."], "windows": ["night"]}}}
    bench = await workbench(store, bundle=shipped().with_numbers({"schedule": night}))
    change, ended = await bench.approved(), asyncio.Event()

    async def end(change: ChangeId) -> None:
        ended.set()

    waits, wait = asyncio.Event(), bench.ledger.wait

    async def told(record: ChangeRecord, reason: str) -> None:
        await wait(record, reason)
        waits.set()

    monkeypatch.setattr(bench.ledger, "wait", told)
    first = DurableRuns(bench.execution, database=tmp_path / "runs.db", ended=end)
    first.launch()
    await first.start(change.id)
    await asyncio.wait_for(waits.wait(), 30)
    first.close()
    assert (await bench.ledger.get(change.id)).state is State.APPROVED
    assert bench.world.writes == []

    bench.clock.advance(14 * 3600)
    second = DurableRuns(bench.execution, database=tmp_path / "runs.db", ended=end)
    second.launch()
    try:
        await asyncio.wait_for(ended.wait(), 60)
    finally:
        second.close()

    assert (await bench.ledger.get(change.id)).state is State.SUCCEEDED
    assert len(bench.world.writes) == 1
