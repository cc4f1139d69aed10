"""The part of the network around one device: its way up, who shares it, and its own home.

Loaded by neighbourhood and never whole: below each ancestor only so many branches, and so many
devices in each, evenly spread and the same each time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

import networkx as nx

from brain.domain.device import Device
from brain.domain.identity import DeviceId, NodeId
from brain.domain.thing import Household, ThingKind
from brain.domain.topology import AccessNode
from brain.topology.home import HOME, Home
from brain.topology.reads import Reads
from brain.topology.scopes import way_up

Key = tuple[str, str]
"""``("access", id)``, ``("device", id)``, or a path of the home: ``("radio", path)``,
``("access_point", path)``, ``("client", path)``, or ``("thing", place)``, which says no name.
Access nodes, devices and things carry their ``noun``."""
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
_WIDEST: Final = 256
"""So many children of an ancestor are chosen from, by id: no head end has more ports."""


async def surroundings(tx: Reads, device: Device, reach: Reach = NEAR) -> Graph:
    """The access network around this device, and who else hangs from it; no home."""
    graph: Graph = nx.Graph(device=device.id)
    way = await way_up(tx, device)
    graph.graph["ancestors"] = tuple(way)
    for node in reversed(way):  # parents first, so that there is something to hang from
        _add_access(graph, node)
    _add_device(graph, device)
    if way:
        await _add_siblings(tx, graph, way, reach)
    return graph


async def neighbourhood(tx: Reads, device: Device, reach: Reach = NEAR) -> Graph:
    """Surroundings and home. A device that hangs from nowhere has a home alone."""
    graph = await surroundings(tx, device, reach)
    snapshot = await tx.snapshots.latest(device.tenant, device.id, below=HOME)
    if snapshot is not None:
        _add_home(graph, device, Home(snapshot=snapshot))
    household = await tx.households.get(device.tenant, device.id)
    if household is not None:
        _add_things(graph, device, household)
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


Branch: TypeAlias = list[AccessNode]
"""A node, and what was found below it."""


async def _add_siblings(tx: Reads, graph: Graph, way: Sequence[AccessNode], reach: Reach) -> None:
    """Those below each ancestor that are not below the one before it.

    Two questions for each level of the network, however much there is in it.
    """
    levels = await _branches(tx, way, reach)
    for node in [node for level in levels for branch in level for node in branch]:
        _add_access(graph, node)
    chosen: list[DeviceId] = []
    for level in levels:
        chosen += await _chosen(tx, graph.graph["device"], level, reach.devices)
    for device in await tx.devices.some(way[0].tenant, chosen):
        _add_device(graph, device)


async def _chosen(tx: Reads, own: DeviceId, level: Sequence[Branch], most: int) -> list[DeviceId]:
    """The first so many of each branch, without the device itself."""
    limit = max(1, most // len(level))
    nodes = {node.id for branch in level for node in branch}
    # One more than wanted: the device itself may be among them.
    hanging = await tx.devices.first_below(level[0][0].tenant, nodes, each=limit + 1)
    found: list[DeviceId] = []
    for branch in level:
        here = {node.id for node in branch}
        found += [id for node, id in hanging if node in here and id != own][:limit]
    return found


async def _branches(tx: Reads, way: Sequence[AccessNode], reach: Reach) -> list[list[Branch]]:
    """Of each ancestor: itself, and the branches beside the one that the device hangs from."""
    tenant, known = way[0].tenant, {node.id for node in way}
    below = await tx.nodes.children(tenant, known, each=_WIDEST)
    levels: list[list[Branch]] = []
    for ancestor in way:
        others = [each for each in below if each.parent == ancestor.id and each.id not in known]
        levels.append([[each] for each in _spread(others, reach.branches)])
    growing = [branch for level in levels for branch in level]
    known |= {branch[0].id for branch in growing}
    latest = {branch[0].id: branch for branch in growing}
    while latest:
        found = await tx.nodes.children(tenant, latest, each=reach.nodes)
        latest = _grown(latest, [each for each in found if each.id not in known], reach.nodes)
        known |= latest.keys()
    return [[[ancestor], *level] for ancestor, level in zip(way, levels, strict=True)]


def _grown(
    latest: Mapping[NodeId, Branch], found: Sequence[AccessNode], most: int
) -> dict[NodeId, Branch]:
    """Put what was found onto its branches; what is new and may have more below it, by id."""
    new: dict[NodeId, Branch] = {}
    for node in found:
        branch = latest[node.parent] if node.parent else []
        if len(branch) < most and node.id not in new:
            branch.append(node)
            new[node.id] = branch
    return {node: branch for node, branch in new.items() if len(branch) < most}


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


def _add_things(graph: Graph, device: Device, household: Household) -> None:
    """Below the gateway, those that a bridge speaks for below it."""
    places = {
        each.name: ("thing", str(place))
        for place, each in enumerate(household.things)
        if each.kind is ThingKind.BRIDGE and not each.bridge
    }
    for place, each in enumerate(household.things):
        key = ("thing", str(place))
        graph.add_node(key, noun=each)
        graph.add_edge(key, places.get(each.bridge, ("device", str(device.id))))
