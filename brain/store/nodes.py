"""The access network: nodes, each hanging from another."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Row,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    func,
    literal,
    select,
)

from brain.domain.identity import NodeId, TenantId
from brain.domain.topology import AccessNode, NodeKind
from brain.store.among import among
from brain.store.columns import metadata, one_of, words
from brain.store.repository import Repository, columns_of

_DEEPEST = 32  # ends a walk through an inventory that hangs nodes in a circle

nodes = Table(
    "nodes",
    metadata,
    words("tenant", key=True),
    words("id", key=True),
    one_of("kind", NodeKind),
    words("name"),
    Column("parent", Text),
    ForeignKeyConstraint(["tenant", "parent"], ["nodes.tenant", "nodes.id"]),
    Index(None, "tenant", "parent", "id"),
)
_of_tenant = nodes.c.tenant == bindparam("tenant")
_get = select(nodes).where(_of_tenant, nodes.c.id == bindparam("id"))
_place = func.row_number().over(partition_by=nodes.c.parent, order_by=nodes.c.id).label("place")
_below = select(nodes, _place).where(_of_tenant, among(nodes.c.parent, "parents")).subquery("below")
_children = (
    select(_below).where(_below.c.place <= bindparam("each")).order_by(_below.c.parent, _below.c.id)
)
_all = select(nodes).where(_of_tenant).order_by(nodes.c.id)
_of_kind = _all.where(nodes.c.kind == bindparam("kind"))


def _walk(*, up: bool) -> Select[Any]:
    """The node itself and every one above or below it, nearest first."""
    columns = (nodes.c.tenant, nodes.c.id, nodes.c.parent)
    start = select(*columns, literal(0).label("steps")).where(
        _of_tenant, nodes.c.id == bindparam("id")
    )
    seen = start.cte("seen", recursive=True)
    link = nodes.c.id == seen.c.parent if up else nodes.c.parent == seen.c.id
    further = select(*columns, seen.c.steps + 1).where(
        nodes.c.tenant == seen.c.tenant, link, seen.c.steps < _DEEPEST
    )
    seen = seen.union_all(further)
    return (
        select(nodes, seen.c.steps)
        .join(seen, and_(nodes.c.tenant == seen.c.tenant, nodes.c.id == seen.c.id))
        .order_by(seen.c.steps, nodes.c.id)
    )


_ancestors = _walk(up=True)
_descendants = _walk(up=False)


class Nodes(Repository):
    """Kept by id, walked by parent."""

    __slots__ = ()

    async def get(self, tenant: TenantId, node: NodeId) -> AccessNode | None:
        """The node, or None when the tenant has none of that id."""
        row = await self._db.row(_get, {"tenant": tenant, "id": node})
        return None if row is None else _node(row)

    async def put(self, node: AccessNode) -> None:
        """Add it, or replace the one of the same id. Conflict when its parent is not stored."""
        await self._upsert(nodes, columns_of(node))

    async def children(
        self, tenant: TenantId, parents: Collection[NodeId], *, each: int = 256
    ) -> "list[AccessNode]":
        """What hangs directly from these nodes, ``each`` from one at most, by parent and id."""
        values = {"tenant": tenant, "parents": [*parents], "each": each}
        return [_node(row) for row in await self._db.rows(_children, values)]

    async def way_up(self, tenant: TenantId, node: NodeId) -> "list[AccessNode]":
        """This node and what it hangs from, nearest first; empty when nobody entered it."""
        return _once(await self._db.rows(_ancestors, {"tenant": tenant, "id": node}))

    async def ancestors(self, tenant: TenantId, node: NodeId) -> list[AccessNode]:
        """What this node hangs from, nearest first, without itself."""
        return (await self.way_up(tenant, node))[1:]

    async def descendants(self, tenant: TenantId, node: NodeId) -> list[AccessNode]:
        """All that hangs below this node, nearest first, without itself."""
        return _once(await self._db.rows(_descendants, {"tenant": tenant, "id": node}))[1:]

    async def list(self, tenant: TenantId, kind: NodeKind | None = None) -> list[AccessNode]:
        """Every node of the tenant, or of one kind, by id."""
        values = {"tenant": tenant} if kind is None else {"tenant": tenant, "kind": kind}
        rows = await self._db.rows(_all if kind is None else _of_kind, values)
        return [_node(row) for row in rows]


def _node(row: Row[Any]) -> AccessNode:
    return AccessNode(id=row.id, tenant=row.tenant, kind=row.kind, name=row.name, parent=row.parent)


def _once(rows: Sequence[Row[Any]]) -> "list[AccessNode]":
    """Each node where it was met first: in a circle a walk comes by again."""
    met: dict[str, AccessNode] = {}
    for row in rows:
        met.setdefault(row.id, _node(row))
    return [*met.values()]
