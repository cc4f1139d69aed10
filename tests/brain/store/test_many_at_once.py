"""What is kept of many devices at once is what would be kept of each alone."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from brain.domain.credentials import ConnectionRequest
from brain.domain.device import Device
from brain.domain.errors import Conflict, NotFound
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.store.store import Store

NORTH, SOUTH = TenantId("north"), TenantId("south")
CHANNEL, SSID = (
    ParameterPath("Device.WiFi.Radio.1.Channel"),
    ParameterPath("Device.WiFi.SSID.1.SSID"),
)
UPTIME = ParameterPath("Device.DeviceInfo.UpTime")
MakeDevice = Callable[..., Device]


@pytest.fixture
def three(a_device: MakeDevice) -> list[Device]:
    return [
        a_device(id=DeviceId("d1"), tenant=NORTH),
        a_device(id=DeviceId("d2"), tenant=NORTH),
        a_device(id=DeviceId("d3"), tenant=SOUTH),
    ]


@pytest.fixture
async def stored(any_store: Store, three: list[Device]) -> Store:
    async with any_store.begin() as tx:
        await tx.devices.put(*three)
    return any_store


def at(device: Device, minutes: int = 0) -> datetime:
    assert device.last_seen is not None
    return device.last_seen + timedelta(minutes=minutes)


async def test_devices_of_any_tenant_are_held_and_unknown_ones_left_out(
    stored: Store, three: list[Device]
) -> None:
    async with stored.begin() as tx:
        held = await tx.devices.hold([DeviceId("d1"), DeviceId("d3"), DeviceId("d9")])

    assert held == {"d1": three[0], "d3": three[2]}


async def test_putting_none_does_nothing(any_store: Store) -> None:
    async with any_store.begin() as tx:
        await tx.devices.put()
        await tx.controllers.put_all([])
        await tx.snapshots.merge_informs([])

        assert await tx.devices.list(NORTH) == []


async def test_one_device_of_another_tenant_spoils_the_whole_batch(
    stored: Store, a_device: MakeDevice
) -> None:
    taken = a_device(id=DeviceId("d3"), tenant=NORTH)
    with pytest.raises(Conflict):
        async with stored.begin() as tx:
            await tx.devices.put(a_device(id=DeviceId("d4"), tenant=NORTH), taken)

    async with stored.read() as tx:
        assert await tx.devices.find(DeviceId("d4")) is None


async def test_credentials_come_back_each_for_its_own_device(
    stored: Store, three: list[Device]
) -> None:
    ways = [
        ConnectionRequest(url=f"http://192.0.2.{n}/", username="u", password=f"p{n}")
        for n in range(3)
    ]
    async with stored.begin() as tx:
        await tx.controllers.put_all([*zip(three[:2], ways[:2], strict=True)])
        await tx.controllers.put_all([(three[0], ways[2])])

        found = await tx.controllers.get_all([device.id for device in three])

        assert found == {"d1": ways[2], "d2": ways[1]}
        assert await tx.controllers.get(DeviceId("d1")) == ways[2]


async def test_firmware_is_told_of_those_that_were_asked(
    stored: Store, three: list[Device]
) -> None:
    async with stored.begin() as tx:
        await tx.models.put(NORTH, DeviceId("d1"), "1.0", {"Device.": False})
        await tx.models.put(SOUTH, DeviceId("d3"), "2.0", {"Device.": False})

        assert await tx.models.firmwares(three) == {"d1": "1.0", "d3": "2.0"}


async def test_many_snapshots_merge_as_one_would(stored: Store, three: list[Device]) -> None:
    first, second, third = three
    async with stored.begin() as tx:
        await tx.snapshots.merge(
            NORTH,
            Snapshot(
                device=first.id,
                taken_at=at(first),
                values={CHANNEL: "1", SSID: "home"},
                writable={CHANNEL: True},
            ),
        )
        await tx.snapshots.merge(
            SOUTH, Snapshot(device=third.id, taken_at=at(third, 9), values={CHANNEL: "6"})
        )
        await tx.snapshots.merge_informs(
            [
                (NORTH, Snapshot(device=first.id, taken_at=at(first, 5), values={CHANNEL: "11"})),
                (NORTH, Snapshot(device=second.id, taken_at=at(second, 5), values={UPTIME: "7"})),
                (SOUTH, Snapshot(device=third.id, taken_at=at(third, 5), values={CHANNEL: "1"})),
            ]
        )
        snapshots = [await tx.snapshots.latest(each.tenant, each.id) for each in three]

    assert snapshots == [
        Snapshot(
            device=first.id,
            taken_at=at(first, 5),
            values={CHANNEL: "11", SSID: "home"},
            writable={CHANNEL: True},
        ),
        Snapshot(device=second.id, taken_at=at(second, 5), values={UPTIME: "7"}),
        Snapshot(device=third.id, taken_at=at(third, 9), values={CHANNEL: "6"}),
    ]


async def test_nothing_is_merged_when_one_device_is_another_tenants(
    stored: Store, three: list[Device]
) -> None:
    batch = [
        (NORTH, Snapshot(device=three[0].id, taken_at=at(three[0]), values={UPTIME: "1"})),
        (NORTH, Snapshot(device=three[2].id, taken_at=at(three[0]), values={UPTIME: "1"})),
    ]
    with pytest.raises(NotFound):
        async with stored.begin() as tx:
            await tx.snapshots.merge_informs(batch)

    async with stored.read() as tx:
        assert await tx.snapshots.latest(NORTH, three[0].id) is None
