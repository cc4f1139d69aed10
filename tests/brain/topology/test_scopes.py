"""Where a device lies is what hangs above it, nearest first."""

from dataclasses import replace

import pytest

from brain.domain.device import Device
from brain.domain.identity import DeviceId, NodeId, SiteId, TenantId
from brain.domain.topology import AccessNode, NodeKind
from brain.store.store import Store
from brain.topology.scopes import scopes

NORTH = TenantId("north")
DEVICE = Device(
    id=DeviceId("00D09E-G1-1"),
    tenant=NORTH,
    oui="00D09E",
    product_class="G1",
    serial="1",
    model="Hub 3",
)


async def hung(store: Store, *kinds: NodeKind) -> Device:
    """The device below these nodes, the topmost first."""
    parent: NodeId | None = None
    async with store.begin() as tx:
        for number, kind in enumerate(kinds):
            node = NodeId(f"{kind}-{number}")
            await tx.nodes.put(
                AccessNode(id=node, tenant=NORTH, kind=kind, name=node, parent=parent)
            )
            parent = node
    return replace(DEVICE, access_node=parent)


@pytest.mark.parametrize(
    ("kinds", "port", "olt"),
    [
        ((), None, None),
        ((NodeKind.OLT, NodeKind.PORT, NodeKind.SPLITTER), "port-1", "olt-0"),
        ((NodeKind.OLT, NodeKind.PORT), "port-1", "olt-0"),
        ((NodeKind.OLT, NodeKind.PORT, NodeKind.PORT), "port-2", "olt-0"),
        ((NodeKind.OLT,), None, "olt-0"),
        ((NodeKind.CMTS, NodeKind.PORT), "port-1", "cmts-0"),
        ((NodeKind.CELL,), "cell-0", None),
        ((NodeKind.SPLITTER,), None, None),
    ],
)
async def test_the_nearest_port_and_head_end_are_found(
    store: Store, kinds: tuple[NodeKind, ...], port: str | None, olt: str | None
) -> None:
    device = await hung(store, *kinds)

    async with store.read() as tx:
        found = await scopes(tx, device)

    assert (found.port, found.olt) == (port, olt)


async def test_the_rest_is_the_devices_own(store: Store) -> None:
    async with store.read() as tx:
        found = await scopes(tx, replace(DEVICE, site=SiteId("home")))

    assert (found.tenant, found.device) == (NORTH, DEVICE.id)
    assert found.model.endswith("Hub 3")
    assert found.site == "home"


async def test_models_of_two_manufacturers_are_two_however_they_are_called(store: Store) -> None:
    async with store.read() as tx:
        ours = await scopes(tx, replace(DEVICE, manufacturer="Acme"))
        theirs = await scopes(tx, replace(DEVICE, manufacturer="Other"))
        split = await scopes(tx, replace(DEVICE, manufacturer="Acme Hub", model="3"))

    assert len({ours.model, theirs.model, split.model}) == 3


async def test_what_hangs_in_a_circle_is_walked_once(store: Store) -> None:
    device = await hung(store, NodeKind.OLT, NodeKind.PORT)
    ring = AccessNode(
        id=NodeId("olt-0"), tenant=NORTH, kind=NodeKind.OLT, name="", parent=NodeId("port-1")
    )
    async with store.begin() as tx:
        await tx.nodes.put(ring)

    async with store.read() as tx:
        assert (await scopes(tx, device)).olt == "olt-0"
