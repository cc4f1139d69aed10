"""Runs that outlive their process and their mishaps: no failure of a step loses a change."""

import asyncio
from pathlib import Path
from typing import cast

import pytest

from brain.domain.errors import StoreUnavailable
from brain.domain.identity import ChangeId
from executors import durable
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


class Breaks(Mishaps):
    """An execution that can tell a person that it does not get on."""

    def __init__(self, times: int) -> None:
        super().__init__(*(RuntimeError("a defect") for _ in range(times)))
        self.stuck_at: list[tuple[ChangeId, Step]] = []

    async def stuck(self, change: ChangeId, step: Step) -> None:
        self.stuck_at.append((change, step))


@pytest.mark.parametrize(("times", "calls"), [(11, 0), (12, 1), (40, 1)])
async def test_a_step_that_breaks_again_and_again_calls_a_person_once(
    times: int, calls: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "_AFTER_A_FAILURE", 0.0)
    execution, ended = Breaks(times), asyncio.Event()

    async def end(change: ChangeId) -> None:
        ended.set()

    runs = DurableRuns(cast(Execution, execution), database=tmp_path / "runs.db", ended=end)
    runs.launch()
    try:
        await runs.start(CHANGE)
        await asyncio.wait_for(ended.wait(), 20)
    finally:
        runs.close()

    assert execution.stuck_at == [(CHANGE, Step.BEGIN)] * calls


class Waits:
    """An execution that has nothing to do for an hour, unless it is roused."""

    def __init__(self) -> None:
        self.taken: list[Next] = []
        self.asked = asyncio.Event()

    async def take(self, change: ChangeId, now: Next) -> Next:
        self.taken.append(now)
        self.asked.set()
        return Next(Step.BEGIN, 3600.0, 1) if len(self.taken) == 1 else Next(Step.DONE)


async def test_what_waits_is_looked_at_at_once_when_somebody_rings(tmp_path: Path) -> None:
    execution, ended = Waits(), asyncio.Event()

    async def end(_: ChangeId) -> None:
        ended.set()

    runs = DurableRuns(cast(Execution, execution), database=tmp_path / "runs.db", ended=end)
    runs.launch()
    try:
        await runs.start(CHANGE)
        await asyncio.wait_for(execution.asked.wait(), 20)
        await asyncio.sleep(0.2)
        assert execution.taken == [Next(Step.BEGIN)], "it waits until then"
        runs.rouse(ChangeId("chg_2"))
        runs.rouse(CHANGE)
        await asyncio.wait_for(ended.wait(), 20)
    finally:
        runs.close()

    assert execution.taken == [Next(Step.BEGIN), Next(Step.BEGIN, 0.0, 1)]


class Guarded:
    """An execution that goes these steps, whatever it is asked to take."""

    def __init__(self, *steps: Step) -> None:
        self.steps = [*steps]
        self.over = asyncio.Event()

    async def take(self, change: ChangeId, now: Next) -> Next:
        then = Next(self.steps.pop(0))
        if not self.steps:
            self.over.set()
        return then


@pytest.mark.parametrize(
    ("steps", "tellings"),
    [
        ((Step.FINISH, Step.DONE), 1),
        ((Step.FINISH, Step.GUARD, Step.GUARD, Step.DONE), 1),
        ((Step.FINISH, Step.GUARD, Step.ROLL_BACK, Step.FINISH, Step.DONE), 2),
    ],
    ids=["not guarded", "guarded in vain", "taken back after all"],
)
async def test_a_success_is_told_before_it_is_guarded_and_what_undoes_it_again(
    steps: tuple[Step, ...], tellings: int, tmp_path: Path
) -> None:
    execution, told, enough = Guarded(*steps), list[int](), asyncio.Event()

    async def end(_: ChangeId) -> None:
        told.append(len(execution.steps))
        if len(told) == tellings:
            enough.set()

    runs = DurableRuns(cast(Execution, execution), database=tmp_path / "runs.db", ended=end)
    runs.launch()
    try:
        await runs.start(CHANGE)
        async with asyncio.timeout(20):
            await asyncio.gather(execution.over.wait(), enough.wait())
        await asyncio.sleep(0.2)
    finally:
        runs.close()

    assert len(told) == tellings
    if Step.GUARD in steps:
        assert told[0] == len(steps) - 2, "before the first look of the guard"
