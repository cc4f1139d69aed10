"""A broken glass ends by itself: what was begun under it is not written afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest

from brain.domain.change import Plan
from brain.domain.device import Device
from brain.domain.life import State
from brain.domain.outcome import Outcome
from brain.domain.permit import Permit
from brain.store.store import Store
from evals.workbench import Workbench, workbench
from executors.execution import Execution
from executors.steps import Next, Step


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


class Late:
    """A device that comes for what it is to be sent after so many seconds."""

    def __init__(self, bench: Workbench, seconds: float) -> None:
        self.bench, self.seconds = bench, seconds
        self.read = bench.executor.read

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        self.bench.clock.advance(self.seconds)
        return await self.bench.executor.apply(device, plan, permit)


@pytest.mark.parametrize(("seconds", "wrote"), [(59, True), (60, False), (240, False)])
async def test_nothing_is_written_once_it_is_over(
    bench: Workbench, seconds: float, wrote: bool
) -> None:
    change = await bench.broken(await bench.submit())
    bench.clock.advance(9 * 60)
    bench.execution = Execution(
        replace(bench.execution.parts, executor=Late(bench, seconds)),
    )
    now = await bench.execution.take(change.id, Next(Step.BEGIN))

    await bench.execution.take(change.id, now)

    end = await bench.ledger.get(change.id)
    assert bool(bench.world.writes) is wrote
    assert end.state is (State.VERIFYING if wrote else State.FAILED)


async def test_a_permit_lives_no_longer_than_what_it_rests_on(bench: Workbench) -> None:
    change = await bench.approved()
    assert change.execution_expires_at is not None
    bench.clock.now = change.execution_expires_at - timedelta(minutes=1)

    await bench.run(change.id)

    async with bench.store.read() as tx:
        (permit,) = await tx.permits.of_change(change.tenant, change.id)
    assert permit.expires_at == change.execution_expires_at


async def test_a_glass_broken_for_what_was_begun_and_waits_for_its_device_rings(
    bench: Workbench,
) -> None:
    change = await bench.approved()
    await bench.execution.take(change.id, Next(Step.BEGIN))
    bench.woken.clear()

    broken = await bench.broken(change)

    assert broken.state is State.EXECUTING
    assert bench.woken == [change.id]
