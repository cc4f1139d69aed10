"""Where a device lies: the scopes within which changes are counted."""

from collections.abc import Iterable

from brain.domain.device import Device
from brain.domain.identity import NodeId
from brain.domain.topology import AccessNode, NodeKind
from brain.domain.usage import Scopes
from brain.topology.reads import Reads

_PORTS = frozenset({NodeKind.PORT, NodeKind.CELL})
_HEADS = frozenset({NodeKind.OLT, NodeKind.CMTS})


async def scopes(tx: Reads, device: Device) -> Scopes:
    """The device's own, and the nearest port and head end above it, as far as somebody entered."""
    way: list[AccessNode] = []
    if device.access_node is not None:
        nearest = await tx.nodes.get(device.tenant, device.access_node)
        above = await tx.nodes.ancestors(device.tenant, device.access_node)
        way = [*([nearest] if nearest else []), *above]
    return Scopes(
        tenant=device.tenant,
        device=device.id,
        model=f"{device.manufacturer}\x1f{device.model}",
        site=device.site,
        port=_nearest(way, _PORTS),
        olt=_nearest(way, _HEADS),
    )


def _nearest(way: Iterable[AccessNode], kinds: frozenset[NodeKind]) -> NodeId | None:
    return next((node.id for node in way if node.kind in kinds), None)
