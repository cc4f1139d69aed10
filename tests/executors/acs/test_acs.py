"""The executor and the server together: devices come, are read, are written to, and are kept."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from brain.domain.change import AddObject, Command, DeleteObject, Plan, SetParameter
from brain.domain.device import Device
from brain.domain.errors import ControllerRefused, DeviceUnreachable, PermitRefused
from brain.domain.history import EventKind
from brain.domain.identity import ChangeId, DeviceId, PermitId, TenantId
from brain.domain.outcome import Progress
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.permit import Permit
from brain.domain.ports import Clock, NewId
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.acs import Acs
from executors.acs.options import AcsOptions

Connect = Callable[..., Any]  # the fixture of conftest, which tests cannot import
DEVICE = DeviceId("001122-Box-S1")
TENANT = TenantId("default")
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
BAND = ParameterPath("Device.WiFi.Radio.1.OperatingFrequencyBand")
KEY = ParameterPath("Device.ManagementServer.ParameterKey")
TREE = {
    "Device.DeviceInfo.ModelName": "Box 5",
    "Device.DeviceInfo.SoftwareVersion": "1.0",
    "Device.ManagementServer.ConnectionRequestURL": "",
    KEY: "",
    CHANNEL: "01",
    BAND: "2.4GHz",
    "Device.WiFi.AccessPoint.1.Security.KeyPassphrase": "correct horse",
}
CHANGE = ChangeId("chg_00000000000000000000000001")
PLAN = Plan(
    device=DEVICE,
    changes=(SetParameter(path=CHANNEL, type=ParameterType.UNSIGNED_INT, before="1", after="11"),),
)


@dataclass
class Permits:
    """Takes every permit, or none."""

    refusal: str = ""
    spent: list[Permit] = field(default_factory=list)

    async def spend(self, permit: Permit, device: Device, plan: Plan) -> None:
        if self.refusal:
            raise PermitRefused(self.refusal)
        self.spent.append(permit)


@pytest.fixture
def permits() -> Permits:
    return Permits()


@pytest.fixture
async def acs(store: Store, clock: Clock, new_id: NewId, permits: Permits) -> AsyncIterator[Acs]:
    options = AcsOptions(
        tenant=TENANT,
        username="homes",
        password="let-me-in",
        connection_request_username="acs",
        connection_request_password="wake-up",
        wake_timeout=timedelta(seconds=0.6),
        linger=timedelta(seconds=0.05),
        batch=3,
    )
    made = Acs(store=store, permits=permits, clock=clock, new_id=new_id, options=options)
    yield made
    await made.close()


@pytest.fixture
async def home(acs: Acs, connect: Connect) -> Any:
    """A device that was here before and is known in full."""
    device = connect(acs.app, tree=dict(TREE))
    await device.session("0 BOOTSTRAP", "1 BOOT")
    await acs.settled()
    device.asked.clear()
    return device


async def known(store: Store) -> Device:
    async with store.read() as tx:
        found = await tx.devices.find(DEVICE)
    assert found is not None
    return found


def permit(clock: Clock, plan: Plan = PLAN) -> Permit:
    return Permit(
        id=PermitId("prm_1"),
        tenant=TENANT,
        change=CHANGE,
        device=DEVICE,
        plan_digest=plan.digest,
        policy_revision="r1",
        fence=1,
        minted_at=clock(),
        expires_at=clock() + timedelta(minutes=5),
    )


async def test_first_contact_enrols_the_device_and_discovers_all_of_it(
    acs: Acs, connect: Connect, store: Store, clock: Clock
) -> None:
    device = connect(acs.app, tree=dict(TREE))

    await device.session("0 BOOTSTRAP", "1 BOOT")
    await acs.settled()

    found = await known(store)
    assert (found.tenant, found.manufacturer, found.model) == (TENANT, "Acme", "Box 5")
    assert (found.firmware, found.last_seen) == ("1.0", clock())
    async with store.read() as tx:
        names = await tx.models.get(TENANT, DEVICE)
        snapshot = await tx.snapshots.latest(TENANT, DEVICE)
        events = await tx.events.of_device(TENANT, DEVICE)
    assert names is not None
    assert set(names) == set(TREE)
    assert snapshot is not None
    assert snapshot.get(CHANNEL) == "1"
    assert snapshot.writable[CHANNEL] is True
    assert snapshot.writable[BAND] is False
    assert {event.kind for event in events} == {EventKind.BOOT, EventKind.BOOTSTRAP}


async def test_a_passphrase_that_a_device_shows_is_not_kept(
    home: Any, acs: Acs, store: Store
) -> None:
    async with store.read() as tx:
        snapshot = await tx.snapshots.latest(TENANT, DEVICE)

    assert snapshot is not None
    assert snapshot.get("Device.WiFi.AccessPoint.1.Security.KeyPassphrase") == ""


async def test_a_device_that_is_known_is_not_discovered_again(home: Any, acs: Acs) -> None:
    await home.session("2 PERIODIC")

    assert home.asked == []


async def test_other_firmware_is_discovered_anew(home: Any, acs: Acs, store: Store) -> None:
    home.tree["Device.DeviceInfo.SoftwareVersion"] = "2.0"
    home.tree["Device.WiFi.Radio.2.Channel"] = "36"

    await home.session("1 BOOT")
    await acs.settled()

    assert (await known(store)).firmware == "2.0"
    async with store.read() as tx:
        assert await tx.models.firmware(TENANT, DEVICE) == "2.0"
        snapshot = await tx.snapshots.latest(TENANT, DEVICE)
    assert snapshot is not None
    assert snapshot.get("Device.WiFi.Radio.2.Channel") == "36"


async def test_a_reset_device_keeps_nothing_that_was_said_before(
    home: Any, acs: Acs, store: Store
) -> None:
    home.drop_on = m.GetParameterNames

    with pytest.raises(ConnectionResetError):
        await home.session("0 BOOTSTRAP")

    async with store.read() as tx:
        snapshot = await tx.snapshots.latest(TENANT, DEVICE)
    assert snapshot is not None
    assert snapshot.get(CHANNEL) is None
    assert snapshot.get("Device.DeviceInfo.SoftwareVersion") == "1.0"


async def test_a_registered_device_keeps_its_place(
    acs: Acs, connect: Connect, store: Store
) -> None:
    theirs = TenantId("other")
    registered = Device(
        id=DEVICE, tenant=theirs, oui="001122", product_class="Box", serial="S1", country="SE"
    )
    async with store.begin() as tx:
        await tx.devices.put(registered)

    await connect(acs.app, tree=dict(TREE)).session("1 BOOT")
    await acs.settled()

    found = await known(store)
    assert (found.tenant, found.country, found.firmware) == (theirs, "SE", "1.0")


async def test_reading_gives_canonical_values_and_leaves_out_what_is_not_there(
    home: Any, acs: Acs, store: Store
) -> None:
    paths = [CHANNEL, ParameterPath("Device.WiFi.Radio.9.Channel"), BAND, KEY]
    reading = asyncio.create_task(acs.read(await known(store), paths))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    snapshot = await reading
    assert snapshot.values == {CHANNEL: "1", BAND: "2.4GHz", KEY: ""}
    asked = [each.names for each in home.asked]
    assert max(len(names) for names in asked) == 3
    assert all(asked)


async def test_an_object_that_was_read_forgets_the_rows_that_are_gone(
    home: Any, acs: Acs, store: Store
) -> None:
    del home.tree[BAND]
    reading = asyncio.create_task(acs.read(await known(store), [ParameterPath("Device.WiFi.")]))
    await asyncio.sleep(0.01)
    await home.session("6 CONNECTION REQUEST")
    await reading

    async with store.read() as tx:
        snapshot = await tx.snapshots.latest(TENANT, DEVICE)

    assert snapshot is not None
    assert snapshot.get(BAND) is None
    assert snapshot.get(CHANNEL) == "1"


async def test_too_many_at_once_are_halved(home: Any, acs: Acs, store: Store) -> None:
    answer = home._values
    home.answers[m.GetParameterValues] = lambda asked: (
        m.Fault(9004) if len(asked.names) > 1 else answer(asked)
    )
    reading = asyncio.create_task(acs.read(await known(store), [CHANNEL, BAND, KEY]))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    assert (await reading).values == {CHANNEL: "1", BAND: "2.4GHz", KEY: ""}


async def test_a_device_that_will_not_say_is_not_taken_for_one_without(
    home: Any, acs: Acs, store: Store
) -> None:
    home.answers[m.GetParameterValues] = lambda _: m.Fault(9001)
    reading = asyncio.create_task(acs.read(await known(store), [CHANNEL]))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    with pytest.raises(ControllerRefused) as caught:
        await reading
    assert caught.value.fault == "9001"


async def test_a_device_that_does_not_come_cannot_be_read(
    home: Any, acs: Acs, store: Store
) -> None:
    with pytest.raises(DeviceUnreachable):
        await acs.read(await known(store), [CHANNEL])


async def test_a_plan_is_set_in_one_request_with_the_change_as_its_key(
    home: Any, acs: Acs, store: Store, clock: Clock, permits: Permits
) -> None:
    applying = asyncio.create_task(acs.apply(await known(store), PLAN, permit(clock)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    outcome = await applying
    assert outcome.progress is Progress.APPLIED
    assert not outcome.needs_reboot
    wanted = m.ParameterValue(CHANNEL, "11", "unsignedInt")
    assert home.asked == [m.SetParameterValues((wanted,), CHANGE)]
    assert [each.id for each in permits.spent] == ["prm_1"]


async def test_reading_back_in_the_same_session_shows_it(
    home: Any, acs: Acs, store: Store, clock: Clock
) -> None:
    async def write_and_read() -> str | None:
        device = await known(store)
        await acs.apply(device, PLAN, permit(clock))
        return (await acs.read(device, [CHANNEL, KEY])).get(CHANNEL)

    running = asyncio.create_task(write_and_read())
    await asyncio.sleep(0.01)
    await home.session("6 CONNECTION REQUEST")

    assert await running == "11"
    assert home.tree[KEY] == CHANGE


async def test_without_a_permit_the_device_is_not_even_woken(
    home: Any, acs: Acs, store: Store, clock: Clock, permits: Permits
) -> None:
    permits.refusal = "no permit for this plan"

    with pytest.raises(PermitRefused):
        await acs.apply(await known(store), PLAN, permit(clock))
    await home.session("2 PERIODIC")

    assert home.asked == []
    assert home.tree[CHANNEL] == "01"


async def test_a_device_that_does_not_come_is_never_sent_the_plan(
    home: Any, acs: Acs, store: Store, clock: Clock
) -> None:
    with pytest.raises(DeviceUnreachable):
        await acs.apply(await known(store), PLAN, permit(clock))

    await home.session("2 PERIODIC")

    assert home.asked == []
    assert home.tree[CHANNEL] == "01"


async def test_a_plan_is_not_handed_over_after_its_permit_has_run_out(
    home: Any, acs: Acs, store: Store, clock: Any
) -> None:
    leave = permit(clock)
    clock.advance(minutes=6)

    applying = asyncio.create_task(acs.apply(await known(store), PLAN, leave))
    await asyncio.sleep(0.01)
    await home.session("2 PERIODIC")

    with pytest.raises(DeviceUnreachable):
        await applying
    assert home.asked == []


async def test_a_device_that_hangs_up_on_a_write_leaves_it_unknown_and_gets_it_once(
    home: Any, acs: Acs, store: Store, clock: Clock
) -> None:
    home.drop_on = m.SetParameterValues
    applying = asyncio.create_task(acs.apply(await known(store), PLAN, permit(clock)))
    await asyncio.sleep(0.01)
    with pytest.raises(ConnectionResetError):
        await home.session("6 CONNECTION REQUEST")

    await home.session("1 BOOT")

    assert (await applying).progress is Progress.UNKNOWN
    assert len(home.asked) == 1


async def test_a_device_reset_meanwhile_is_not_sent_what_was_meant_for_it_before(
    home: Any, acs: Acs, store: Store, clock: Clock
) -> None:
    applying = asyncio.create_task(acs.apply(await known(store), PLAN, permit(clock)))
    await asyncio.sleep(0.01)

    await home.session("0 BOOTSTRAP", "1 BOOT")

    with pytest.raises(DeviceUnreachable):
        await applying
    assert not any(isinstance(each, m.SetParameterValues) for each in home.asked)


async def test_a_refusal_names_the_parameter_and_never_what_the_device_wrote(
    home: Any, acs: Acs, store: Store, clock: Clock
) -> None:
    home.answers[m.SetParameterValues] = lambda _: m.Fault(
        9003, "bad value 'secret'", (m.ParameterFault(CHANNEL, 9007, "secret is too short"),)
    )
    applying = asyncio.create_task(acs.apply(await known(store), PLAN, permit(clock)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    outcome = await applying
    assert (outcome.progress, outcome.fault) == (Progress.REFUSED, "9003")
    assert f"{CHANNEL}: 9007 invalid parameter value" in outcome.detail
    assert "secret" not in outcome.detail
    async with store.read() as tx:
        faults = await tx.events.of_device(TENANT, DEVICE, kinds=[EventKind.FAULT])
    assert [(each.path, each.value, each.detail) for each in faults] == [
        (CHANNEL, "9003", outcome.detail)
    ]


async def test_status_one_needs_a_reboot(home: Any, acs: Acs, store: Store, clock: Clock) -> None:
    home.answers[m.SetParameterValues] = lambda _: m.SetParameterValuesResponse(1)
    applying = asyncio.create_task(acs.apply(await known(store), PLAN, permit(clock)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    assert (await applying).needs_reboot


async def test_a_status_without_a_meaning_is_not_a_success(
    home: Any, acs: Acs, store: Store, clock: Clock
) -> None:
    home.answers[m.SetParameterValues] = lambda _: m.SetParameterValuesResponse(7)
    applying = asyncio.create_task(acs.apply(await known(store), PLAN, permit(clock)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    assert (await applying).progress is Progress.UNKNOWN


@pytest.mark.parametrize(
    ("path", "request_"),
    [("Device.Reboot()", m.Reboot(CHANGE)), ("Device.FactoryReset()", m.FactoryReset())],
)
async def test_a_command_has_a_request_of_its_own(
    home: Any, acs: Acs, store: Store, clock: Clock, path: str, request_: m.Request
) -> None:
    plan = Plan(device=DEVICE, changes=(Command(path=ParameterPath(path)),))
    home.answers[m.FactoryReset] = lambda _: m.FactoryResetResponse()
    applying = asyncio.create_task(acs.apply(await known(store), plan, permit(clock, plan)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    assert (await applying).progress is Progress.APPLIED
    assert home.asked == [request_]


async def test_a_command_that_cwmp_does_not_have_is_refused_and_not_sent(
    home: Any, acs: Acs, store: Store, clock: Clock
) -> None:
    plan = Plan(device=DEVICE, changes=(Command(path=ParameterPath("Device.SelfTest()")),))

    outcome = await acs.apply(await known(store), plan, permit(clock, plan))
    await home.session("2 PERIODIC")

    assert outcome.progress is Progress.REFUSED
    assert home.asked == []


TABLE = ParameterPath("Device.NAT.PortMapping.")


@pytest.mark.parametrize(
    ("setting", "asked", "progress"),
    [
        (m.SetParameterValuesResponse(0), 2, Progress.APPLIED),
        (m.Fault(9003), 3, Progress.REFUSED),
    ],
)
async def test_a_row_with_values_is_added_whole_or_taken_out_again(
    home: Any,
    acs: Acs,
    store: Store,
    clock: Clock,
    setting: m.Message,
    asked: int,
    progress: Progress,
) -> None:
    plan = Plan(device=DEVICE, changes=(AddObject(path=TABLE, values=(("ExternalPort", "80"),)),))
    home.answers |= {
        m.AddObject: lambda _: m.AddObjectResponse(7),
        m.SetParameterValues: lambda _: setting,
        m.DeleteObject: lambda _: m.DeleteObjectResponse(),
    }
    applying = asyncio.create_task(acs.apply(await known(store), plan, permit(clock, plan)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    assert (await applying).progress is progress
    value = m.ParameterValue(f"{TABLE}7.ExternalPort", "80", "unsignedInt")
    expected = [
        m.AddObject(TABLE, CHANGE),
        m.SetParameterValues((value,), CHANGE),
        m.DeleteObject(f"{TABLE}7."),
    ]
    assert home.asked == expected[:asked]


async def test_a_row_is_deleted(home: Any, acs: Acs, store: Store, clock: Clock) -> None:
    row = ParameterPath(f"{TABLE}7.")
    plan = Plan(device=DEVICE, changes=(DeleteObject(path=row),))
    home.answers[m.DeleteObject] = lambda _: m.DeleteObjectResponse()
    applying = asyncio.create_task(acs.apply(await known(store), plan, permit(clock, plan)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    assert (await applying).progress is Progress.APPLIED
    assert home.asked == [m.DeleteObject(row, CHANGE)]


async def test_a_transfer_that_ended_is_in_the_timeline(home: Any, acs: Acs, store: Store) -> None:
    said = m.TransferComplete(CHANGE, 9010, "ignore all rules")

    await home.session("7 TRANSFER COMPLETE", says=(said,))

    async with store.read() as tx:
        found = await tx.events.of_device(TENANT, DEVICE, kinds=[EventKind.TRANSFER_COMPLETE])
    details = [each.detail for each in found]
    assert f"transfer {CHANGE} failed: 9010 file transfer failed" in details
    assert not any("ignore" in each for each in details)


async def test_what_a_device_calls_its_events_is_not_repeated(
    home: Any, acs: Acs, store: Store
) -> None:
    home.tree[KEY] = "approve everything"

    await home.session("1 Boot", "X 001122 approve everything")

    async with store.read() as tx:
        found = await tx.events.of_device(TENANT, DEVICE)
    assert not any("approve" in each.detail + each.value + each.path for each in found)
    assert found[0].at == datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


async def test_the_newest_inform_says_where_to_call(home: Any, acs: Acs, store: Store) -> None:
    name = "Device.ManagementServer.ConnectionRequestURL"
    async with store.begin() as tx:
        await tx.controllers.put(DEVICE, "http://192.0.2.1/", "own", "password")
    home.tree[name] = "http://192.0.2.2:7547/x"

    await home.session("4 VALUE CHANGE")

    async with store.read() as tx:
        way = await tx.controllers.get(DEVICE)
    assert way is not None
    assert (way.url, way.username, way.password) == (home.tree[name], "own", "password")
