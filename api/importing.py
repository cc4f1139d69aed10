"""Takes an inventory in: all of a document or nothing, and never over what devices say."""

from collections.abc import Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from api.needs import Gatewright
from api.shapes.inventory import DeviceEntry, Imported, Inventory, NodeEntry
from brain.domain.canonical import Json
from brain.domain.device import Device, Site, Subscriber, device_id
from brain.domain.errors import Conflict, InvalidInput
from brain.domain.identity import DeviceId, NodeId, Principal, SiteId, SubscriberId, TenantId
from brain.domain.topology import AccessNode
from brain.store.transaction import Transaction


async def import_inventory(
    gatewright: Gatewright, who: Principal, inventory: Inventory
) -> Imported:
    """Keep it all in one transaction, with an audit entry.

    Raises InvalidInput, naming the entry, for a reference to what is neither in the document nor
    known, and for access nodes that hang from themselves; Conflict for a device that cannot be
    taken in because it is not this tenant's.
    """
    nodes = parents_first(inventory.nodes)
    counts = Imported(
        sites=len(inventory.sites),
        subscribers=len(inventory.subscribers),
        nodes=len(inventory.nodes),
        devices=len(inventory.devices),
    )
    payload: dict[str, Json] = dict(counts.model_dump())
    async with gatewright.store.begin() as tx:
        await _Import(tx, who.tenant).take(inventory, nodes)
        await gatewright.audit.append(
            tx,
            tenant=who.tenant,
            actor=str(who.id),
            kind="inventory.imported",
            payload=payload,
        )
    return counts


def parents_first(nodes: Sequence[NodeEntry]) -> list[tuple[int, NodeEntry]]:
    """The nodes, each after the one it hangs from, with their places in the document.

    Raises InvalidInput, naming a place, for nodes that hang from themselves.
    """
    place = {node.id: index for index, node in enumerate(nodes)}
    above = {node.id: [node.parent] if node.parent in place else [] for node in nodes}
    try:
        order = list(TopologicalSorter(above).static_order())
    except CycleError as error:
        raise InvalidInput(
            "the node hangs from itself",
            field=f"nodes.{place[error.args[1][0]]}.parent",
            remedy="Name the piece of the network above it.",
        ) from None
    return [(place[name], nodes[place[name]]) for name in order]


class _Import:
    """One import, within one transaction. Sites come first, since the rest refers to them."""

    def __init__(self, tx: Transaction, tenant: TenantId) -> None:
        self._tx = tx
        self._tenant = tenant

    async def take(self, inventory: Inventory, nodes: Sequence[tuple[int, NodeEntry]]) -> None:
        """Keep every entry, the nodes in this order."""
        await self._sites(inventory)
        await self._subscribers(inventory)
        for index, node in nodes:
            await self._node_entry(node, f"nodes.{index}.parent")
        for index, entry in enumerate(inventory.devices):
            await self._device(entry, f"devices.{index}")

    async def _sites(self, inventory: Inventory) -> None:
        for entry in inventory.sites:
            await self._tx.sites.put(
                Site(
                    id=SiteId(entry.id),
                    tenant=self._tenant,
                    name=entry.name,
                    area=entry.area,
                    country=entry.country,
                )
            )

    async def _subscribers(self, inventory: Inventory) -> None:
        for index, entry in enumerate(inventory.subscribers):
            await self._tx.subscribers.put(
                Subscriber(
                    id=SubscriberId(entry.id),
                    tenant=self._tenant,
                    name=entry.name,
                    site=await self._site(entry.site, f"subscribers.{index}.site"),
                    plan=entry.plan,
                )
            )

    async def _node_entry(self, entry: NodeEntry, field: str) -> None:
        await self._tx.nodes.put(
            AccessNode(
                id=NodeId(entry.id),
                tenant=self._tenant,
                kind=entry.kind,
                name=entry.name,
                parent=await self._node(entry.parent, field),
            )
        )

    async def _device(self, entry: DeviceEntry, field: str) -> None:
        name = device_id(entry.oui, entry.product_class, entry.serial)
        known = await self._own(name, field)
        fresh = known or Device(
            id=name,
            tenant=self._tenant,
            oui=entry.oui,
            product_class=entry.product_class,
            serial=entry.serial,
            root=entry.root,
            controller=entry.controller,
        )
        await self._tx.devices.put(
            replace(
                fresh,
                manufacturer=fresh.manufacturer or entry.manufacturer,
                model=fresh.model or entry.model,
                country=entry.country or fresh.country,
                ring=entry.ring or fresh.ring,
                site=await self._site(entry.site, f"{field}.site") or fresh.site,
                subscriber=await self._subscriber(entry.subscriber, f"{field}.subscriber")
                or fresh.subscriber,
                access_node=await self._node(entry.access_node, f"{field}.access_node")
                or fresh.access_node,
            )
        )

    async def _own(self, name: DeviceId, field: str) -> Device | None:
        """The device as it is known. One of another tenant is refused, and nothing more is said."""
        known = await self._tx.devices.find(name)
        if known is not None and known.tenant != self._tenant:
            raise Conflict(
                "this device cannot be taken in",
                field=field,
                remedy="Check its identity; if it is right, ask the operator of this server.",
            )
        return known

    async def _site(self, name: str | None, field: str) -> SiteId | None:
        if name is None:
            return None
        if await self._tx.sites.get(self._tenant, SiteId(name)) is None:
            raise _unknown("site", field)
        return SiteId(name)

    async def _subscriber(self, name: str | None, field: str) -> SubscriberId | None:
        if name is None:
            return None
        if await self._tx.subscribers.get(self._tenant, SubscriberId(name)) is None:
            raise _unknown("subscriber", field)
        return SubscriberId(name)

    async def _node(self, name: str | None, field: str) -> NodeId | None:
        if name is None:
            return None
        if await self._tx.nodes.get(self._tenant, NodeId(name)) is None:
            raise _unknown("access node", field)
        return NodeId(name)


def _unknown(what: str, field: str) -> InvalidInput:
    return InvalidInput(
        f"there is no such {what}", field=field, remedy=f"Put the {what} into the document too."
    )
