"""A device's timeline is read newest first, from a moment on, and of the kinds asked for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from brain.domain.device import Device
from brain.domain.errors import Conflict
from brain.domain.history import Event, EventKind, Window
from brain.domain.identity import DeviceId, TenantId
from brain.store.store import Store


def event(device: Device, minutes: int, kind: EventKind = EventKind.INFORM) -> Event:
    assert device.last_seen is not None
    return Event(
        tenant=device.tenant,
        device=device.id,
        kind=kind,
        at=device.last_seen + timedelta(minutes=minutes),
        path="Device.DeviceInfo.UpTime",
        value=str(minutes),
        detail="d",
    )


async def test_newest_first_and_later_added_first_of_the_same_moment(
    any_store: Store, device: Device
) -> None:
    old, boot, new = event(device, 1), event(device, 2, EventKind.BOOT), event(device, 2)

    async with any_store.begin() as tx:
        await tx.events.add(boot, new)
        await tx.events.add(old)
        await tx.events.add()

    async with any_store.read() as tx:
        assert await tx.events.of_device(device.tenant, device.id) == [new, boot, old]
        assert await tx.events.of_device(device.tenant, device.id, limit=1) == [new]
        assert await tx.events.of_device(TenantId("south"), device.id) == []


async def test_only_what_is_asked_for(any_store: Store, device: Device) -> None:
    old, boot, new = event(device, 1), event(device, 2, EventKind.BOOT), event(device, 3)
    async with any_store.begin() as tx:
        await tx.events.add(old, boot, new)

    async with any_store.read() as tx:
        since = await tx.events.of_device(device.tenant, device.id, since=boot.at)
        boots = await tx.events.of_device(device.tenant, device.id, kinds=[EventKind.BOOT])
        none = await tx.events.of_device(device.tenant, device.id, kinds=[])

    assert (since, boots, none) == ([new, boot], [boot], [])


async def test_what_became_of_many_is_told_of_each_so_often(
    any_store: Store, device: Device
) -> None:
    near = replace(device, id=DeviceId("near"), serial="near")
    change = EventKind.VALUE_CHANGE
    old, down, up = (
        replace(event(device, minutes, change), path="Device.PPP.Interface.1.Status", value=value)
        for minutes, value in ((1, "Down"), (2, "Down"), (3, "Up"))
    )
    other = replace(down, device=near.id)
    async with any_store.begin() as tx:
        await tx.devices.put(near)
        await tx.events.add(old, down, up, other, replace(down, kind=EventKind.BOOT))

    async with any_store.read() as tx:
        became, both = tx.events.became, [device.id, near.id]
        assert await became(device.tenant, [device.id], ["Down"], since=old.at) == [down, old]
        each = await became(device.tenant, both, ["Down"], since=old.at, each=1)
        late = await became(device.tenant, both, ["Down", "Up"], since=up.at)
        assert await became(TenantId("south"), both, ["Down"], since=old.at) == []

    assert sorted(each, key=lambda found: found.device) == sorted(
        [down, other], key=lambda found: found.device
    )
    assert late == [up]


async def test_an_event_of_an_unknown_device_is_refused(any_store: Store, device: Device) -> None:
    stranger = Event(
        tenant=device.tenant,
        device=DeviceId("nobody"),
        kind=EventKind.BOOT,
        at=event(device, 1).at,
    )
    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.events.add(event(device, 1), stranger)

    async with any_store.read() as tx:
        assert await tx.events.of_device(device.tenant, device.id) == []


async def test_a_window_has_what_is_below_an_object_and_before_a_time(
    any_store: Store, device: Device
) -> None:
    radio, other = (
        replace(event(device, minute, EventKind.VALUE_CHANGE), path=path)
        for minute, path in ((1, "Device.WiFi.Radio.1.Channel"), (2, "Device.WiFi.Radio.11.Status"))
    )
    async with any_store.begin() as tx:
        await tx.events.add(radio, other, event(device, 3))

    async def paths(window: Window) -> list[str]:
        async with any_store.read() as tx:
            return [
                each.path for each in await tx.events.in_window(device.tenant, device.id, window)
            ]

    assert await paths(Window(path="Device.WiFi.Radio.1.")) == [radio.path]
    assert await paths(Window(path="Device.WiFi.")) == [other.path, radio.path]
    assert await paths(Window(path=radio.path)) == [radio.path]
    assert await paths(Window(until=other.at)) == [radio.path]
    assert await paths(Window(path="Device.WiFi%")) == []


async def test_values_are_sealed_but_for_the_states_of_interfaces(
    store: Store, a_device: Callable[..., Device]
) -> None:
    device = a_device()
    named = replace(event(device, 1, EventKind.VALUE_CHANGE), path="Device.WiFi.SSID.1.SSID")
    async with store.begin() as tx:
        await tx.devices.put(device)
        await tx.events.add(
            replace(named, value="home"),
            replace(named, path="Device.WiFi.Radio.1.Status", value="Down"),
            replace(named, path="Device.WiFi.Radio.2.Status", value="obey me"),
        )

    async with store._engines.read.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT value FROM events ORDER BY row")
        plain = [row[0] for row in rows]
    async with store.read() as tx:
        told = await tx.events.of_device(device.tenant, device.id)

    assert plain == ["", "Down", ""]
    assert [each.value for each in told] == ["obey me", "Down", "home"]
