"""A change that does harm elsewhere is undone however it helps, and a good one is left alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from brain.domain.change import Plan
from brain.domain.device import Device
from brain.domain.life import State
from brain.domain.outcome import ExecutionStep, Outcome
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.permit import Permit
from brain.domain.record import ChangeRecord
from brain.store.store import Store
from evals.workbench import CHANNEL, UTILISATION, Workbench, promise, to_channel, workbench
from executors.execution import Execution
from executors.simulated import SimulatedExecutor
from executors.steps import Next, Step
from executors.vital_signs import CONTEXT, TEMPLATES, template_of

WAN = ParameterPath("Device.IP.Interface.2.Status")
STATS = "Device.IP.Interface.2.Stats."
JOINED = ParameterPath("Device.WiFi.AccessPoint.1.AssociatedDeviceNumberOfEntries")
_TREE = {
    WAN: "Up",
    "Device.DNS.Client.Status": "Enabled",
    "Device.Hosts.Host.1.HostName": "annas-phone",
    JOINED: "6",
}


@dataclass
class Watched:
    """The executor, with every reading that was asked of it."""

    real: SimulatedExecutor
    reads: list[list[ParameterPath]] = field(default_factory=list)

    async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        self.reads.append([*paths])
        return await self.real.read(device, paths)

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        return await self.real.apply(device, plan, permit)


async def at_home(store: Store) -> Workbench:
    """A home that is watched for an hour after every change, and has told all it has."""
    bench = await workbench(store, guard_for=timedelta(hours=1))
    bench.tree.update({ParameterPath(path): value for path, value in _TREE.items()})
    await bench.executor.read(bench.device, [ParameterPath("Device.")])
    bench.tree[UTILISATION] = "90"
    return bench


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await at_home(store)


async def road(bench: Workbench, change: ChangeRecord) -> list[ExecutionStep]:
    async with bench.store.read() as tx:
        return await tx.executions.of_change(change.tenant, change.id)


async def kinds(bench: Workbench, change: ChangeRecord) -> list[str]:
    async with bench.store.read() as tx:
        entries = await tx.audit.range(change.tenant)
    return [each.kind for each in entries if change.id in each.payload]


def written(bench: Workbench) -> list[str]:
    return [value for _, path, value in bench.world.writes if path == CHANNEL]


async def until(bench: Workbench, change: ChangeRecord, step: Step) -> Next:
    """Take steps until this one is next; waiting moves the clock."""
    now = Next(Step.BEGIN)
    while now.step is not step:
        now = await bench.execution.take(change.id, now)
        bench.clock.advance(now.after)
    return now


async def go_on(
    bench: Workbench, change: ChangeRecord, now: Next, life: Callable[[int], None] = lambda _: None
) -> ChangeRecord:
    """To the end, with something going on at home before every look."""
    for number in range(200):
        if now.step is Step.DONE:
            return await bench.ledger.get(change.id)
        life(number)
        now = await bench.execution.take(change.id, now)
        bench.clock.advance(now.after)
    raise TimeoutError(f"not done: {now}")


async def test_a_good_change_is_not_taken_back_by_the_life_of_a_home(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))

    def life(number: int) -> None:
        bench.tree[JOINED] = str((6, 4, 3, 0, 5)[number % 5])
        bench.tree[WAN] = "Down" if number == 4 else "Up"  # once: a log-in anew

    end = await go_on(bench, change, Next(Step.BEGIN), life)

    assert end.state is State.SUCCEEDED
    assert written(bench) == ["11"]
    last = (await road(bench, change))[-1]
    assert (last.step, last.detail) == ("guard", "nothing else got worse")


async def test_a_change_that_helps_and_does_harm_elsewhere_is_taken_back(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal(effect=promise(seconds=3600)))
    now = await until(bench, change, Step.WATCH)
    bench.tree[WAN] = "Down"

    end = await go_on(bench, change, now)

    assert end.state is State.ROLLED_BACK
    assert end.reason == (f"it did harm elsewhere: a network connection was Up and is Down ({WAN})")
    assert written(bench) == ["11", "6"]
    assert "change.succeeded" not in await kinds(bench, change)


async def test_harm_that_shows_after_the_success_takes_it_back_too(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    now = await until(bench, change, Step.GUARD)
    assert (await bench.ledger.get(change.id)).state is State.SUCCEEDED
    bench.clock.advance(30 * 60)
    bench.tree[ParameterPath("Device.DNS.Client.Status")] = "Error"

    end = await go_on(bench, change, now)

    assert end.state is State.ROLLED_BACK
    assert "looking up names was Enabled and is Error" in end.reason
    assert bench.tree[CHANNEL] == "6"
    told = await kinds(bench, change)
    assert told[-3:] == ["change.succeeded", "change.verifying", "change.rolled_back"]
    lines = [line.step for line in await road(bench, change)]
    assert lines.index("harm") < lines.index("decide")


async def test_packets_that_the_device_drops_since_take_it_back(bench: Workbench) -> None:
    counters = {"PacketsSent": 1000, "DiscardPacketsSent": 0}
    bench.tree.update({ParameterPath(STATS + leaf): str(n) for leaf, n in counters.items()})
    await bench.executor.read(bench.device, [ParameterPath("Device.")])
    change = await bench.approved(bench.proposal(effect=promise()))

    def life(number: int) -> None:
        counters["PacketsSent"] += 10_000
        counters["DiscardPacketsSent"] += 900 * bool(written(bench))
        bench.tree.update({ParameterPath(STATS + leaf): str(n) for leaf, n in counters.items()})

    end = await go_on(bench, change, Next(Step.BEGIN), life)

    assert end.state is State.ROLLED_BACK
    assert "the device drops" in end.reason
    assert written(bench) == ["11", "6"]


async def test_nothing_is_read_but_the_signs_and_what_the_plan_is_about(bench: Workbench) -> None:
    watched = Watched(bench.executor)
    bench.execution = Execution(replace(bench.execution.parts, executor=watched))
    change = await bench.approved(bench.proposal(effect=promise()))

    await until(bench, change, Step.VERIFY)
    before_the_write = len(watched.reads)
    await bench.run(change.id)

    assert before_the_write == 1  # nothing is counted here, so one reading says it all
    assert WAN in watched.reads[0]
    whole = {path for read in watched.reads for path in read if path.endswith(".")}
    assert whole <= {"Device.WiFi.Radio.1."}
    guarded = {*watched.reads[-1]} - {CHANNEL}
    assert {template_of(path) for path in guarded} <= TEMPLATES | CONTEXT
    assert not any("Hosts" in path for read in watched.reads for path in read)


async def test_a_run_that_was_killed_keeps_the_signs_from_before_the_write(
    bench: Workbench,
) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    now = await until(bench, change, Step.GUARD)
    bench.tree[WAN] = "Down"
    now = await bench.execution.take(change.id, now)
    bench.clock.advance(600)
    bench.execution = Execution(bench.execution.parts)  # another process, and it begins anew

    end = await bench.run(change.id)

    assert end.state is State.ROLLED_BACK
    assert written(bench) == ["11", "6"]
    assert [line.step for line in await road(bench, change)].count("harm") == 1


async def test_a_run_killed_between_the_decision_and_the_way_back_goes_back(
    bench: Workbench,
) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    now = await until(bench, change, Step.GUARD)
    bench.tree[WAN] = "Down"
    while (await bench.ledger.get(change.id)).state is State.SUCCEEDED:
        last, now = now, await bench.execution.take(change.id, now)
        bench.clock.advance(now.after)
    assert written(bench) == ["11"]

    again = await bench.execution.take(change.id, last)  # nobody wrote down that it was done

    assert again.step is Step.ROLL_BACK
    assert (await go_on(bench, change, again)).state is State.ROLLED_BACK


async def test_no_answer_is_no_proof_that_all_is_well(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    now = await until(bench, change, Step.GUARD)
    bench.world.silent.add(bench.device.id)

    await go_on(bench, change, now)

    assert bench.paged == [
        "the device does not answer, so nobody knows whether the change did harm"
    ]
    assert written(bench) == ["11"]
    assert "nothing else got worse" not in [line.detail for line in await road(bench, change)]


async def test_a_later_change_is_not_undone_with_an_earlier_one(bench: Workbench) -> None:
    first = await bench.approved(bench.proposal(effect=promise()))
    now = await until(bench, first, Step.GUARD)
    second = await bench.approved(bench.proposal([to_channel("1", before="11")], case="cas_2"))
    await until(bench, second, Step.GUARD)
    bench.tree[WAN] = "Down"

    end = await go_on(bench, first, now)

    assert end.state is State.SUCCEEDED
    assert (await bench.run(second.id)).state is State.ROLLED_BACK
    assert bench.tree[CHANNEL] == "11"


async def test_what_somebody_else_set_since_is_not_touched(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    now = await until(bench, change, Step.GUARD)
    bench.tree.update({CHANNEL: "3", WAN: "Down"})

    end = await go_on(bench, change, now)

    assert end.state is State.SUCCEEDED
    assert bench.tree[CHANNEL] == "3"


async def test_a_guard_that_is_switched_off_reads_and_watches_nothing_more(store: Store) -> None:
    bench = await workbench(store)
    bench.tree[WAN] = "Up"
    await bench.executor.read(bench.device, [ParameterPath("Device.")])
    watched = Watched(bench.executor)
    bench.execution = Execution(replace(bench.execution.parts, executor=watched))
    change = await bench.approved()

    assert (await bench.run(change.id)).state is State.SUCCEEDED
    assert all(WAN not in read for read in watched.reads)
