"""The part of the network around one device: its way up, who shares it, and its own home.

Loaded by neighbourhood and never whole: below each ancestor only so many branches, and so many
devices in each, evenly spread and the same each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

import networkx as nx

from brain.domain.device import Device
from brain.domain.identity import NodeId, TenantId
from brain.domain.topology import AccessNode
from brain.topology.home import HOME, Home
from brain.topology.reads import Reads

Key = tuple[str, str]
"""``("access", id)``, ``("device", id)``, or a path of the home: ``("radio", path)``,
``("access_point", path)``, ``("client", path)``. Access nodes and devices carry their ``noun``."""
Graph: TypeAlias = "nx.Graph[Key]"  # at run time networkx takes no subscript

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far to look."""

    branches: int = 8
    """Below each ancestor, beside the own one."""
    nodes: int = 32
    """In each branch."""
    devices: int = 32
    """Below each ancestor, beside those below the one before."""


NEAR: Final = Reach()


async def neighbourhood(tx: Reads, device: Device, reach: Reach = NEAR) -> Graph:
    """The graph around this device. A device that hangs from nowhere has a home alone."""
    graph: Graph = nx.Graph(device=device.id)
    way = await _way_up(tx, device)
    graph.graph["ancestors"] = tuple(way)
    for node in reversed(way):  # parents first, so that there is something to hang from
        _add_access(graph, node)
    _add_device(graph, device)
    below: AccessNode | None = None
    for ancestor in way:
        await _add_siblings(tx, graph, ancestor, below, reach)
        below = ancestor
    snapshot = await tx.snapshots.latest(device.tenant, device.id, below=HOME)
    if snapshot is not None:
        _add_home(graph, device, Home(snapshot=snapshot))
    return graph


def ancestors(graph: Graph) -> tuple[AccessNode, ...]:
    """What the device hangs from, nearest first."""
    way: tuple[AccessNode, ...] = graph.graph["ancestors"]
    return way


def siblings(graph: Graph) -> list[tuple[Device, tuple[NodeId, ...]]]:
    """The other devices, each with the nodes it hangs from, nearest first."""
    found = []
    for key in graph:
        if key[0] == "device" and key[1] != graph.graph["device"]:
            device: Device = graph.nodes[key]["noun"]
            found.append((device, _above(graph, device.access_node)))
    return found


def _above(graph: Graph, node: NodeId | None) -> tuple[NodeId, ...]:
    way: list[NodeId] = []
    while node is not None and ("access", node) in graph and node not in way:
        way.append(node)
        node = graph.nodes["access", node]["noun"].parent
    return tuple(way)


async def _way_up(tx: Reads, device: Device) -> list[AccessNode]:
    if device.access_node is None:
        return []
    nearest = await tx.nodes.get(device.tenant, device.access_node)
    above = await tx.nodes.ancestors(device.tenant, device.access_node)
    return ([nearest] if nearest else []) + above


def _add_access(graph: Graph, node: AccessNode) -> None:
    graph.add_node(("access", node.id), noun=node)
    if node.parent is not None:
        parent = ("access", node.parent)
        if parent in graph:
            graph.add_edge(("access", node.id), parent)


def _add_device(graph: Graph, device: Device) -> None:
    graph.add_node(("device", device.id), noun=device)
    above = ("access", str(device.access_node))
    if above in graph:
        graph.add_edge(("device", device.id), above)


async def _add_siblings(
    tx: Reads, graph: Graph, ancestor: AccessNode, below: AccessNode | None, reach: Reach
) -> None:
    """Those below this ancestor that are not below the one before it."""
    children = await tx.nodes.children(ancestor.tenant, ancestor.id)
    others = [child for child in children if below is None or child.id != below.id]
    chosen = _spread(others, reach.branches)
    branches = [[ancestor], *[await _branch(tx, each, reach.nodes) for each in chosen]]
    each_may = max(1, reach.devices // len(branches))
    for branch in branches:
        limit = reach.devices if len(branches) == 1 else each_may
        await _add_branch(tx, graph, ancestor.tenant, branch, limit)


async def _branch(tx: Reads, top: AccessNode, limit: int) -> list[AccessNode]:
    """This node and what hangs below it, level by level, up to so many."""
    found = [top]
    for node in found:
        if len(found) >= limit:
            break
        children = await tx.nodes.children(node.tenant, node.id)
        known = {each.id for each in found}
        found += [child for child in children if child.id not in known]
    return found[:limit]


async def _add_branch(
    tx: Reads, graph: Graph, tenant: TenantId, branch: Sequence[AccessNode], limit: int
) -> None:
    for node in branch:
        _add_access(graph, node)
    ids = [node.id for node in branch]
    # One more than wanted: the device itself may be among them.
    found = await tx.devices.below(tenant, ids, limit + 1)
    for device in [each for each in found if ("device", each.id) not in graph][:limit]:
        _add_device(graph, device)


def _spread(items: Sequence[_T], count: int) -> list[_T]:
    """So many of them, evenly spaced, and the same ones each time."""
    if len(items) <= count:
        return list(items)
    return [items[place * len(items) // count] for place in range(count)]


def _add_home(graph: Graph, device: Device, home: Home) -> None:
    gateway = ("device", str(device.id))
    graph.add_edges_from((gateway, ("radio", path)) for path in home.radios)
    for path in home.access_points:
        radio = ("radio", home.radio_of(home.network_of(path)))
        graph.add_edge(("access_point", path), radio if radio in graph else gateway)
    for client in home.clients or ():
        above = [("access_point", client.access_point), ("radio", client.link)]
        known = next((key for key in above if key in graph), gateway)
        graph.add_edge(("client", client.row), known)
