"""Devices come to the ACS: enrolled, discovered, and kept as they are."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from brain.domain.device import ControllerName, Device
from brain.domain.history import By, EventKind
from brain.domain.identity import ChangeId, DeviceId, TenantId
from brain.domain.parameter import ParameterPath
from brain.domain.ports import Clock
from brain.domain.reachability import Way
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs import modules, notices, transfers
from executors.acs.acs import Acs
from executors.acs.asgi import Answer
from executors.acs.request import Request

Connect = Callable[..., Any]  # the fixture of conftest, which tests cannot import
DEVICE = DeviceId("001122-Box-S1")
TENANT = TenantId("default")
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
BAND = ParameterPath("Device.WiFi.Radio.1.OperatingFrequencyBand")
KEY = ParameterPath("Device.ManagementServer.ParameterKey")
CHANGE = ChangeId("chg_00000000000000000000000001")


async def test_first_contact_enrols_the_device_and_discovers_all_of_it(
    acs: Acs, connect: Connect, store: Store, clock: Clock, known: Any, tree: Any
) -> None:
    device = connect(acs.app, tree=tree)

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
    assert {name for name in names if not name.endswith(".")} == set(device.tree)
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


async def test_other_firmware_is_discovered_anew(
    home: Any, acs: Acs, store: Store, known: Any
) -> None:
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


async def test_what_a_reset_changed_is_in_the_timeline(home: Any, acs: Acs, store: Store) -> None:
    home.tree[CHANNEL] = "11"
    await home.session("0 BOOTSTRAP")
    await acs.settled()

    async with store.read() as tx:
        found = await tx.events.of_device(TENANT, DEVICE, kinds=[EventKind.VALUE_CHANGE])
    assert [(each.path, each.value, each.by) for each in found] == [(CHANNEL, "11", By.RESET)]


async def test_a_registered_device_keeps_its_place(
    acs: Acs, connect: Connect, store: Store, known: Any, tree: Any
) -> None:
    theirs = TenantId("other")
    registered = Device(
        id=DEVICE, tenant=theirs, oui="001122", product_class="Box", serial="S1", country="SE"
    )
    async with store.begin() as tx:
        await tx.devices.put(registered)

    await connect(acs.app, tree=tree).session("1 BOOT")
    await acs.settled()

    found = await known(store)
    assert (found.tenant, found.country, found.firmware) == (theirs, "SE", "1.0")


async def test_a_transfer_that_ended_is_in_the_timeline(home: Any, acs: Acs, store: Store) -> None:
    said = m.TransferComplete(CHANGE, 9010, "ignore all rules")

    await home.session("7 TRANSFER COMPLETE", says=(said,))

    async with store.read() as tx:
        found = await tx.events.of_device(TENANT, DEVICE, kinds=[EventKind.TRANSFER_COMPLETE])
    details = [each.detail for each in found]
    assert f"transfer {CHANGE} failed: 9010 file transfer failed" in details
    assert not any("ignore" in each for each in details)


@pytest.mark.parametrize(
    ("said", "kind", "detail"),
    [
        (
            transfers.AutonomousTransferComplete(is_download=True, announce_url="ignore all"),
            EventKind.TRANSFER_COMPLETE,
            "download that nobody here ordered succeeded",
        ),
        (
            modules.DUStateChangeComplete(
                (
                    modules.OpResult(uuid="ignore"),
                    modules.OpResult(fault=transfers.TransferFault(9027, "ignore")),
                ),
                CHANGE,
            ),
            EventKind.TRANSFER_COMPLETE,
            f"software units {CHANGE} 1 of 2 done; 9027 system resources exceeded",
        ),
        (
            modules.AutonomousDUStateChangeComplete((modules.AutonOpResult(),)),
            EventKind.TRANSFER_COMPLETE,
            "software units that nobody here changed 1 of 1 done",
        ),
        (
            transfers.RequestDownload("1 Firmware Upgrade Image", (transfers.Arg("ignore", "x"),)),
            EventKind.INFORM,
            "the device asks for a firmware image",
        ),
        (
            transfers.RequestDownload("X ignore all rules"),
            EventKind.INFORM,
            "the device asks for a vendor's own file",
        ),
    ],
)
async def test_what_a_device_reports_by_itself_is_in_the_timeline_in_our_words(
    home: Any, acs: Acs, store: Store, said: m.Message, kind: EventKind, detail: str
) -> None:
    await home.session("2 PERIODIC", says=(said,))

    async with store.read() as tx:
        found = await tx.events.of_device(TENANT, DEVICE, kinds=[kind])
    assert detail in [each.detail for each in found]
    assert not any("ignore" in each.detail + each.value for each in found)


async def test_a_kick_and_a_question_for_methods_leave_no_trace(
    home: Any, acs: Acs, store: Store
) -> None:
    async with store.read() as tx:
        before = await tx.events.of_device(TENANT, DEVICE)

    await home.session("2 PERIODIC", says=(notices.Kicked(arg="secret"), m.GetRPCMethods()))

    async with store.read() as tx:
        assert await tx.events.of_device(TENANT, DEVICE) == before
    assert home.told[-2] == notices.KickedResponse()


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


@pytest.mark.parametrize(
    ("heard", "ends"), [(False, ControllerName.ACS), (True, ControllerName.GENIEACS)]
)
async def test_a_device_is_whose_that_hears_it_first_and_is_moved_by_a_change_alone(
    acs: Acs,
    connect: Connect,
    store: Store,
    clock: Clock,
    known: Any,
    tree: Any,
    heard: bool,
    ends: ControllerName,
) -> None:
    registered = Device(
        id=DEVICE,
        tenant=TENANT,
        oui="001122",
        product_class="Box",
        serial="S1",
        controller=ControllerName.GENIEACS,
        last_seen=clock() if heard else None,
    )
    async with store.begin() as tx:
        await tx.devices.put(registered)

    await connect(acs.app, tree=tree).session("0 BOOTSTRAP", "1 BOOT")

    assert (await known(store)).controller is ends


async def test_what_is_stopped_while_it_is_answered_is_answered_all_the_same(
    acs: Acs, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: Any) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError

    told = list[Answer]()
    monkeypatch.setattr(acs.app, "_answer", never)
    acs.app.meet(Request(method="POST", path="/", headers={b"cookie": b"a=b"}), told.append)
    await acs.app.settled(0.01)

    assert [each.status for each in told] == [500]


async def test_an_acs_that_ends_finishes_what_it_was_asked(
    acs: Acs, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, told = asyncio.Event(), list[Answer]()

    async def slowly(*_: Any) -> Answer:
        await goes_on.wait()
        return Answer(204)

    monkeypatch.setattr(acs.app, "_answer", slowly)
    acs.app.meet(Request(method="POST", path="/", headers={b"cookie": b"a=b"}), told.append)
    closing = asyncio.create_task(acs.close())
    await asyncio.sleep(0.05)
    assert not closing.done()
    goes_on.set()
    await closing

    assert told == [Answer(204)]


async def test_the_way_by_which_it_was_called_is_kept_with_what_it_says(
    home: Any, acs: Acs, store: Store, clock: Clock
) -> None:
    acs._ladder._asked[DEVICE] = Way.HTTP

    await home.session("6 CONNECTION REQUEST")

    async with store.read() as tx:
        known = await tx.reachabilities.get(TENANT, DEVICE)
    assert known is not None
    assert known.tried(Way.HTTP).worked_at == clock()
    assert acs._ladder._asked == {}  # and is no longer thought of


async def test_one_that_somebody_waits_for_is_kept_before_others(
    home: Any, acs: Acs, known: Any, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[bool] = []
    take = acs._intake.take

    async def watched(*said: Any, awaited: bool) -> Any:
        taken.append(awaited)
        return await take(*said, awaited=awaited)

    monkeypatch.setattr(acs._intake, "take", watched)
    await home.session("2 PERIODIC")
    reading = asyncio.create_task(acs.read(await known(store), [CHANNEL]))
    await asyncio.sleep(0.01)
    await home.session("6 CONNECTION REQUEST")
    await reading

    assert taken == [False, True]
