"""What every executor must do, whichever controller it works through.

A suite of an executor is a class that inherits ``ExecutorContract`` and gives a ``rig``: the
executor with one virtual home behind its controller. What is asserted is what the home holds, and
never what a controller says of it.
"""

from abc import ABC, abstractmethod
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from brain.domain.change import AddObject, Change, Command, DeleteObject, Plan, SetParameter
from brain.domain.device import Device
from brain.domain.errors import DeviceUnreachable, Halted, PermitRefused
from brain.domain.identity import ChangeId, PermitId, TenantId
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.permit import Permit
from brain.domain.ports import Clock, Executor
from brain.store.store import Store
from evals.homes.build import build
from evals.homes.faults import Loss
from evals.homes.home import Home
from evals.homes.inventory import device_of
from tests.executors.soon import soon

T = TypeVar("T")
TENANT = TenantId("default")
CHANGE = ChangeId("chg_00000000000000000000000001")
RADIO = "Device.WiFi.Radio.1."
CHANNEL = ParameterPath(RADIO + "Channel")
POWER = ParameterPath(RADIO + "TransmitPower")
PASSPHRASE = ParameterPath("Device.WiFi.AccessPoint.1.Security.KeyPassphrase")
GHOST = ParameterPath("Device.WiFi.Radio.9.Channel")
MAPPINGS = ParameterPath("Device.NAT.PortMapping.")
REBOOT = ParameterPath("Device.Reboot()")


@dataclass
class Permits:
    """Takes each permit once, or none."""

    refusal: str = ""
    spent: list[Permit] = field(default_factory=list)
    halted: bool = False

    async def spend(self, permit: Permit, device: Device, plan: Plan) -> None:
        if self.refusal or permit in self.spent:
            raise PermitRefused(self.refusal or "the permit was used already")
        self.spent.append(permit)

    async def still(self, permit: Permit) -> None:
        if self.halted:
            raise Halted("changes were halted")


def one_home(clock: Clock, model: str = "brightmoor-hearth6") -> tuple[Home, Device]:
    """A home, one that speaks TR-181 unless its make does not, and how the inventory knows it."""
    world = build({"world": {"model": model}}, seed=7)
    home = world.home
    home.clock = clock
    home.started = clock() - timedelta(hours=5)
    device = replace(device_of(world.residents[0]), tenant=TENANT, access_node=None)
    return home, device


class Rig(ABC):
    """An executor, the home behind it, and hands on both."""

    executor: Executor
    home: Home
    device: Device
    clock: Any
    permits: Permits
    store: Store
    invalid_value = "9007"
    """How the protocol numbers it (TR-069 A.5.2)."""

    @abstractmethod
    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do this while the device does as it would: come when it is called."""

    @abstractmethod
    async def calls(self) -> None:
        """The device calls by itself, as it does now and then; nothing where none ever does."""

    def holds(self, path: str) -> str | None:
        """What the device itself holds, whatever it shows."""
        return self.home.tree.read(path) if path in self.home.tree.parameters else None

    def away(self) -> None:
        """From now on it does not come."""
        self.home.faults.deaf = True

    def back(self) -> None:
        """It is there again."""
        self.home.faults.deaf = False

    def permit(self, plan: Plan) -> Permit:
        return Permit(
            id=PermitId(f"prm_{len(self.permits.spent)}"),
            tenant=self.device.tenant,
            change=CHANGE,
            device=self.device.id,
            plan_digest=plan.digest,
            policy_revision="r1",
            fence=1,
            minted_at=self.clock(),
            expires_at=self.clock() + timedelta(minutes=5),
        )

    async def apply(self, plan: Plan, permit: Permit | None = None) -> Outcome:
        leave = permit or self.permit(plan)
        return await self.run(self.executor.apply(self.device, plan, leave))

    async def read(self, *paths: str) -> dict[ParameterPath, str]:
        snapshot = await self.run(
            self.executor.read(self.device, [ParameterPath(p) for p in paths])
        )
        return dict(snapshot.values)

    async def known(self) -> Device:
        """The device as the store has it."""
        async with self.store.read() as tx:
            found = await tx.devices.find(self.device.id)
        assert found is not None
        return found

    def plan(self, *changes: Change) -> Plan:
        return Plan(device=self.device.id, changes=changes)

    def set(self, path: ParameterPath, after: str) -> SetParameter:
        parameter = self.home.tree.parameters.get(path)
        return SetParameter(
            path=path,
            type=parameter.type if parameter else ParameterType.UNSIGNED_INT,
            before=self.holds(path) or "",
            after=after,
            secret=bool(parameter and parameter.secret),
        )

    @property
    def to_eleven(self) -> Plan:
        """The radio to channel 11, where it is not yet."""
        return self.plan(self.set(CHANNEL, "11"))


class ExecutorContract:
    """The suite. ``rig`` is the subclass's."""

    async def test_what_is_read_is_what_the_device_holds_now(self, rig: Rig) -> None:
        await rig.read(CHANNEL)
        rig.home.tree.put(CHANNEL, "4")

        assert await rig.read(CHANNEL) == {CHANNEL: "4"}

    async def test_what_the_device_does_not_have_is_absent_and_not_empty(self, rig: Rig) -> None:
        assert set(await rig.read(CHANNEL, GHOST)) == {CHANNEL}

    async def test_an_object_is_read_whole(self, rig: Rig) -> None:
        said = await rig.read(RADIO)

        assert {CHANNEL, POWER} <= set(said)
        assert all(path.startswith(RADIO) for path in said)

    async def test_a_secret_reads_back_empty(self, rig: Rig) -> None:
        assert (await rig.read(PASSPHRASE))[PASSPHRASE] == ""
        assert rig.holds(PASSPHRASE)

    async def test_reading_changes_nothing(self, rig: Rig) -> None:
        before = {path: rig.holds(path) for path in (CHANNEL, POWER, PASSPHRASE)}

        await rig.read(RADIO)

        assert {path: rig.holds(path) for path in before} == before
        assert rig.permits.spent == []

    async def test_what_was_read_is_kept_with_when_the_device_was_there(self, rig: Rig) -> None:
        rig.clock.advance(minutes=7)
        asked = rig.clock()

        await rig.read(CHANNEL)

        async with rig.store.read() as tx:
            kept = await tx.snapshots.latest(rig.device.tenant, rig.device.id)
        assert kept is not None
        assert kept.get(CHANNEL) == rig.holds(CHANNEL)
        seen = (await rig.known()).last_seen
        assert seen is not None
        assert asked <= seen <= rig.clock()

    async def test_a_device_that_does_not_come_was_not_seen(self, rig: Rig) -> None:
        await rig.read(CHANNEL)
        seen = (await rig.known()).last_seen
        rig.away()
        rig.clock.advance(minutes=7)

        with pytest.raises(DeviceUnreachable):
            await rig.read(CHANNEL)

        assert (await rig.known()).last_seen == seen

    async def test_a_plan_under_a_permit_is_applied_and_reads_back(self, rig: Rig) -> None:
        plan = rig.to_eleven

        outcome = await rig.apply(plan)

        assert (outcome.progress, rig.holds(CHANNEL)) == (Progress.APPLIED, "11")
        assert await rig.read(CHANNEL) == {CHANNEL: "11"}
        assert [each.plan_digest for each in rig.permits.spent] == [plan.digest]

    async def test_several_parameters_are_set_by_one_plan(self, rig: Rig) -> None:
        outcome = await rig.apply(rig.plan(rig.set(CHANNEL, "11"), rig.set(POWER, "50")))

        assert outcome.progress is Progress.APPLIED
        assert (rig.holds(CHANNEL), rig.holds(POWER)) == ("11", "50")

    async def test_what_somebody_at_the_box_changed_since_is_written_over(self, rig: Rig) -> None:
        """A controller's memory of the device is not the device."""
        await rig.read(CHANNEL)
        plan = rig.plan(rig.set(CHANNEL, rig.holds(CHANNEL) or ""))
        rig.home.tree.put(CHANNEL, "4")

        outcome = await rig.apply(plan)

        assert outcome.progress is Progress.APPLIED
        assert rig.holds(CHANNEL) == plan.sets[0].after

    async def test_without_a_permit_nothing_is_sent(self, rig: Rig) -> None:
        before = rig.holds(CHANNEL)
        rig.permits.refusal = "no permit for this plan"

        with pytest.raises(PermitRefused):
            await rig.apply(rig.to_eleven)
        await rig.calls()

        assert rig.holds(CHANNEL) == before

    async def test_a_permit_that_was_used_sends_nothing(self, rig: Rig) -> None:
        plan = rig.to_eleven
        leave = rig.permit(plan)
        await rig.apply(plan, leave)
        rig.home.tree.put(CHANNEL, "4")

        with pytest.raises(PermitRefused):
            await rig.apply(plan, leave)
        await rig.calls()

        assert rig.holds(CHANNEL) == "4"

    async def test_a_device_that_does_not_come_is_never_sent_the_plan(self, rig: Rig) -> None:
        before = rig.holds(CHANNEL)
        rig.away()

        with pytest.raises(DeviceUnreachable):
            await rig.apply(rig.to_eleven)
        rig.back()
        await rig.calls()

        assert rig.holds(CHANNEL) == before

    async def test_a_refusal_names_its_fault_and_changes_nothing(self, rig: Rig) -> None:
        before = rig.holds(CHANNEL)
        rig.home.faults.refuse_sets = 9007

        outcome = await rig.apply(rig.to_eleven)
        await rig.calls()

        assert (outcome.progress, outcome.fault) == (Progress.REFUSED, rig.invalid_value)
        assert rig.holds(CHANNEL) == before

    async def test_half_a_plan_is_never_called_applied(self, rig: Rig) -> None:
        before = rig.holds(CHANNEL)

        outcome = await rig.apply(rig.plan(rig.set(CHANNEL, "11"), rig.set(GHOST, "11")))
        await rig.calls()

        assert outcome.progress is Progress.REFUSED
        assert rig.holds(CHANNEL) == before

    @pytest.mark.parametrize("when", [Loss.BEFORE, Loss.AFTER])
    async def test_no_answer_is_never_a_success(self, rig: Rig, when: Loss) -> None:
        rig.home.faults.lose_line = when

        outcome = await rig.apply(rig.to_eleven)

        assert outcome.progress is Progress.UNKNOWN

    async def test_what_is_as_wanted_already_stays_so(self, rig: Rig) -> None:
        plan = rig.to_eleven
        await rig.apply(plan)

        again = await rig.apply(plan)

        assert again.progress is Progress.APPLIED
        assert rig.holds(CHANNEL) == "11"

    async def test_the_way_back_is_a_plan_like_any_other(self, rig: Rig) -> None:
        before = rig.holds(CHANNEL)
        plan = rig.to_eleven
        await rig.apply(plan)
        back = plan.rollback()
        assert back is not None

        outcome = await rig.apply(back)

        assert (outcome.progress, rig.holds(CHANNEL)) == (Progress.APPLIED, before)

    async def test_a_device_starts_anew_when_it_is_told_to(self, rig: Rig) -> None:
        rig.clock.advance(minutes=7)
        told = rig.clock()

        outcome = await rig.apply(rig.plan(Command(path=REBOOT)))

        assert outcome.progress is Progress.APPLIED
        await soon(lambda: rig.home.started >= told)  # it answers first

    async def test_a_command_that_nobody_knows_is_refused(self, rig: Rig) -> None:
        started = rig.home.started

        outcome = await rig.apply(rig.plan(Command(path=ParameterPath("Device.SelfTest()"))))

        assert outcome.progress is Progress.REFUSED
        assert rig.home.started == started

    async def test_a_row_comes_with_its_values_and_goes_again(self, rig: Rig) -> None:
        before = rig.home.tree.rows(MAPPINGS)
        values = (("ExternalPort", "8080"), ("InternalPort", "80"))

        added = await rig.apply(rig.plan(AddObject(path=MAPPINGS, values=values)))

        (row,) = {*rig.home.tree.rows(MAPPINGS)} - {*before}
        assert added.progress is Progress.APPLIED
        assert rig.holds(f"{MAPPINGS}{row}.ExternalPort") == "8080"
        gone = await rig.apply(rig.plan(DeleteObject(path=ParameterPath(f"{MAPPINGS}{row}."))))
        assert gone.progress is Progress.APPLIED
        assert rig.home.tree.rows(MAPPINGS) == before

    async def test_a_row_that_is_not_there_cannot_go(self, rig: Rig) -> None:
        before = rig.home.tree.rows(MAPPINGS)

        outcome = await rig.apply(rig.plan(DeleteObject(path=ParameterPath(f"{MAPPINGS}99."))))

        assert outcome.progress is Progress.REFUSED
        assert rig.home.tree.rows(MAPPINGS) == before

    async def test_no_outcome_repeats_a_secret(self, rig: Rig) -> None:
        outcomes = []
        for code in (0, 9007):
            rig.home.faults.refuse_sets = code
            outcomes.append(await rig.apply(rig.plan(rig.set(PASSPHRASE, "hush-hush-42"))))

        assert not any("hush-hush" in repr(each) for each in outcomes)

    async def test_what_a_controller_cannot_promise_is_said(self, rig: Rig) -> None:
        assert rig.executor.capabilities.kind
