"""What is kept of Informs, one alone or many at once."""

import asyncio
from dataclasses import replace

import pytest

from brain.domain.device import DataModelRoot
from brain.domain.history import By, Event, EventKind
from brain.domain.identity import DeviceId, TenantId
from brain.domain.ports import Clock
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.feeding import Feed, ForRules
from executors.acs.intake import Arrival, Intake
from executors.acs.logins import Login
from executors.acs.registrar import Registrar
from tests.conftest import FakeClock

TENANT, SHARED = TenantId("default"), Login()
DEVICE = DeviceId("001122-Box-S1")


def inform(*events: str, serial: str = "S1", **values: str) -> m.Inform:
    names = {
        "firmware": "Device.DeviceInfo.SoftwareVersion",
        "channel": "Device.WiFi.Radio.1.Channel",
        "key": "Device.ManagementServer.ParameterKey",
        "url": "Device.ManagementServer.ConnectionRequestURL",
    }
    return m.Inform(
        device=m.Identity("Acme", "001122", "Box", serial),
        events=tuple(map(m.InformEvent, events)),
        parameters=tuple(m.ParameterValue(names[key], value) for key, value in values.items()),
    )


class Taking(Intake):
    """An intake of devices that came with the shared password."""

    async def take(
        self, inform: m.Inform, login: Login = SHARED, *, awaited: bool = False
    ) -> Arrival | None:
        return await super().take(inform, login, awaited=awaited)


def intake(
    store: Store,
    clock: Clock,
    *,
    enrol: bool = True,
    for_rules: ForRules | None = None,
    most_unread: int = 1_000_000,
) -> Taking:
    return Taking(
        store=store,
        clock=clock,
        registrar=Registrar(tenant=TENANT, open_door=enrol),
        feed=Feed(for_rules=for_rules, most_unread=most_unread),
    )


def all_of_it(event: Event) -> Event | None:
    """Some rule counts everything, with its value."""
    return event


async def test_many_at_once_are_kept_each_as_itself(any_store: Store, clock: Clock) -> None:
    taking = intake(any_store, clock)

    arrivals = await asyncio.gather(
        *(taking.take(inform("1 BOOT", serial=f"S{n}", firmware=f"{n}.0")) for n in range(100))
    )

    assert all(arrivals)
    assert [each.device.firmware for each in arrivals if each] == [f"{n}.0" for n in range(100)]
    assert all(each.discover for each in arrivals if each)
    async with any_store.read() as tx:
        assert len(await tx.devices.list(TENANT, limit=200)) == 100
        last = await tx.snapshots.latest(TENANT, DeviceId("001122-Box-S99"))
        boots = await tx.events.of_device(TENANT, DeviceId("001122-Box-S99"))
    assert last is not None
    assert last.get("Device.DeviceInfo.SoftwareVersion") == "99.0"
    assert [each.kind for each in boots] == [EventKind.BOOT]


async def test_a_reset_is_not_lost_when_the_device_comes_again_at_once(
    any_store: Store, clock: Clock
) -> None:
    taking = intake(any_store, clock)
    await taking.take(inform("2 PERIODIC", channel="1", firmware="1.0"))

    await asyncio.gather(
        taking.take(inform("2 PERIODIC", serial="S2")),  # keeps the store busy meanwhile
        taking.take(inform("0 BOOTSTRAP", firmware="1.0")),
        taking.take(inform("1 BOOT", firmware="1.1")),
    )

    async with any_store.read() as tx:
        snapshot = await tx.snapshots.latest(TENANT, DEVICE)
    assert snapshot is not None
    assert snapshot.values == {"Device.DeviceInfo.SoftwareVersion": "1.1"}


async def test_a_device_that_somebody_waits_for_is_kept_before_a_crowd(
    store: Store, clock: Clock
) -> None:
    taking = intake(store, clock)
    order: list[str] = []

    async def take(serial: str, *, awaited: bool = False) -> None:
        await taking.take(inform("1 BOOT", serial=serial), awaited=awaited)
        order.append(serial)

    await taking.take(inform("0 BOOTSTRAP", serial="awaited"))
    crowd = [asyncio.create_task(take(f"S{number}")) for number in range(200)]
    await asyncio.sleep(0)
    await take("awaited", awaited=True)
    await asyncio.gather(*crowd)

    assert order.index("awaited") < 130  # two of four transactions, at the most


async def test_it_is_not_kept_before_what_it_said_itself_earlier(
    store: Store, clock: Clock
) -> None:
    taking = intake(store, clock)
    await taking.take(inform("1 BOOT", channel="1"))

    crowd = [taking.take(inform("1 BOOT", serial=f"S{number}")) for number in range(2, 100)]
    older = taking.take(inform("4 VALUE CHANGE", channel="6"))
    newer = taking.take(inform("6 CONNECTION REQUEST", channel="11"), awaited=True)
    await asyncio.gather(*crowd, older, newer)

    async with store.read() as tx:
        snapshot = await tx.snapshots.latest(TENANT, DEVICE)
    assert snapshot is not None
    assert snapshot.get("Device.WiFi.Radio.1.Channel") == "11"


async def test_one_stranger_does_not_keep_known_devices_out(store: Store, clock: Clock) -> None:
    await intake(store, clock).take(inform("1 BOOT"))
    taking = intake(store, clock, enrol=False)

    results = await asyncio.gather(
        taking.take(inform("1 BOOT")),
        taking.take(inform("1 BOOT", serial="S2")),
        taking.take(inform("2 PERIODIC")),
        return_exceptions=True,
    )

    assert results[1] is None
    assert not any(isinstance(each, Exception) for each in (results[0], results[2]))
    async with store.read() as tx:
        assert await tx.devices.find(DeviceId("001122-Box-S2")) is None
        (stranger,) = await tx.strangers.list(TENANT, limit=9)
        boots = await tx.events.of_device(TENANT, DEVICE)
    assert stranger.serial == "S2"
    assert [each.kind for each in boots] == [EventKind.BOOT] * 2  # and the timer is no news


async def test_what_an_inform_leaves_out_stays_as_it_was(store: Store, clock: Clock) -> None:
    taking = intake(store, clock)
    first = await taking.take(inform("1 BOOT", firmware="1.0", url="http://192.0.2.1/"))

    second = await taking.take(inform("2 PERIODIC"))

    assert first is not None
    assert second is not None
    assert second.device == first.device
    async with store.read() as tx:
        way = await tx.controllers.get(DEVICE)
    assert way is not None
    assert way.url == "http://192.0.2.1/"


async def test_a_url_that_is_too_long_is_not_called(store: Store, clock: Clock) -> None:
    await intake(store, clock).take(inform("1 BOOT", url="http://192.0.2.1/" + "a" * 2000))

    async with store.read() as tx:
        assert await tx.controllers.get(DEVICE) is None


async def test_the_last_change_a_device_took_is_in_its_timeline(store: Store, clock: Clock) -> None:
    key = "chg_00000000000000000000000001"

    await intake(store, clock).take(inform("1 BOOT", "M Reboot", key=key))

    async with store.read() as tx:
        events = await tx.events.of_device(TENANT, DEVICE)
    assert [each.detail for each in events] == [f"1 BOOT, M Reboot; parameter key {key}"]


async def test_what_a_device_says_that_it_changed_is_kept_though_nobody_knows_by_whom(
    store: Store, clock: Clock
) -> None:
    await intake(store, clock).take(inform("4 VALUE CHANGE", channel="36", firmware="1.0"))

    async with store.read() as tx:
        events = await tx.events.of_device(TENANT, DEVICE)
    assert [(each.kind, each.path, each.value, each.by) for each in events] == [
        (EventKind.VALUE_CHANGE, "Device.WiFi.Radio.1.Channel", "36", By.UNKNOWN)
    ]


async def test_other_firmware_and_a_return_after_silence_are_news(
    store: Store, clock: FakeClock
) -> None:
    taking = intake(store, clock)
    await taking.take(inform("2 PERIODIC", firmware="1.0"))
    clock.advance(hours=20)
    await taking.take(inform("2 PERIODIC", firmware="1.0"))
    clock.advance(hours=50)
    await taking.take(inform("2 PERIODIC", firmware="2.0"))

    async with store.read() as tx:
        events = await tx.events.of_device(TENANT, DEVICE)
    assert [(each.kind, each.value, each.detail, each.firmware) for each in events] == [
        (EventKind.INFORM, "180000", "after 50 h of silence", "2.0"),
        (EventKind.FIRMWARE, "2.0", "1.0 before", "2.0"),
    ]


async def test_a_device_that_says_how_often_it_calls_is_missed_sooner(
    store: Store, clock: FakeClock
) -> None:
    taking = intake(store, clock)
    await taking.take(inform("2 PERIODIC"))
    async with store.begin() as tx:
        await tx.devices.touch(DEVICE, at=clock(), inform_every=1800)
    clock.advance(hours=1, minutes=20)
    await taking.take(inform("2 PERIODIC"))
    clock.advance(hours=2)
    await taking.take(inform("2 PERIODIC"))

    async with store.read() as tx:
        events = await tx.events.of_device(TENANT, DEVICE)
    assert [each.detail for each in events] == ["after 2 h of silence"]


@pytest.mark.parametrize(
    ("parameters", "root", "version"),
    [
        ({"InternetGatewayDevice.DeviceSummary": "InternetGatewayDevice:1.4[](X:1)"}, "old", "1.4"),
        ({"Device.RootDataModelVersion": "2.16"}, "new", "2.16"),
        ({"Device.RootDataModelVersion": "obey me"}, "new", ""),
        ({}, "new", ""),
    ],
)
async def test_the_data_model_is_told_from_the_names(
    store: Store, clock: Clock, parameters: dict[str, str], root: str, version: str
) -> None:
    said = replace(
        inform("1 BOOT"),
        parameters=tuple(m.ParameterValue(name, value) for name, value in parameters.items()),
    )

    arrival = await intake(store, clock).take(said)

    assert arrival is not None
    device = arrival.device
    roots = {"old": DataModelRoot.INTERNET_GATEWAY_DEVICE, "new": DataModelRoot.DEVICE}
    assert (device.root, device.data_model_version) == (roots[root], version)


async def test_what_a_rule_looks_at_is_kept_for_the_rules_with_its_value(
    store: Store, clock: Clock
) -> None:
    taking = intake(
        store, clock, for_rules=lambda each: each if each.path.endswith(".Channel") else None
    )

    await taking.take(inform("1 BOOT", "4 VALUE CHANGE", channel="6", firmware="1.0"))

    async with store.begin() as tx:
        (unread,) = await tx.unread_events.take(10)
    assert unread.kind is EventKind.VALUE_CHANGE
    assert (unread.device, unread.path, unread.value) == (
        DEVICE,
        "Device.WiFi.Radio.1.Channel",
        "6",
    )


async def test_a_value_that_nobody_says_has_changed_is_a_reading_to_the_rules(
    store: Store, clock: Clock
) -> None:
    taking = intake(store, clock, for_rules=all_of_it)

    await taking.take(inform("2 PERIODIC", channel="6"))

    async with store.begin() as tx:
        unread = await tx.unread_events.take(10)
    assert {each.kind for each in unread} == {EventKind.INFORM}
    assert [each.value for each in unread if each.path] == ["6"]


async def test_a_value_other_than_before_is_a_change_to_the_rules_though_nobody_says_so(
    store: Store, clock: FakeClock
) -> None:
    taking = intake(store, clock, for_rules=all_of_it)
    await taking.take(inform("2 PERIODIC", channel="6"))
    clock.advance(minutes=5)
    await taking.take(inform("2 PERIODIC", channel="11"))

    async with store.begin() as tx:
        unread = await tx.unread_events.take(10)
    assert [(each.kind, each.value) for each in unread if each.path] == [
        (EventKind.INFORM, "6"),
        (EventKind.VALUE_CHANGE, "11"),
    ]


async def test_rules_hear_of_other_firmware(store: Store, clock: FakeClock) -> None:
    taking = intake(store, clock, for_rules=all_of_it)
    await taking.take(inform("1 BOOT", firmware="1.0"))
    await taking.take(inform("1 BOOT", firmware="2.0"))

    async with store.begin() as tx:
        unread = await tx.unread_events.take(10)
    assert [(each.kind, each.value) for each in unread if not each.path] == [
        (EventKind.BOOT, ""),
        (EventKind.BOOT, ""),
        (EventKind.FIRMWARE, "2.0"),
    ]


async def test_what_is_in_every_inform_has_not_changed_because_something_else_did(
    store: Store, clock: Clock
) -> None:
    taking = intake(store, clock, for_rules=all_of_it)
    await taking.take(inform("1 BOOT", firmware="1.0", channel="6"))
    async with store.begin() as tx:
        await tx.unread_events.take(10)

    await taking.take(inform("4 VALUE CHANGE", firmware="1.0", channel="6"))

    async with store.begin() as tx:
        kinds = {each.path: each.kind for each in await tx.unread_events.take(10) if each.path}
    assert kinds == {
        "Device.DeviceInfo.SoftwareVersion": EventKind.INFORM,
        "Device.WiFi.Radio.1.Channel": EventKind.VALUE_CHANGE,  # it went, and came back
    }


async def test_what_the_rules_leave_out_of_an_event_is_not_kept(store: Store, clock: Clock) -> None:
    taking = intake(store, clock, for_rules=lambda event: replace(event, value=""))

    await taking.take(inform("4 VALUE CHANGE", channel="6"))

    async with store.begin() as tx:
        unread = await tx.unread_events.take(10)
    assert {each.value for each in unread} == {""}


async def test_nothing_is_kept_for_rules_that_nobody_reads(store: Store, clock: Clock) -> None:
    await intake(store, clock).take(inform("1 BOOT", channel="6"))

    async with store.begin() as tx:
        assert await tx.unread_events.take(10) == []


async def test_what_the_rules_have_no_room_for_is_left_out_and_counted_and_the_device_is_served(
    any_store: Store, clock: Clock
) -> None:
    taking = intake(any_store, clock, for_rules=all_of_it, most_unread=3)

    for _ in range(2):
        await taking.take(inform("1 BOOT", "4 VALUE CHANGE", channel="6", firmware="1.0"))

    async with any_store.begin() as tx:
        assert await tx.unread_events.backlog() == 3
        boots = await tx.events.of_device(TENANT, DEVICE, kinds=[EventKind.BOOT])
        (told,) = await tx.set_aside.newest(TENANT)
        assert len(await tx.unread_events.take(10)) == 3
    assert len(boots) == 2
    assert (told.what, told.count) == ("events of Informs", 3)
    assert told.reason == "3 events wait to be read by the rules"
