"""A device moves to another controller, and back, by a change like any other."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from brain.datamodel.managing import MANAGED_BY
from brain.domain.change import SetParameter
from brain.domain.controller import GENIEACS, OWN_USP
from brain.domain.device import ControllerName
from brain.domain.errors import InvalidPlan
from brain.domain.history import EventKind, Window
from brain.domain.identity import DeviceId, Principal, PrincipalId, PrincipalKind, Role
from brain.domain.life import State
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.ports import Executor
from brain.history.timeline import timeline
from brain.store.store import Store
from evals.workbench import CHANNEL, TENANT, Workbench, to_channel, workbench
from executors.by_controller import ByController
from executors.execution import Execution
from executors.moving import Moving
from executors.simulated import MemoryWorld

SERIAL = ParameterPath("Device.DeviceInfo.SerialNumber")


@pytest.fixture
async def bench(store: Store) -> Workbench:
    """One home that speaks both protocols; over USP it is in a world of its own, so that what was
    written there can be told from what was written over CWMP."""
    made = await workbench(store)
    made.tree[SERIAL] = made.device.serial
    return made


def over(to: str) -> SetParameter:
    return SetParameter(path=MANAGED_BY, type=ParameterType.STRING, before="acs", after=to)


def both(
    bench: Workbench, *, usp: bool = True, kind: type[MemoryWorld] = MemoryWorld
) -> MemoryWorld:
    """Has the bench act over both protocols. The world that is reached over USP."""
    there = kind({bench.device.id: dict(bench.tree)})
    on_usp = replace(bench.executor, world=there, capabilities=OWN_USP)
    executors: dict[ControllerName, Executor] = {ControllerName.ACS: bench.executor}
    if usp:
        executors[ControllerName.USP] = on_usp
    moving = Moving(store=bench.store, permits=bench.executor.permits, clock=bench.clock)
    executor = ByController(executors, moving)
    bench.execution = Execution(replace(bench.execution.parts, executor=executor))
    return there


async def managed_over(bench: Workbench) -> ControllerName:
    async with bench.store.read() as tx:
        device = await tx.devices.get(TENANT, bench.device.id)
    assert device is not None
    return device.controller


async def moved(bench: Workbench, to: str) -> State:
    change = await bench.approved(bench.proposal([over(to)], case=f"to {to}"))
    return (await bench.run(change.id)).state


async def test_it_moves_when_another_person_approved_it_and_nothing_is_sent_to_it(
    bench: Workbench,
) -> None:
    there = both(bench)
    change = await bench.submit(bench.proposal([over("usp")]))
    assert change.state is State.AWAITING_APPROVAL
    assert await managed_over(bench) is ControllerName.ACS

    await bench.approve(change)
    end = await bench.run(change.id)

    assert end.state is State.SUCCEEDED, end.reason
    assert await managed_over(bench) is ControllerName.USP
    assert (bench.world.writes, there.writes) == ([], [])


async def test_from_then_on_the_other_controller_acts_on_it_and_it_can_be_moved_back(
    bench: Workbench,
) -> None:
    there = both(bench)
    assert await moved(bench, "usp") is State.SUCCEEDED

    change = await bench.approved(bench.proposal([to_channel("11")], case="cas_2"))
    assert (await bench.run(change.id)).state is State.SUCCEEDED
    assert [path for _, path, _ in there.writes] == [CHANNEL]
    assert bench.world.writes == []

    assert await moved(bench, "acs") is State.SUCCEEDED
    assert await managed_over(bench) is ControllerName.ACS


async def test_its_timeline_tells_of_the_move_and_what_was_before_is_there_still(
    bench: Workbench,
) -> None:
    both(bench)
    change = await bench.approved(bench.proposal([to_channel("11")], case="cas_0"))
    await bench.run(change.id)
    await moved(bench, "usp")

    async with bench.store.read() as tx:
        events = await timeline(tx, TENANT, bench.device.id, Window(limit=50))
    applied = [each.path for each in events if each.kind is EventKind.CHANGE_APPLIED]
    assert applied == [MANAGED_BY, CHANNEL]


@pytest.mark.parametrize("why", ["silent", "another", "nobody"])
async def test_it_stays_where_it_is_when_it_is_not_reached_there(
    bench: Workbench, why: str
) -> None:
    there = both(bench, usp=why != "nobody")
    if why == "silent":
        there.silent.add(bench.device.id)
    there.devices[bench.device.id][SERIAL] = "77" if why == "another" else bench.device.serial

    change = await bench.approved(bench.proposal([over("usp")]))
    end = await bench.run(change.id)

    assert end.state is State.FAILED
    assert {
        "silent": "does not answer",
        "another": "another device",
        "nobody": "there is no usp here",
    }[why] in end.reason
    assert await managed_over(bench) is ControllerName.ACS


async def test_a_machine_moves_nothing(bench: Workbench) -> None:
    both(bench)
    job = Principal(
        id=PrincipalId("job"),
        tenant=TENANT,
        kind=PrincipalKind.MACHINE,
        roles=frozenset({Role.SUPPORT}),
    )
    async with bench.store.begin() as tx:
        await tx.principals.put(job, job.id)
    proposal = replace(bench.proposal([over("usp")]), asked_by=job.id)

    record = await bench.ledger.submit(proposal, job)

    assert record.state is State.DENIED
    assert "controllers.machine" in {each.code for each in record.verdict.findings}
    assert await managed_over(bench) is ControllerName.ACS


async def test_nothing_else_is_changed_in_the_plan_that_moves_it(bench: Workbench) -> None:
    both(bench)
    with pytest.raises(InvalidPlan, match="plan of its own"):
        await bench.submit(bench.proposal([over("usp"), to_channel("11")]))


async def test_who_moved_it_meanwhile_is_not_overruled(bench: Workbench, store: Store) -> None:
    both(bench)
    change = await bench.approved(bench.proposal([over("usp")]))
    async with store.begin() as tx:
        held = await tx.devices.hold([bench.device.id])
        await tx.devices.put(replace(held[bench.device.id], controller=ControllerName.USP))

    end = await bench.run(change.id)

    assert end.state is not State.SUCCEEDED
    assert await managed_over(bench) is ControllerName.USP


class OneAnswer(MemoryWorld):
    """Is reached once, and then no more."""

    def values(self, device: DeviceId) -> Mapping[ParameterPath, str]:
        found = super().values(device)
        self.silent.add(device)
        return found


async def test_a_controller_that_is_silent_once_it_has_the_device_does_not_keep_it(
    bench: Workbench,
) -> None:
    both(bench, kind=OneAnswer)

    change = await bench.approved(bench.proposal([over("usp")]))
    end = await bench.run(change.id)

    assert end.state is State.FAILED
    assert "does not answer usp" in end.reason
    assert await managed_over(bench) is ControllerName.ACS


async def test_from_a_controller_that_reaches_it_no_more_it_is_moved_back(bench: Workbench) -> None:
    there = both(bench)
    assert await moved(bench, "usp") is State.SUCCEEDED
    there.silent.add(bench.device.id)

    assert await moved(bench, "acs") is State.SUCCEEDED
    assert await managed_over(bench) is ControllerName.ACS


async def test_a_device_that_no_controller_reaches_is_not_moved(bench: Workbench) -> None:
    there = both(bench)
    change = await bench.approved(bench.proposal([over("usp")]))
    there.silent.add(bench.device.id)
    bench.world.silent.add(bench.device.id)

    end = await bench.run(change.id, most=3000)

    assert end.state is State.FAILED
    assert await managed_over(bench) is ControllerName.ACS


async def test_controllers_that_speak_one_protocol_are_told_apart(bench: Workbench) -> None:
    there = MemoryWorld({bench.device.id: dict(bench.tree)})
    genie = replace(bench.executor, world=there, capabilities=GENIEACS)
    moving = Moving(store=bench.store, permits=bench.executor.permits, clock=bench.clock)
    both_of_cwmp = {ControllerName.ACS: bench.executor, ControllerName.GENIEACS: genie}
    executor = ByController(both_of_cwmp, moving)
    bench.execution = Execution(replace(bench.execution.parts, executor=executor))

    assert await moved(bench, "genieacs") is State.SUCCEEDED
    change = await bench.approved(bench.proposal([to_channel("11")], case="cas_2"))
    assert (await bench.run(change.id)).state is State.SUCCEEDED

    assert [path for _, path, _ in there.writes] == [CHANNEL]
    assert bench.world.writes == []
