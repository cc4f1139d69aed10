"""The access network is walked up and down, nearest first, and a circle does not hang it."""

import pytest

from brain.domain.errors import Conflict
from brain.domain.identity import NodeId, TenantId
from brain.domain.topology import AccessNode, NodeKind
from brain.store.store import Store

EAST, NORTH, SOUTH = TenantId("east"), TenantId("north"), TenantId("south")


def node(name: str, parent: str | None = None, tenant: TenantId = NORTH) -> AccessNode:
    kind = {"o": NodeKind.OLT, "p": NodeKind.PORT, "s": NodeKind.SPLITTER}[name[0]]
    hangs = NodeId(parent) if parent else None
    return AccessNode(
        id=NodeId(name), tenant=tenant, kind=kind, name=f"{name} of {tenant}", parent=hangs
    )


@pytest.fixture
async def network(any_store: Store) -> Store:
    async with any_store.begin() as tx:
        for each in (
            node("olt"),
            node("p1", "olt"),
            node("p2", "olt"),
            node("s1", "p1"),
            node("s2", "p1"),
        ):
            await tx.nodes.put(each)
        for tenant in (EAST, SOUTH):  # the same names hang the other way round
            await tx.nodes.put(node("p2", tenant=tenant))
            await tx.nodes.put(node("p1", "p2", tenant=tenant))
            await tx.nodes.put(node("olt", "p1", tenant=tenant))
    return any_store


async def test_ancestors_come_nearest_first(network: Store) -> None:
    async with network.read() as tx:
        assert await tx.nodes.ancestors(NORTH, NodeId("s1")) == [node("p1", "olt"), node("olt")]
        assert await tx.nodes.ancestors(NORTH, NodeId("olt")) == []
        assert await tx.nodes.ancestors(SOUTH, NodeId("s1")) == []


async def test_the_way_up_begins_with_the_node_itself(network: Store) -> None:
    async with network.read() as tx:
        assert [each.id for each in await tx.nodes.way_up(NORTH, NodeId("s1"))] == [
            *("s1", "p1", "olt"),
        ]
        assert await tx.nodes.way_up(NORTH, NodeId("nowhere")) == []


async def test_children_come_by_parent_and_so_many_of_each(network: Store) -> None:
    parents = [NodeId("olt"), NodeId("p1"), NodeId("s1")]
    async with network.read() as tx:
        every = await tx.nodes.children(NORTH, parents)
        first = await tx.nodes.children(NORTH, parents, each=1)
        assert await tx.nodes.children(NORTH, []) == []

    assert [each.id for each in every] == ["p1", "p2", "s1", "s2"]
    assert first == [node("p1", "olt"), node("s1", "p1")]


async def test_descendants_come_nearest_first(network: Store) -> None:
    async with network.read() as tx:
        below = await tx.nodes.descendants(NORTH, NodeId("olt"))

    assert below == [node("p1", "olt"), node("p2", "olt"), node("s1", "p1"), node("s2", "p1")]


async def test_kinds(network: Store) -> None:
    async with network.read() as tx:
        assert await tx.nodes.list(NORTH, NodeKind.OLT) == [node("olt")]
        assert len(await tx.nodes.list(NORTH)) == 5
        assert await tx.nodes.get(NORTH, NodeId("p2")) == node("p2", "olt")
        assert await tx.nodes.get(SOUTH, NodeId("s1")) is None


async def test_a_circle_is_walked_once(network: Store) -> None:
    async with network.begin() as tx:
        await tx.nodes.put(node("olt", "s1"))

    async with network.read() as tx:
        above = await tx.nodes.ancestors(NORTH, NodeId("s1"))
        below = await tx.nodes.descendants(NORTH, NodeId("olt"))

    assert [each.id for each in above] == ["p1", "olt"]
    assert [each.id for each in below] == ["p1", "p2", "s1", "s2"]


async def test_a_node_cannot_hang_from_what_is_not_stored(any_store: Store) -> None:
    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.nodes.put(node("p1", "olt"))
