"""A neighbourhood holds the way up, some of those beside it, and the home; never the whole."""

from collections.abc import Callable

from brain.domain.device import Device
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import Snapshot
from brain.domain.topology import NodeKind
from brain.store.store import Store
from brain.topology.neighbourhood import Graph, Reach, ancestors, neighbourhood, siblings

NORTH = TenantId("north")


async def around(store: Store, device: Device, reach: Reach | None = None) -> Graph:
    async with store.read() as tx:
        return await neighbourhood(tx, device, *([reach] if reach else []))


def names(graph: Graph) -> dict[str, tuple[str, ...]]:
    return {str(device.id): tuple(way) for device, way in siblings(graph)}


async def test_the_way_up_is_nearest_first(network: Store, a_device: Callable[..., Device]) -> None:
    graph = await around(network, a_device("p1a-0", "p1a"))

    assert [node.id for node in ancestors(graph)] == ["p1a", "p1", "olt"]
    assert graph.has_edge(("device", "p1a-0"), ("access", "p1a"))
    assert graph.has_edge(("access", "p1a"), ("access", "p1"))
    assert graph.has_edge(("access", "p1"), ("access", "olt"))


async def test_siblings_are_all_but_the_device_each_with_its_way_up(
    network: Store, a_device: Callable[..., Device]
) -> None:
    graph = await around(network, a_device("p1a-0", "p1a"))

    found = names(graph)
    assert len(found) == 15
    assert "p1a-0" not in found
    assert found["p1a-1"] == ("p1a", "p1", "olt")
    assert found["p1b-3"] == ("p1b", "p1", "olt")
    assert found["p2a-0"] == ("p2a", "p2", "olt")


async def test_it_takes_so_many_from_each_branch_and_no_more(
    network: Store, a_device: Callable[..., Device]
) -> None:
    graph = await around(network, a_device("p1a-0", "p1a"), Reach(branches=1, nodes=2, devices=4))

    found = names(graph)
    assert sum(way[0] == "p1a" for way in found.values()) == 3
    assert sum(way[0] == "p1b" for way in found.values()) == 2
    assert sum("p2" in way for way in found.values()) == 2, "the first splitter of the other port"
    assert ("access", "p2b") not in graph


async def test_branches_are_picked_evenly_and_the_same_each_time(
    store: Store, a_device: Callable[..., Device], a_node: Callable[..., object]
) -> None:
    async with store.begin() as tx:
        await tx.nodes.put(a_node("port", NodeKind.PORT))
        for number in range(20):
            await tx.nodes.put(a_node(f"s{number:02d}", NodeKind.SPLITTER, "port"))
            await tx.devices.put(a_device(f"d{number:02d}", f"s{number:02d}"))
    device = a_device("d00", "s00")

    first = await around(store, device, Reach(branches=3))
    again = await around(store, device, Reach(branches=3))

    assert sorted(names(first)) == ["d01", "d07", "d13"]
    assert names(first) == names(again)


async def test_another_tenants_devices_are_not_seen(
    network: Store, a_device: Callable[..., Device]
) -> None:
    graph = await around(network, a_device("x", "p1a", tenant=TenantId("south")))

    assert list(graph) == [("device", "x")]
    assert ancestors(graph) == ()
    assert siblings(graph) == []


async def test_a_device_that_hangs_from_nowhere_has_a_home_alone(
    network: Store, a_device: Callable[..., Device]
) -> None:
    graph = await around(network, a_device("stray"))

    assert list(graph) == [("device", "stray")]
    assert ancestors(graph) == ()


async def test_nodes_that_hang_in_a_circle_end(
    store: Store, a_device: Callable[..., Device], a_node: Callable[..., object]
) -> None:
    async with store.begin() as tx:
        await tx.nodes.put(a_node("one", NodeKind.PORT))
        await tx.nodes.put(a_node("two", NodeKind.PORT, "one"))
        await tx.nodes.put(a_node("one", NodeKind.PORT, "two"))
        await tx.devices.put(a_device("d", "one"))
        await tx.devices.put(a_device("e", "two"))

    graph = await around(store, a_device("d", "one"))

    assert names(graph) == {"e": ("two", "one")}


async def test_the_home_hangs_below_the_device_without_names(
    network: Store, a_device: Callable[..., Device], a_home: Snapshot
) -> None:
    device = a_device("p1a-0", "p1a")
    async with network.begin() as tx:
        snapshot = Snapshot(device=device.id, taken_at=a_home.taken_at, values=a_home.values)
        await tx.snapshots.merge(NORTH, snapshot)

    graph = await around(network, device)

    radio, point = ("radio", "Device.WiFi.Radio.2"), ("access_point", "Device.WiFi.AccessPoint.2")
    gateway = ("device", DeviceId("p1a-0"))
    assert graph.has_edge(gateway, radio)
    assert graph.has_edge(radio, point)
    assert graph.has_edge(point, ("client", "Device.WiFi.AccessPoint.2.AssociatedDevice.4"))
    assert graph.has_edge(gateway, ("client", "Device.Hosts.Host.3"))
    assert sum(kind == "client" for kind, _ in graph) == 4
    assert "anna" not in str(list(graph.nodes(data=True)))
