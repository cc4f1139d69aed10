"""What topology reads of the store: a part of its transaction, named here for the layers' sake."""

from collections.abc import Sequence
from typing import Protocol

from brain.domain.device import Device, Site
from brain.domain.identity import DeviceId, NodeId, SiteId, TenantId
from brain.domain.parameter import Snapshot
from brain.domain.ports import Events
from brain.domain.topology import AccessNode, Census, Look, Scope


class Nodes(Protocol):
    """The access network."""

    async def get(self, tenant: TenantId, node: NodeId) -> AccessNode | None:
        """The node."""

    async def children(self, tenant: TenantId, parent: NodeId) -> list[AccessNode]:
        """What hangs directly from it, by id."""

    async def ancestors(self, tenant: TenantId, node: NodeId) -> list[AccessNode]:
        """What it hangs from, nearest first, without itself."""

    async def descendants(self, tenant: TenantId, node: NodeId) -> list[AccessNode]:
        """All that hangs below it, without itself."""


class Devices(Protocol):
    """The inventory."""

    async def below(self, tenant: TenantId, nodes: Sequence[NodeId], limit: int) -> list[Device]:
        """The devices that hang directly from any of these nodes, by id."""


class Snapshots(Protocol):
    """What devices said."""

    async def latest(
        self, tenant: TenantId, device: DeviceId, *, below: Sequence[str] = ()
    ) -> Snapshot | None:
        """What the device said, of these objects when given; None when it never said anything."""


class Reads(Protocol):
    """``brain.store.transaction.Transaction`` is one."""

    @property
    def nodes(self) -> Nodes:
        """The access network."""

    @property
    def devices(self) -> Devices:
        """The inventory."""

    @property
    def snapshots(self) -> Snapshots:
        """What devices said."""

    @property
    def events(self) -> Events:
        """What happened to devices."""


class Sites(Protocol):
    """Places with devices in them."""

    async def area(self, tenant: TenantId, site: SiteId) -> str | None:
        """The digest of the area that a site lies in."""

    async def of_area(self, tenant: TenantId, area: str) -> Site | None:
        """Any one site of an area."""


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


class FleetReads(Protocol):
    """What looking at a whole fleet reads of the store."""

    @property
    def nodes(self) -> Nodes:
        """The access network."""

    @property
    def sites(self) -> Sites:
        """Homes, by area."""

    @property
    def troubles(self) -> Troubles:
        """Who is in trouble."""
