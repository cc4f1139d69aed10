"""The operator's invented access network: who hangs from which splitter, modem system or cell."""

from dataclasses import dataclass, field

from brain.domain.identity import NodeId, TenantId
from brain.domain.topology import AccessNode, NodeKind
from evals.homes.optics import Feeder

TENANT = TenantId("default")
BAD_PORT = NodeId("olt-alder-1-4")
"""The port whose shared fibre is bent, so that all its homes lose light."""
GOOD_PORT = NodeId("olt-alder-1-3")
CABLE = NodeId("cmts-birch")
CELL = NodeId("cell-hill")
_BEND_DB = 8.5


def nodes() -> tuple[AccessNode, ...]:
    """Every node, parents before children."""
    olt = NodeId("olt-alder")
    return (
        _node(olt, NodeKind.OLT, "Alder Street OLT"),
        _node(GOOD_PORT, NodeKind.PORT, "Alder Street OLT, PON 1/3", olt),
        _node(NodeId("splitter-a1"), NodeKind.SPLITTER, "Alder Street 2-20", GOOD_PORT),
        _node(NodeId("splitter-a2"), NodeKind.SPLITTER, "Alder Street 22-40", GOOD_PORT),
        _node(BAD_PORT, NodeKind.PORT, "Alder Street OLT, PON 1/4", olt),
        _node(NodeId("splitter-b1"), NodeKind.SPLITTER, "Mill Lane 1-15", BAD_PORT),
        _node(NodeId("splitter-b2"), NodeKind.SPLITTER, "Mill Lane 17-31", BAD_PORT),
        _node(CABLE, NodeKind.CMTS, "Birch Road CMTS"),
        _node(CELL, NodeKind.CELL, "Hill top cell"),
    )


GOOD_SPLITTERS = (NodeId("splitter-a1"), NodeId("splitter-a2"))
BAD_SPLITTERS = (NodeId("splitter-b1"), NodeId("splitter-b2"))


@dataclass(frozen=True, slots=True)
class Fibres:
    """The shared fibre of each port. Mend or bend it, and all its homes follow."""

    good: Feeder = field(default_factory=Feeder)
    bad: Feeder = field(default_factory=lambda: Feeder(bend_db=_BEND_DB))

    def behind(self, node: NodeId) -> Feeder:
        """The feeder that a splitter hangs from."""
        return self.bad if node in BAD_SPLITTERS else self.good


def _node(id: NodeId, kind: NodeKind, name: str, parent: NodeId | None = None) -> AccessNode:
    return AccessNode(id=id, tenant=TENANT, kind=kind, name=name, parent=parent)
