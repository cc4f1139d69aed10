"""Facts about the access network and the home, as planner and policy use them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from brain.domain.identity import DeviceId, NodeId, TenantId

SOFTWARE_PARTS = "\x1f"
"""What stands between the parts of a ``software_id``."""


def software_id(manufacturer: str, model: str, firmware: str) -> str:
    """One name for a version of the software of one model; two makers may call theirs the same."""
    return SOFTWARE_PARTS.join((manufacturer, model, firmware))


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


class ScopeKind(StrEnum):
    """What devices may have in common: a kind of access node, their software, or where they are."""

    OLT = "olt"
    PORT = "port"
    SPLITTER = "splitter"
    CMTS = "cmts"
    CELL = "cell"
    SOFTWARE = "software"
    AREA = "area"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """All devices that have one thing in common."""

    kind: ScopeKind
    id: str
    """A node's id, ``software_id`` of a version, or a keyed digest of an area's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlastRadius:
    """Who a change reaches. None is unknown, and never nobody."""

    clients: int | None
    """Of the home itself: what hangs from the radio, the port, the network that is changed."""
    others: int | None
    """Devices of other homes."""
    sharing: Mapping[ScopeKind, int] = field(default_factory=dict)
    """How many other devices share its splitter, port, head end, software and area, whether the
    change reaches them or not: who gets the same change next, if it goes to all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What counts as trouble at one look over a fleet: silence, a lost line, a restart."""

    now: datetime
    within: timedelta = timedelta(hours=1)
    """How far back a lost line and a restart count."""
    missed: int = 3
    """So many periodic Informs in a row that did not come are silence."""
    shortest: timedelta = timedelta(hours=1)
    """Silence is never shorter."""
    quiet: timedelta = timedelta(hours=26)
    """What is silence for a device whose interval nobody knows."""
    gone: timedelta = timedelta(days=14)
    """Of a device that is silent for longer, nobody knows how it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many devices of a scope are in trouble, of those of which that can be told."""

    scope: Scope
    suffering: int
    known: int
    looked_at: int
    """How many scopes of this kind were counted beside each other, this one included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """One look at a whole fleet. It holds its most conspicuous scopes, and never its devices."""

    suffering: int
    known: int
    tallies: tuple[Tally, ...]
    kinds: int
    """How many kinds of scopes were looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCause:
    """Something in common of so many who are in trouble that it is not chance."""

    scope: Scope
    name: str
    """For people: the node's name, the make and version, the area."""
    suffering: int
    known: int
    expected: float
    """How many would be, at the rate of everybody else."""
    chance: float
    """How likely a healthy fleet shows anything like it anywhere, at one look."""


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
