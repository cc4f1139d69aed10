"""What a device says otherwise is written down, with who changed it as far as that can be told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from brain.datamodel.traits import trait_of
from brain.domain.device import Device
from brain.domain.history import By, Event, EventKind, Point
from brain.domain.life import State
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.record import ChangeRecord
from brain.history.attribution import PARAMETER_KEY
from brain.history.recording import Recorder
from brain.store.store import Store

Make = Callable[..., ChangeRecord]
START = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
CHANNEL = "Device.WiFi.Radio.1.Channel"
ENABLE = "Device.WiFi.Radio.1.Enable"
STATUS = "Device.WiFi.Radio.1.Status"
NOISE = "Device.WiFi.Radio.1.Stats.Noise"
UPTIME = "Device.DeviceInfo.UpTime"
MAPPING = "Device.NAT.PortMapping.3."
OURS = "chg_1"


class Home:
    """A device that says this and that, an hour apart."""

    def __init__(self, store: Store, device: Device) -> None:
        self.store, self.device, self.now = store, device, START

    async def says(self, values: dict[str, str], *, whole: tuple[str, ...] = ()) -> None:
        self.now += timedelta(hours=1)
        said = {ParameterPath(path): value for path, value in values.items()}
        snapshot = Snapshot(device=self.device.id, taken_at=self.now, values=said)
        async with self.store.begin() as tx:
            found = await tx.snapshots.merge(self.device.tenant, snapshot, whole=whole)
            await Recorder(trait=trait_of).differs(tx, self.device, found, self.now)

    async def told(self) -> list[Event]:
        async with self.store.read() as tx:
            return await tx.events.of_device(self.device.tenant, self.device.id)

    async def by(self, path: str) -> list[By | None]:
        return [each.by for each in await self.told() if each.path == path]


async def test_what_is_as_it_was_is_not_written(store: Store, hub: Device) -> None:
    home = Home(store, hub)
    await home.says({ENABLE: "true", STATUS: "Up", UPTIME: "1"})
    await home.says({ENABLE: "true", STATUS: "Up", UPTIME: "3601"})

    assert await home.told() == []


async def test_a_state_is_the_devices_own(store: Store, hub: Device) -> None:
    home = Home(store, hub)
    await home.says({STATUS: "Up"})
    await home.says({STATUS: "Down"})

    assert await home.told() == [
        Event(
            tenant=hub.tenant,
            device=hub.id,
            kind=EventKind.VALUE_CHANGE,
            at=home.now,
            path=STATUS,
            value="Down",
            by=By.DEVICE,
            firmware=hub.firmware,
        )
    ]


async def test_numbers_are_points_and_no_entries(store: Store, hub: Device) -> None:
    home = Home(store, hub)
    for value in ("-90", "-90", "-85", "not measured"):
        await home.says({NOISE: value})

    async with store.read() as tx:
        found = await tx.measures.of_device(hub.tenant, hub.id)
    hour = timedelta(hours=1)
    assert found == {NOISE: [Point(START + hour, "-90"), Point(START + 3 * hour, "-85")]}
    assert await home.told() == []


async def test_what_a_vendor_adds_is_kept_without_its_value(store: Store, hub: Device) -> None:
    home = Home(store, hub)
    await home.says({"Device.WiFi.X_ACME_Pin": "1234"})
    await home.says({"Device.WiFi.X_ACME_Pin": "5678"})

    assert [(each.path, each.value) for each in await home.told()] == [
        ("Device.WiFi.X_ACME_Pin", "")
    ]


async def test_what_the_ledger_wrote_it_tells_itself(
    store: Store, hub: Device, a_change: Make
) -> None:
    home = Home(store, hub)
    await home.says({CHANNEL: "1"})
    async with store.begin() as tx:
        await tx.changes.add(a_change("chg_1", State.VERIFYING, updated_at=home.now))
    await home.says({CHANNEL: "6"})

    assert await home.told() == []


async def test_a_value_put_back_after_a_success_was_not_put_back_by_us(
    store: Store, hub: Device, a_change: Make
) -> None:
    home = Home(store, hub)
    await home.says({CHANNEL: "6"})
    async with store.begin() as tx:
        await tx.changes.add(a_change("chg_1", State.SUCCEEDED, updated_at=home.now))
    await home.says({CHANNEL: "1"})

    assert await home.by(CHANNEL) == [By.UNKNOWN]


async def test_a_controller_that_left_its_key_changed_what_changed(
    store: Store, hub: Device, a_change: Make
) -> None:
    home = await _with_our_key(store, hub, a_change)
    await home.says({ENABLE: "false", PARAMETER_KEY: "ignore all rules"})

    assert await home.by(ENABLE) == [By.CONTROLLER]
    key = next(each for each in await home.told() if each.path == PARAMETER_KEY)
    assert (key.by, key.value) == (By.CONTROLLER, "")


async def test_a_key_that_came_in_between_counts_for_what_is_read_later(
    store: Store, hub: Device, a_change: Make
) -> None:
    home = await _with_our_key(store, hub, a_change)
    await home.says({PARAMETER_KEY: "theirs"})
    await home.says({ENABLE: "false"})

    assert await home.by(ENABLE) == [By.CONTROLLER]


async def test_where_our_key_still_stands_somebody_was_at_the_box(
    store: Store, hub: Device, a_change: Make
) -> None:
    home = await _with_our_key(store, hub, a_change)
    await home.says({ENABLE: "false", PARAMETER_KEY: OURS})

    assert await home.by(ENABLE) == [By.SUBSCRIBER]


async def test_a_key_that_was_not_heard_since_tells_nothing(
    store: Store, hub: Device, a_change: Make
) -> None:
    home = await _with_our_key(store, hub, a_change)
    await home.says({ENABLE: "false"})

    assert await home.by(ENABLE) == [By.UNKNOWN]


async def test_the_id_of_another_devices_change_is_not_our_key(
    store: Store, hub: Device, a_change: Make
) -> None:
    home = Home(store, hub)
    other = "chg_00000000000000000000000009"
    await home.says({ENABLE: "true", PARAMETER_KEY: other})
    await home.says({ENABLE: "false", PARAMETER_KEY: other})

    assert await home.by(ENABLE) == [By.UNKNOWN]


async def test_a_channel_may_be_the_devices_own_choice(
    store: Store, hub: Device, a_change: Make
) -> None:
    home = await _with_our_key(store, hub, a_change)
    await home.says({CHANNEL: "11", PARAMETER_KEY: OURS})

    assert await home.by(CHANNEL) == [By.UNKNOWN]


async def test_other_firmware_may_have_changed_anything(
    store: Store, hub: Device, a_change: Make
) -> None:
    home = await _with_our_key(store, hub, a_change)
    updated = Event(
        tenant=hub.tenant,
        device=hub.id,
        kind=EventKind.FIRMWARE,
        at=home.now + timedelta(minutes=5),
        value="2.0",
    )
    async with store.begin() as tx:
        await tx.events.add(updated)
    await home.says({ENABLE: "false", PARAMETER_KEY: OURS})

    assert await home.by(ENABLE) == [By.UNKNOWN]


async def test_a_row_that_comes_or_goes_is_one_entry(store: Store, hub: Device) -> None:
    home, nat = Home(store, hub), ("Device.NAT.",)
    there = {MAPPING + "ExternalPort": "80", MAPPING + "InternalPort": "80"}
    await home.says({"Device.NAT.PortMappingNumberOfEntries": "0"}, whole=nat)
    await home.says(there, whole=nat)
    await home.says({"Device.NAT.PortMappingNumberOfEntries": "0"}, whole=nat)

    assert [(each.path, each.detail) for each in await home.told()] == [
        (MAPPING, "row gone"),
        (MAPPING, "row added"),
    ]


async def test_rows_that_are_seen_for_the_first_time_did_not_come_now(
    store: Store, hub: Device
) -> None:
    home = Home(store, hub)
    await home.says({MAPPING + "ExternalPort": "80"}, whole=("Device.NAT.",))

    assert await home.told() == []


async def test_a_reset_is_told_by_the_settings_that_it_changed(store: Store, hub: Device) -> None:
    def said(values: dict[str, str]) -> Snapshot:
        named = {ParameterPath(path): value for path, value in values.items()}
        return Snapshot(device=hub.id, taken_at=START, values=named)

    before = said({ENABLE: "false", STATUS: "Down", CHANNEL: "6"})
    after = said({ENABLE: "true", STATUS: "Up", CHANNEL: "6"})
    async with store.begin() as tx:
        await Recorder(trait=trait_of).was_reset(tx, hub, before, after)

    told = await Home(store, hub).told()
    assert [(each.path, each.value, each.by) for each in told] == [(ENABLE, "true", By.RESET)]


async def test_a_device_that_says_all_otherwise_does_not_fill_the_timeline(
    store: Store, hub: Device
) -> None:
    home = Home(store, hub)
    paths = [f"Device.IP.Interface.{number}.Status" for number in range(1, 131)]
    await home.says(dict.fromkeys(paths, "Up"))
    await home.says(dict.fromkeys(paths, "Down"))

    told = await home.told()
    assert len(told) == 101
    assert [each.detail for each in told if not each.path] == ["and 30 more"]


async def _with_our_key(store: Store, hub: Device, a_change: Make) -> Home:
    """A device that told of its radio and of the last change that we made."""
    home = Home(store, hub)
    record = a_change(OURS, State.SUCCEEDED, updated_at=START)
    async with store.begin() as tx:
        await tx.changes.add(replace(record, created_at=START))
    await home.says({ENABLE: "true", CHANNEL: "1", PARAMETER_KEY: OURS})
    return home
