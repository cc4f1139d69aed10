"""What controllers keep of a device: its data model, and the secrets to reach it."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from brain.domain.credentials import ConnectionRequest
from brain.domain.device import Device
from brain.domain.errors import Conflict, NotFound, Unreadable
from brain.domain.identity import DeviceId, TenantId
from brain.store.store import Store

NORTH, SOUTH = TenantId("north"), TenantId("south")
URL = "http://192.0.2.7:7547/abc"


async def test_the_way_to_a_device_comes_back_and_can_change(
    any_store: Store, device: Device
) -> None:
    async with any_store.begin() as tx:
        assert await tx.controllers.get(device.id) is None
        await tx.controllers.put(device.id, "http://192.0.2.1/", "u", "old")
        await tx.controllers.put(device.id, URL, "user", "pass")

    async with any_store.read() as tx:
        found = await tx.controllers.get(device.id)
    assert found == ConnectionRequest(url=URL, username="user", password="pass")
    assert "pass" not in repr(found)


async def test_the_way_to_an_unknown_device_is_refused(any_store: Store) -> None:
    with pytest.raises(NotFound):
        async with any_store.begin() as tx:
            await tx.controllers.put(DeviceId("nobody"), URL, "user", "pass")


async def test_secrets_moved_to_another_device_are_an_error(
    any_store: Store, device: Device
) -> None:
    async with any_store.begin() as tx:
        await tx.controllers.put(device.id, URL, "user", "pass")
        await tx.devices.put(replace(device, id=DeviceId("mine")))
        await tx.controllers._db.run(text("UPDATE controllers SET device = 'mine'"))

    with pytest.raises(Unreadable):
        async with any_store.read() as tx:
            await tx.controllers.get(DeviceId("mine"))


async def test_a_data_model_comes_back_and_can_change(any_store: Store, device: Device) -> None:
    names = {"Device.WiFi.Radio.1.Channel": True, "Device.DeviceInfo.UpTime": False}

    async with any_store.begin() as tx:
        await tx.models.put(NORTH, device.id, "1.0", {"Device.Old": True})
        await tx.models.put(NORTH, device.id, "1.1", names)

    async with any_store.read() as tx:
        assert await tx.models.get(NORTH, device.id) == names
        assert await tx.models.get(SOUTH, device.id) is None
    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.models.put(SOUTH, device.id, "1.0", names)


async def test_a_damaged_data_model_is_an_error(any_store: Store, device: Device) -> None:
    async with any_store.begin() as tx:
        await tx.models.put(NORTH, device.id, "1.0", {"Device.X": True})
        await tx.models._db.run(text("UPDATE models SET names = :n"), {"n": b"x"})

    with pytest.raises(Unreadable):
        async with any_store.read() as tx:
            await tx.models.get(NORTH, device.id)
