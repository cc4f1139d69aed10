"""Devices are kept by id, found by what they are and where they hang, in their own tenant."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from brain.domain.device import ControllerName, DataModelRoot, Device, Site
from brain.domain.errors import Conflict, InvalidInput, NotFound
from brain.domain.identity import DeviceId, NodeId, SiteId, SubscriberId, TenantId
from brain.domain.topology import AccessNode, NodeKind
from brain.store.store import Store

NORTH, SOUTH = TenantId("north"), TenantId("south")
Make = Callable[..., Device]


async def test_a_device_comes_back_as_it_was(any_store: Store, a_device: Make) -> None:
    device = a_device(
        root=DataModelRoot.INTERNET_GATEWAY_DEVICE, controller=ControllerName.USP, country="CZ"
    )

    async with any_store.begin() as tx:
        await tx.devices.put(device)

    async with any_store.read() as tx:
        assert await tx.devices.get(NORTH, device.id) == device
        assert await tx.devices.find(device.id) == device
        assert await tx.devices.get(SOUTH, device.id) is None
        assert await tx.devices.list(SOUTH) == []


async def test_whose_devices_are_is_told_of_those_that_are_there(
    any_store: Store, a_device: Make
) -> None:
    mine, theirs = a_device(), a_device(id=DeviceId("theirs"), tenant=SOUTH)
    async with any_store.begin() as tx:
        await tx.devices.put(mine, theirs)

    async with any_store.read() as tx:
        asked = {mine.id, theirs.id, DeviceId("none")}
        assert await tx.devices.are(asked) == {(NORTH, mine.id), (SOUTH, theirs.id)}
        assert await tx.devices.are(set()) == set()
        assert await tx.devices.tenants() == [NORTH, SOUTH]


async def test_another_tenant_cannot_take_a_device(any_store: Store, device: Device) -> None:
    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.devices.put(replace(device, tenant=SOUTH))

    async with any_store.read() as tx:
        assert await tx.devices.find(device.id) == device


async def test_a_device_cannot_hang_from_a_node_of_another_tenant(
    any_store: Store, device: Device
) -> None:
    node = AccessNode(id=NodeId("olt"), tenant=SOUTH, kind=NodeKind.OLT, name="OLT")
    async with any_store.begin() as tx:
        await tx.nodes.put(node)

    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.devices.put(replace(device, access_node=node.id))


async def test_touching_keeps_what_the_device_did_not_say(any_store: Store, device: Device) -> None:
    later = device.last_seen + timedelta(minutes=1) if device.last_seen else None
    assert later is not None

    async with any_store.begin() as tx:
        await tx.devices.touch(device.id, at=later, firmware="1.1", model=None)

    async with any_store.read() as tx:
        assert await tx.devices.find(device.id) == replace(device, last_seen=later, firmware="1.1")


async def test_last_seen_never_goes_back(any_store: Store, device: Device) -> None:
    assert device.last_seen is not None
    earlier = device.last_seen - timedelta(days=1)

    async with any_store.begin() as tx:
        await tx.devices.touch(device.id, at=earlier)
        await tx.devices.put(replace(device, last_seen=earlier, country="DE"))
        await tx.devices.put(replace(device, last_seen=None, country="DE"))

    async with any_store.read() as tx:
        assert await tx.devices.find(device.id) == replace(device, country="DE")


async def test_a_device_never_heard_from_is_seen_when_it_is_touched(
    any_store: Store, a_device: Make
) -> None:
    device, at = a_device(last_seen=None), a_device().last_seen
    assert at is not None

    async with any_store.begin() as tx:
        await tx.devices.put(device)
        await tx.devices.touch(device.id, at=at)

    async with any_store.read() as tx:
        assert await tx.devices.find(device.id) == replace(device, last_seen=at)


async def test_touching_an_unknown_device_is_an_error(any_store: Store, a_device: Make) -> None:
    at = a_device().last_seen
    assert at is not None
    with pytest.raises(NotFound):
        async with any_store.begin() as tx:
            await tx.devices.touch(DeviceId("nobody"), at=at)


async def test_a_time_without_its_zone_is_refused(any_store: Store, device: Device) -> None:
    assert device.last_seen is not None
    with pytest.raises(InvalidInput):
        async with any_store.begin() as tx:
            await tx.devices.put(replace(device, last_seen=device.last_seen.replace(tzinfo=None)))


async def test_pages_follow_each_other_by_id(any_store: Store, a_device: Make) -> None:
    async with any_store.begin() as tx:
        for name in "cab":
            await tx.devices.put(a_device(id=DeviceId(name)))

    async with any_store.read() as tx:
        first = await tx.devices.list(NORTH, limit=2)
        rest = await tx.devices.list(NORTH, limit=2, after=first[-1].id)

    assert [device.id for device in first + rest] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("search", "found"),
    [("hub", ["hub", "hub2"]), ("S/N_1", ["hub2"]), ("%", []), (" hub2 ", ["hub2"]), ("n_11", [])],
)
async def test_search_looks_for_the_very_text_anywhere(
    any_store: Store, a_device: Make, search: str, found: list[str]
) -> None:
    async with any_store.begin() as tx:
        await tx.devices.put(a_device(id=DeviceId("hub"), serial="SN11"))
        await tx.devices.put(a_device(id=DeviceId("hub2"), serial="s/n_12"))
        await tx.devices.put(a_device(id=DeviceId("box"), model="Box"))

    async with any_store.read() as tx:
        assert [device.id for device in await tx.devices.list(NORTH, search=search)] == found


async def test_devices_are_found_below_nodes_and_in_homes(any_store: Store, a_device: Make) -> None:
    site = Site(id=SiteId("home"), tenant=NORTH, name="A home")
    nodes = [
        AccessNode(id=NodeId(name), tenant=NORTH, kind=NodeKind.SPLITTER, name=name)
        for name in ("s1", "s2", "s3")
    ]
    async with any_store.begin() as tx:
        await tx.sites.put(site)
        for node in nodes:
            await tx.nodes.put(node)
            await tx.devices.put(
                a_device(id=DeviceId(f"on-{node.id}"), access_node=node.id, site=site.id),
                a_device(id=DeviceId(f"also-{node.id}"), access_node=node.id),
            )

    async with any_store.read() as tx:
        below = await tx.devices.first_below(NORTH, [NodeId("s1"), NodeId("s3")], each=2)
        assert below == [("s1", "also-s1"), ("s3", "also-s3"), ("s1", "on-s1"), ("s3", "on-s3")]
        first = await tx.devices.first_below(NORTH, [NodeId("s1"), NodeId("s2")], each=1)
        assert first == [("s1", "also-s1"), ("s2", "also-s2")]
        assert await tx.devices.first_below(SOUTH, [NodeId("s1")], each=9) == []
        assert await tx.devices.first_below(NORTH, [], each=9) == []
        some = await tx.devices.some(NORTH, [DeviceId("on-s2"), DeviceId("also-s3"), DeviceId("x")])
        assert [device.id for device in some] == ["also-s3", "on-s2"]
        assert await tx.devices.some(SOUTH, [DeviceId("on-s2")]) == []
        assert len(await tx.devices.at_site(NORTH, site.id)) == 3
        assert await tx.devices.at_site(SOUTH, site.id) == []


async def test_a_device_of_an_unknown_subscriber_is_refused(
    any_store: Store, a_device: Make
) -> None:
    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.devices.put(a_device(subscriber=SubscriberId("nobody")))

    async with any_store.read() as tx:
        assert await tx.devices.list(NORTH) == []


async def test_those_who_only_called_were_heard_from_and_are_as_they_were(
    any_store: Store, a_device: Callable[..., Device]
) -> None:
    early, late = a_device(id=DeviceId("d1")), a_device(id=DeviceId("d2"))
    never = a_device(id=DeviceId("d3"), last_seen=None)
    assert early.last_seen is not None
    now = early.last_seen + timedelta(minutes=5)
    late = replace(late, last_seen=now + timedelta(minutes=1))
    async with any_store.begin() as tx:
        await tx.devices.put(early, late, never)
        await tx.devices.heard([early.id, late.id, never.id, DeviceId("nobody")], now)
        await tx.devices.heard([], now + timedelta(days=1))
        found = {each.id: each for each in await tx.devices.known([early.id, late.id, never.id])}

    assert found == {
        "d1": replace(early, last_seen=now),
        "d2": late,  # when it was last seen never goes back
        "d3": replace(never, last_seen=now),
    }
