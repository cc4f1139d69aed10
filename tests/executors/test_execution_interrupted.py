"""A run that died around its write, and commands: what nobody saw done is not called done."""

from dataclasses import replace

import pytest

from brain.domain.change import Command, Plan
from brain.domain.device import Device
from brain.domain.errors import DeviceUnreachable
from brain.domain.life import State
from brain.domain.outcome import Outcome
from brain.domain.parameter import ParameterPath
from brain.domain.permit import Permit
from brain.store.store import Store
from evals.workbench import CHANNEL, Workbench, workbench
from executors.execution import Execution
from executors.simulated import SimulatedExecutor
from executors.steps import Next, Step


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


def written(bench: Workbench) -> list[str]:
    return [value for _, path, value in bench.world.writes if path == CHANNEL]


class Dies:
    """An executor whose process dies at a chosen moment of its first write."""

    def __init__(self, real: SimulatedExecutor, *, after_the_write: bool) -> None:
        self.real, self.after_the_write, self.died = real, after_the_write, False
        self.read = real.read

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        if self.died:
            return await self.real.apply(device, plan, permit)
        self.died = True
        if self.after_the_write:
            await self.real.apply(device, plan, permit)
        else:
            await self.real.permits.spend(permit, device, plan)
        raise SystemExit("killed")


@pytest.mark.parametrize("after_the_write", [True, False])
async def test_a_run_that_died_around_the_write_goes_on_and_writes_once(
    bench: Workbench, after_the_write: bool
) -> None:
    change = await bench.approved()
    dies = Dies(bench.executor, after_the_write=after_the_write)
    bench.execution = Execution(replace(bench.execution.parts, executor=dies))
    with pytest.raises(SystemExit):
        await bench.run(change.id)

    end = await bench.run(change.id)

    assert end.state is State.SUCCEEDED
    assert written(bench) == ["11"]


async def test_values_neither_old_nor_new_after_a_crash_call_a_person(bench: Workbench) -> None:
    change = await bench.approved()
    dies = Dies(bench.executor, after_the_write=True)
    bench.execution = Execution(replace(bench.execution.parts, executor=dies))
    with pytest.raises(SystemExit):
        await bench.run(change.id)
    bench.tree[CHANNEL] = "1"

    end = await bench.run(change.id)

    assert end.state is State.UNKNOWN
    assert bench.paged
    assert written(bench) == ["11"]


def restart() -> Command:
    return Command(path=ParameterPath("Device.Reboot()"))


async def test_a_restart_that_the_device_took_is_done_once(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal([restart()]))

    end = await bench.run(change.id)

    assert end.state is State.SUCCEEDED
    assert bench.world.commands == [(bench.device.id, "Device.Reboot()")]


async def test_a_restart_that_was_taken_and_never_happened_is_unknown(bench: Workbench) -> None:
    bench.world.deaf_to_commands = True
    change = await bench.approved(bench.proposal([restart()]))
    now = Next(Step.BEGIN)
    while now.step is not Step.VERIFY:
        now = await bench.execution.take(change.id, now)
    now = await bench.execution.take(change.id, now)
    assert now.step is Step.VERIFY, "it may still be going down"
    bench.clock.advance(11 * 60)

    await bench.execution.take(change.id, now)

    assert (await bench.ledger.get(change.id)).state is State.UNKNOWN
    assert bench.paged


@pytest.mark.parametrize("after_the_write", [True, False])
async def test_a_restart_whose_answer_is_missing_is_unknown_and_not_repeated(
    bench: Workbench, after_the_write: bool
) -> None:
    change = await bench.approved(bench.proposal([restart()]))
    dies = Dies(bench.executor, after_the_write=after_the_write)
    bench.execution = Execution(replace(bench.execution.parts, executor=dies))
    with pytest.raises(SystemExit):
        await bench.run(change.id)

    end = await bench.run(change.id)

    assert end.state is State.UNKNOWN
    assert bench.paged == ["the device was sent it, and nobody can tell whether it was done"]
    assert len(bench.world.commands) == after_the_write


class Absent(Dies):
    """An executor whose device does not come for what it is to be sent."""

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        await self.real.permits.spend(permit, device, plan)
        raise DeviceUnreachable("it did not come")


async def test_a_restart_that_was_never_sent_has_failed(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal([restart()]))
    absent = Absent(bench.executor, after_the_write=False)
    bench.execution = Execution(replace(bench.execution.parts, executor=absent))

    end = await bench.run(change.id)

    assert end.state is State.FAILED
    assert "nothing was sent" in end.reason
    assert bench.world.commands == []


async def test_a_device_that_comes_back_does_not_settle_a_restart_nobody_saw(
    bench: Workbench,
) -> None:
    change = await bench.approved(bench.proposal([restart()]))
    dies = Dies(bench.executor, after_the_write=False)
    bench.execution = Execution(replace(bench.execution.parts, executor=dies))
    with pytest.raises(SystemExit):
        await bench.run(change.id)
    bench.world.silent.add(bench.device.id)
    now = Next(Step.CARRY_OUT)
    while now.step is not Step.LOOK_AGAIN:
        now = await bench.execution.take(change.id, now)
        bench.clock.advance(now.after)
    bench.world.silent.clear()

    await bench.run(change.id)

    assert (await bench.ledger.get(change.id)).state is State.UNKNOWN
    assert bench.paged[-1] == "back, and it may have been done"
