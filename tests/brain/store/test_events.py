"""A device's timeline is read newest first, from a moment on, and of the kinds asked for."""

from datetime import timedelta

import pytest

from brain.domain.device import Device
from brain.domain.errors import Conflict
from brain.domain.history import Event, EventKind
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
