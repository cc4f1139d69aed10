"""What topology reads of the store: a part of its transaction, named here for the layers' sake."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from brain.domain.device import Device, Site
from brain.domain.history import Event
from brain.domain.identity import DeviceId, NodeId, SiteId, TenantId
from brain.domain.parameter import Snapshot
from brain.domain.thing import Household
from brain.domain.topology import AccessNode, Census, Look, Scope


class Nodes(Protocol):
    """The access network."""

    async def get(self, tenant: TenantId, node: NodeId) -> AccessNode | None:
        """The node."""

    async def children(
        self, tenant: TenantId, parents: Collection[NodeId], *, each: int = 256
    ) -> list[AccessNode]:
        """What hangs directly from these nodes, ``each`` from one at most, by parent and id."""

    async def way_up(self, tenant: TenantId, node: NodeId) -> list[AccessNode]:
        """This node and what it hangs from, nearest first; empty when nobody entered it."""


class Devices(Protocol):
    """The inventory."""

    async def some(self, tenant: TenantId, ids: Collection[DeviceId]) -> list[Device]:
        """Those of these devices that the tenant has, by id."""

    async def first_below(
        self, tenant: TenantId, nodes: Collection[NodeId], *, each: int
    ) -> list[tuple[NodeId, DeviceId]]:
        """Node and id of the first devices that hang directly from each of these nodes, by id."""


class Snapshots(Protocol):
    """What devices said."""

    async def latest(
        self, tenant: TenantId, device: DeviceId, *, below: Sequence[str] = ()
    ) -> Snapshot | None:
        """What the device said, of these objects when given; None when it never said anything."""

    async def latest_of(
        self, tenant: TenantId, devices: Collection[DeviceId], *, below: Sequence[str]
    ) -> dict[DeviceId, Snapshot]:
        """``latest`` of many devices; one that said nothing of these objects is left out."""


class Events(Protocol):
    """What happened to devices."""

    async def became(
        self,
        tenant: TenantId,
        devices: Collection[DeviceId],
        values: Collection[str],
        *,
        since: datetime,
        each: int = 50,
    ) -> list[Event]:
        """The changes of any parameter to one of these values, the newest of each device."""


class Households(Protocol):
    """What else speaks in homes."""

    async def get(self, tenant: TenantId, device: DeviceId) -> Household | None:
        """What is known; None where nothing ever spoke."""


class Troubles(Protocol):
    """How many are in trouble, counted by the database."""

    async def census(
        self,
        tenant: TenantId,
        look: Look,
        *,
        without: Sequence[Scope] = (),
        suffering: int = 3,
        known: int = 4,
        most: int = 50,
    ) -> Census:
        """The scopes that stand out from the rest of the fleet."""

    async def members(self, tenant: TenantId, scope: Scope, *, limit: int) -> int:
        """How many devices lie in a scope, counted no further than ``limit``."""


class Sites(Protocol):
    """Places with devices in them."""

    async def area(self, tenant: TenantId, site: SiteId) -> str | None:
        """The digest of the area that a site lies in."""

    async def of_area(self, tenant: TenantId, area: str) -> Site | None:
        """Any one site of an area."""


class AccessReads(Protocol):
    """What looking up from a device reads of the store."""

    @property
    def nodes(self) -> Nodes:
        """The access network."""


class FleetReads(AccessReads, Protocol):
    """What looking at a whole fleet reads of it: ``brain.store.transaction.Transaction`` is one."""

    @property
    def sites(self) -> Sites:
        """Homes, by area."""

    @property
    def troubles(self) -> Troubles:
        """Who is in trouble, and how many lie in a scope."""


class Reads(FleetReads, Protocol):
    """What looking around a device reads of it."""

    @property
    def devices(self) -> Devices:
        """The inventory."""

    @property
    def snapshots(self) -> Snapshots:
        """What devices said."""

    @property
    def events(self) -> Events:
        """What happened to devices."""

    @property
    def households(self) -> Households:
        """What else speaks in homes."""
