"""Where a device lies: the scopes within which changes and troubles are counted."""

from collections.abc import Iterable

from brain.domain.device import Device
from brain.domain.identity import NodeId
from brain.domain.topology import AccessNode, NodeKind, Scope, ScopeKind, software_id
from brain.domain.usage import Scopes
from brain.topology.reads import AccessReads, FleetReads

_PORTS = frozenset({NodeKind.PORT, NodeKind.CELL})
_HEADS = frozenset({NodeKind.OLT, NodeKind.CMTS})


async def scopes(tx: AccessReads, device: Device) -> Scopes:
    """The device's own, and the nearest port and head end above it, as far as somebody entered."""
    way = await way_up(tx, device)
    return Scopes(
        tenant=device.tenant,
        device=device.id,
        model=f"{device.manufacturer}\x1f{device.model}",
        site=device.site,
        port=_nearest(way, _PORTS),
        olt=_nearest(way, _HEADS),
    )


async def in_common(tx: FleetReads, device: Device) -> list[Scope]:
    """All that a device has in common with others, the nearest access node first."""
    way = await way_up(tx, device)
    found = [Scope(kind=ScopeKind(node.kind), id=node.id) for node in way]
    if device.firmware:
        version = software_id(device.manufacturer, device.model, device.firmware)
        found.append(Scope(kind=ScopeKind.SOFTWARE, id=version))
    area = device.site and await tx.sites.area(device.tenant, device.site)
    return [*found, Scope(kind=ScopeKind.AREA, id=area)] if area else found


async def way_up(tx: AccessReads, device: Device) -> list[AccessNode]:
    """What the device hangs from, nearest first; empty when it hangs from nowhere."""
    if device.access_node is None:
        return []
    return await tx.nodes.way_up(device.tenant, device.access_node)


def _nearest(way: Iterable[AccessNode], kinds: frozenset[NodeKind]) -> NodeId | None:
    return next((node.id for node in way if node.kind in kinds), None)
