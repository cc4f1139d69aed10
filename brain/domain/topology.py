"""Facts about the access network and the home, as planner and policy use them."""

from dataclasses import dataclass
from enum import StrEnum

from brain.domain.identity import DeviceId, NodeId, TenantId


class NodeKind(StrEnum):
    """A node of the access network."""

    OLT = "olt"
    PORT = "port"
    SPLITTER = "splitter"
    CMTS = "cmts"
    CELL = "cell"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessNode:
    """One piece of the access network, and what it hangs from."""

    id: NodeId
    tenant: TenantId
    kind: NodeKind
    name: str
    parent: NodeId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourHealth:
    """How one neighbour on the same access node is."""

    device: DeviceId
    node: NodeId
    """What it hangs from."""
    above: tuple[NodeId, ...] = ()
    """What that node hangs from, nearest first."""
    suffering: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonCause:
    """An access node below which too many suffer for it to be chance."""

    node: NodeId
    kind: NodeKind
    name: str
    suffering: int
    known: int
    """How many devices below the node could be told sick from well."""
