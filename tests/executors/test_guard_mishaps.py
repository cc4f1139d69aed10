"""What breaks, is killed or is held up while a device is watched leaves no change unattended."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from brain.domain.change import Plan
from brain.domain.device import Device
from brain.domain.errors import ControllerRefused
from brain.domain.identity import ChangeId
from brain.domain.life import State
from brain.domain.outcome import Outcome
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.permit import Permit
from brain.store.store import Store
from evals.workbench import CHANNEL, Workbench, promise
from executors import weighing
from executors.execution import Execution
from executors.simulated import SimulatedExecutor
from executors.steps import Next, Step
from tests.executors.test_guarding import STATS, WAN, at_home, go_on, kinds, road, until, written

DNS = ParameterPath("Device.DNS.Client.Status")


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await at_home(store)


@dataclass
class Picky:
    """A device that answers an internal error to every request with one of these names in it."""

    real: SimulatedExecutor
    refused: frozenset[str]

    async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        if self.refused & {*paths}:
            raise ControllerRefused("internal error", fault="9002")
        return await self.real.read(device, paths)

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        return await self.real.apply(device, plan, permit)


def picky(bench: Workbench, *refused: str) -> None:
    device = Picky(bench.executor, frozenset(refused))
    bench.execution = Execution(replace(bench.execution.parts, executor=device))


async def test_a_sign_that_cannot_be_read_leaves_the_device_changeable_and_the_rest_watched(
    bench: Workbench,
) -> None:
    picky(bench, DNS)
    change = await bench.approved(bench.proposal(effect=promise()))
    now = await until(bench, change, Step.GUARD)
    assert written(bench) == ["11"]
    bench.tree[WAN] = "Down"

    assert (await go_on(bench, change, now)).state is State.ROLLED_BACK


async def test_a_sign_that_cannot_be_read_any_more_makes_nothing_unknown(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    now = await until(bench, change, Step.WATCH)
    picky(bench, DNS)

    assert (await go_on(bench, change, now)).state is State.SUCCEEDED
    assert bench.paged == []


@pytest.mark.slow
async def test_what_the_plan_rests_on_is_never_left_out(bench: Workbench) -> None:
    picky(bench, "Device.WiFi.Radio.1.")
    change = await bench.approved(bench.proposal(effect=promise()))

    assert (await bench.run(change.id, most=5000)).state is State.FAILED
    assert written(bench) == []


async def test_a_bad_sign_that_is_not_told_any_more_calls_a_person(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    now = await until(bench, change, Step.GUARD)
    bench.tree[WAN] = "Down"
    now = await bench.execution.take(change.id, now)
    del bench.tree[WAN]

    await go_on(bench, change, now)

    words = f"it got worse, and the device does not tell of it any more: {WAN}"
    assert bench.paged == [words]
    assert (await road(bench, change))[-1].detail == words


async def test_signs_that_cannot_be_weighed_call_a_person_once_and_leave_the_watch_running(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("a defect")

    monkeypatch.setattr(weighing, "harms", broken)
    bench.tree[ParameterPath("Device.WiFi.DataElements.Network.Device.1.Radio.1.Utilization")] = (
        "250"
    )
    change = await bench.approved(bench.proposal(effect=promise()))

    end = await bench.run(change.id)

    assert end.state is State.ROLLED_BACK  # it broke its promise, which is still seen
    assert bench.paged == ["what the device says of its health cannot be weighed"]


async def test_a_run_killed_in_the_pause_before_the_write_waits_all_the_same(
    bench: Workbench,
) -> None:
    told = {"PacketsSent": "1000", "DiscardPacketsSent": "0"}
    bench.tree.update({ParameterPath(STATS + leaf): value for leaf, value in told.items()})
    await bench.executor.read(bench.device, [ParameterPath("Device.")])
    change = await bench.approved(bench.proposal(effect=promise()))
    now = await until_first_reading(bench, change.id)

    bench.execution = Execution(bench.execution.parts)  # another process, at the same moment
    again = await bench.execution.take(change.id, now)

    assert written(bench) == []
    assert again == Next(Step.CARRY_OUT, bench.execution.parts.pause)
    bench.clock.advance(again.after)
    await bench.execution.take(change.id, again)
    assert written(bench) == ["11"]


async def until_first_reading(bench: Workbench, change: ChangeId) -> Next:
    now = Next(Step.BEGIN)
    for _ in range(3):
        if now.after:
            break
        now = await bench.execution.take(change, now)
    return now


@pytest.mark.parametrize("promised", [True, False])
async def test_harm_that_was_decided_stays_decided_while_the_way_back_is_held_up(
    bench: Workbench, promised: bool
) -> None:
    change = await bench.approved(bench.proposal(effect=promise() if promised else None))
    now = await until(bench, change, Step.GUARD)
    bench.tree[WAN] = "Down"
    while now.step is not Step.ROLL_BACK:
        now = await bench.execution.take(change.id, now)
        bench.clock.advance(now.after)
    async with bench.store.begin() as tx:
        await tx.leases.release(bench.device.id, change.id)
        at = bench.clock()
        await tx.leases.take(bench.device.id, ChangeId("chg_other"), at, at.replace(year=2099))
    for _ in range(4):
        now = await bench.execution.take(change.id, now)
        bench.clock.advance(now.after)
        bench.tree[WAN] = "Up"
    async with bench.store.begin() as tx:
        await tx.leases.release(bench.device.id, ChangeId("chg_other"))

    assert (await go_on(bench, change, now)).state is State.ROLLED_BACK
    assert (await kinds(bench, change)).count("change.succeeded") == 1
    assert bench.tree[CHANNEL] == "6"
