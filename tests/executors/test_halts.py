"""A halt stops every write that is not on the wire yet, however late it is turned on."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from brain.domain.change import Command, Plan
from brain.domain.device import Device
from brain.domain.errors import Halted
from brain.domain.identity import ChangeId, PrincipalId
from brain.domain.life import State
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath
from brain.domain.permit import Permit
from brain.domain.verdict import Point, Verdict
from brain.store.store import Store
from evals.workbench import UTILISATION, Workbench, promise, workbench
from executors.execution import Execution
from executors.steps import Next, Step

Stage = Callable[[Workbench, pytest.MonkeyPatch], Execution]


@pytest.fixture
async def bench(any_store: Store) -> Workbench:
    return await workbench(any_store)


async def halt(bench: Workbench, on: bool = True) -> None:
    async with bench.store.begin() as tx:
        await tx.halts.set(bench.device.tenant, on, PrincipalId("olga"), bench.clock())


class HaltedOnTheWay:
    """The executor, and somebody who halts right before it takes the permit."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.read = bench.executor.read

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        await halt(self.bench)
        return await self.bench.executor.apply(device, plan, permit)


def between_minting_and_spending(bench: Workbench, _: pytest.MonkeyPatch) -> Execution:
    return Execution(replace(bench.execution.parts, executor=HaltedOnTheWay(bench)))


def between_judging_and_minting(bench: Workbench, patch: pytest.MonkeyPatch) -> Execution:
    judged: Callable[..., Awaitable[Verdict]] = bench.ledger.rejudge

    async def then_halted(*about: Any, **more: Any) -> Verdict:
        verdict = await judged(*about, **more)
        await halt(bench)
        return verdict

    patch.setattr(bench.ledger, "rejudge", then_halted)
    return bench.execution


async def upto(bench: Workbench, change: ChangeId, step: Step) -> Next:
    now = Next(Step.BEGIN)
    while now.step is not step:
        now = await bench.execution.take(change, now)
    return now


@pytest.mark.parametrize("stage", [between_judging_and_minting, between_minting_and_spending])
async def test_a_halt_after_the_verdict_stops_the_write_and_the_record_says_so(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, stage: Stage
) -> None:
    change = await bench.approved()
    now = await upto(bench, change.id, Step.CARRY_OUT)
    execution = stage(bench, monkeypatch)

    then = await execution.take(change.id, now)

    end = await bench.ledger.get(change.id)
    assert end.state is State.DENIED
    assert "halted" in end.reason
    assert then.step is Step.FINISH
    assert bench.world.writes == []
    assert not await bench.execution.parts.sent(end, end.plan)


async def test_a_halt_before_minting_leaves_no_permit_behind(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = await bench.approved()
    now = await upto(bench, change.id, Step.CARRY_OUT)

    await between_judging_and_minting(bench, monkeypatch).take(change.id, now)

    async with bench.store.read() as tx:
        assert await tx.permits.of_change(change.tenant, change.id) == []


@pytest.mark.parametrize("stage", [between_judging_and_minting, between_minting_and_spending])
async def test_a_halt_after_the_verdict_stops_the_way_back_too_and_calls_a_person(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch, stage: Stage
) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    bench.tree[UTILISATION] = "230"
    now = await upto(bench, change.id, Step.ROLL_BACK)
    before = list(bench.world.writes)
    execution = stage(bench, monkeypatch)

    await execution.take(change.id, now)

    end = await bench.ledger.get(change.id)
    assert end.state is State.FAILED
    assert "halted" in end.reason
    assert bench.world.writes == before
    assert bench.paged


async def test_a_permit_outlives_a_halt_only_unspent(bench: Workbench) -> None:
    change = await bench.approved()
    now = await upto(bench, change.id, Step.CARRY_OUT)
    parts = bench.execution.parts
    record = await bench.ledger.get(change.id)
    look = await parts.look(record, record.plan)
    verdict = await bench.ledger.rejudge(record, Point.EXECUTE)
    async with bench.store.read() as tx:
        given = await tx.approvals.of_change(record.tenant, record.id)
    permit, _ = await parts.permit(record, record.plan, verdict, given, look)
    desk = bench.executor.permits

    await halt(bench)
    with pytest.raises(Halted):
        await desk.spend(permit, bench.device, record.plan)
    await halt(bench, on=False)
    await desk.spend(permit, bench.device, record.plan)
    await desk.still(permit)
    await halt(bench)

    with pytest.raises(Halted):
        await desk.still(permit)
    assert now.step is Step.CARRY_OUT
    assert bench.world.writes == []


async def test_whoever_halts_waits_for_a_permit_that_is_being_spent(bench: Workbench) -> None:
    order = []

    async def halts() -> None:
        await halt(bench)
        order.append("halted")

    async with bench.store.begin() as tx:
        assert not await tx.halts.is_halted(bench.device.tenant)
        halting = asyncio.create_task(halts())
        await asyncio.sleep(0.2)
        order.append("spent")
    await halting

    assert order == ["spent", "halted"]


class HaltedMidway(HaltedOnTheWay):
    """The first of two requests was sent, and then changes were halted."""

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        await self.bench.executor.permits.spend(permit, device, plan)
        await halt(self.bench)
        detail = "changes were halted: a row was added, and its values were not sent"
        return Outcome(progress=Progress.UNKNOWN, at=self.bench.clock(), detail=detail)


async def test_a_change_that_was_halted_midway_says_so_and_calls_a_person(bench: Workbench) -> None:
    restart = Command(path=ParameterPath("Device.Reboot()"))
    change = await bench.approved(bench.proposal([restart]))
    bench.execution = Execution(replace(bench.execution.parts, executor=HaltedMidway(bench)))

    end = await bench.run(change.id)

    assert end.state is State.UNKNOWN
    assert "changes were halted: a row was added" in end.reason
    assert bench.paged == [end.reason]
    assert bench.world.commands == []
