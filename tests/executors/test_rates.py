"""Changes around one device are counted: no two slip under a limit, and none waits for ever."""

import asyncio
from dataclasses import replace

import pytest

from brain.domain.canonical import Json
from brain.domain.device import Device, Subscriber
from brain.domain.errors import Conflict
from brain.domain.identity import ChangeId, DeviceId, NodeId, SubscriberId
from brain.domain.life import State
from brain.domain.parameter import ParameterPath
from brain.domain.record import ChangeRecord
from brain.domain.topology import AccessNode, NodeKind
from brain.domain.verdict import Point
from brain.store.store import Store
from evals.workbench import CHANNEL, UTILISATION, Workbench, promise, shipped, workbench
from executors.steps import Next, Step

pytestmark = pytest.mark.slow

PORT, SPLITTER, OLT = NodeId("port-1"), NodeId("splitter-1"), NodeId("olt-1")


def at_once(scope: str, number: int) -> dict[str, Json]:
    return {"pace": {scope: {"under_way": number, "last_hour": 100000}}}


def an_hour(scope: str, number: int) -> dict[str, Json]:
    return {"pace": {scope: {"under_way": 100, "last_hour": number}}}


async def street(store: Store, numbers: dict[str, Json], homes: int) -> Workbench:
    """So many homes on one splitter of one port, each with a device like the first."""
    bench = await workbench(store, bundle=shipped().with_numbers(numbers))
    tenant = bench.device.tenant
    async with store.begin() as tx:
        for node, kind, parent in (
            (OLT, NodeKind.OLT, None),
            (PORT, NodeKind.PORT, OLT),
            (SPLITTER, NodeKind.SPLITTER, PORT),
        ):
            await tx.nodes.put(
                AccessNode(id=node, tenant=tenant, kind=kind, name=node, parent=parent)
            )
        for number in range(1, homes + 1):
            await tx.devices.put(home(bench, number))
    for number in range(1, homes + 1):
        bench.world.devices[home(bench, number).id] = dict(bench.tree)
        await bench.executor.read(home(bench, number), [ParameterPath("Device.")])
    return bench


def home(bench: Workbench, number: int) -> Device:
    return replace(
        bench.device,
        id=DeviceId(f"00D09E-G1-home{number}"),
        serial=f"home{number}",
        access_node=SPLITTER,
    )


async def approved(bench: Workbench, number: int, **but: object) -> ChangeRecord:
    proposal = bench.proposal(case=f"cas_{number}", **but)  # type: ignore[arg-type]  # its fields
    return await bench.approved(replace(proposal, device=home(bench, number).id))


async def upto(bench: Workbench, change: ChangeId, step: Step) -> Next:
    now = Next(Step.BEGIN)
    for _ in range(20):
        now = await bench.execution.take(change, now)
        if now.step is step:
            return now
    raise AssertionError(now)


def written(bench: Workbench) -> int:
    return len([path for _, path, _ in bench.world.writes if path == CHANNEL])


@pytest.mark.parametrize("scope", ["port", "olt", "model", "tenant"])
async def test_one_waits_while_another_is_under_way(store: Store, scope: str) -> None:
    bench = await street(store, at_once(scope, 1), 2)
    first, second = await approved(bench, 1, effect=promise()), await approved(bench, 2)
    bench.world.devices[home(bench, 1).id][UTILISATION] = "90"
    await upto(bench, first.id, Step.WATCH)

    await bench.execution.take(second.id, Next(Step.BEGIN))
    waiting = await bench.ledger.get(second.id)
    assert (waiting.state, written(bench)) == (State.APPROVED, 1)
    assert f"under way on its {scope} already (1, of at most 1)" in waiting.reason

    assert (await bench.run(first.id)).state is State.SUCCEEDED
    assert (await bench.run(second.id)).state is State.SUCCEEDED


async def test_a_device_that_fell_silent_after_the_write_does_not_free_its_place(
    store: Store,
) -> None:
    bench = await street(store, at_once("port", 1), 2)
    first = await approved(bench, 1, effect=promise())
    await upto(bench, first.id, Step.WATCH)
    bench.world.silent.add(home(bench, 1).id)
    bench.clock.advance(3600)
    await bench.execution.take(first.id, Next(Step.WATCH))
    assert (await bench.ledger.get(first.id)).state is State.UNKNOWN
    await bench.executor.read(home(bench, 2), [ParameterPath("Device.")])
    second = await approved(bench, 2)

    await bench.execution.take(second.id, Next(Step.BEGIN))

    waiting = await bench.ledger.get(second.id)
    assert (waiting.state, written(bench)) == (State.APPROVED, 1)
    assert "under way on its port already" in waiting.reason


async def test_devices_that_nobody_entered_a_place_for_share_one_limit(store: Store) -> None:
    bench = await street(store, at_once("unplaced", 1), 2)
    async with store.begin() as tx:
        for number in (1, 2):
            await tx.devices.put(replace(home(bench, number), access_node=None))
    first, second = await approved(bench, 1, effect=promise()), await approved(bench, 2)
    await upto(bench, first.id, Step.WATCH)

    await bench.execution.take(second.id, Next(Step.BEGIN))

    waiting = await bench.ledger.get(second.id)
    assert (waiting.state, written(bench)) == (State.APPROVED, 1)
    assert "under way on its unknown place already" in waiting.reason


@pytest.mark.parametrize("scope", ["port", "olt", "model", "tenant", "device"])
async def test_the_next_waits_until_the_hour_has_passed(store: Store, scope: str) -> None:
    bench = await street(store, an_hour(scope, 1), 2)
    other = 1 if scope == "device" else 2
    first = await approved(bench, 1)
    await bench.run(first.id)
    bench.world.devices[home(bench, 1).id][CHANNEL] = "6"
    await bench.executor.read(home(bench, 1), [ParameterPath("Device.")])
    began = bench.clock()
    second = await approved(bench, other, effect=promise())
    await bench.execution.take(second.id, Next(Step.BEGIN))
    waiting = await bench.ledger.get(second.id)

    assert (waiting.state, written(bench)) == (State.APPROVED, 1)
    assert f"begun on its {scope} within the last hour (1, of at most 1)" in waiting.reason
    assert (await bench.run(second.id)).state is State.EXPIRED  # its clock is half an hour
    assert written(bench) == 1

    bench.clock.now = began.replace(hour=began.hour + 1)
    third = await approved(bench, other)
    assert (await bench.run(third.id)).state is State.SUCCEEDED


async def test_of_many_that_were_judged_at_one_moment_no_more_begin_than_may(
    store: Store,
) -> None:
    bench = await street(store, at_once("port", 2), 6)
    changes = [await approved(bench, number, effect=promise()) for number in range(1, 7)]
    judged = []
    for change in changes:
        await upto(bench, change.id, Step.CARRY_OUT)
        record = await bench.ledger.get(change.id)
        judged.append((record, await bench.ledger.rejudge(record, Point.EXECUTE)))
    assert all(not verdict.passes for _, verdict in judged)

    await asyncio.gather(
        *(bench.execution.take(record.id, Next(Step.CARRY_OUT)) for record, _ in judged)
    )

    assert written(bench) == 2


async def test_all_of_a_crowd_come_through_one_by_one(store: Store) -> None:
    bench = await street(store, at_once("port", 1), 5)
    changes = [await approved(bench, number) for number in range(1, 6)]
    runs = {change.id: Next(Step.BEGIN) for change in changes}
    for _ in range(60):
        for change in [each for each, now in runs.items() if now.step is not Step.DONE]:
            runs[change] = await bench.execution.take(change, runs[change])
        bench.clock.advance(5)

    ends = [(await bench.ledger.get(change.id)).state for change in changes]
    assert ends == [State.SUCCEEDED] * 5
    assert written(bench) == 5


async def test_a_verdict_without_limits_lets_nobody_begin(store: Store) -> None:
    bench = await street(store, {}, 1)
    change = await approved(bench, 1)
    await upto(bench, change.id, Step.CARRY_OUT)
    record = await bench.ledger.get(change.id)

    async with store.begin() as tx:
        with pytest.raises(Conflict, match="no room on its device"):
            await bench.ledger.take_turn(tx, record, record.verdict)


async def test_taking_back_is_held_up_by_nobody(store: Store) -> None:
    bench = await street(store, an_hour("port", 2), 2)
    first, second = await approved(bench, 1, effect=promise()), await approved(bench, 2)
    bench.world.devices[home(bench, 1).id][UTILISATION] = "230"
    await upto(bench, first.id, Step.WATCH)
    await bench.run(second.id)

    end = await bench.run(first.id)

    assert end.state is State.ROLLED_BACK


async def test_policy_is_told_what_the_subscriber_pays_for(store: Store) -> None:
    bench = await workbench(store)
    tenant = bench.device.tenant
    known = Subscriber(id=SubscriberId("sub-1"), tenant=tenant, name="A. Moreau", plan="fibre-500")
    async with store.begin() as tx:
        await tx.subscribers.put(known)
        await tx.devices.put(replace(bench.device, subscriber=known.id))

    record = await bench.submit()

    async with store.read() as tx:
        (logged, *_) = await tx.verdicts.list(tenant, since=record.created_at)
    assert isinstance(logged.input, dict)
    assert logged.input["service_plan"] == "fibre-500"
    assert "Moreau" not in str(logged.input)
