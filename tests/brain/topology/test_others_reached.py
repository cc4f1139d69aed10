"""What a change does to other homes: nothing, unless they share what it sends into."""

from collections.abc import Callable

import pytest

from brain.domain.device import Device, Site
from brain.domain.identity import DeviceId, SiteId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.topology import AccessNode, NodeKind
from brain.store.store import Store
from brain.topology.blast_radius import radius
from tests.brain.topology.conftest import NORTH, NOW

LASER = ParameterPath("Device.Optical.Interface.1.Enable")
RESOLVER = ParameterPath("Device.DNS.Client.Server.1.DNSServer")
SAID = Snapshot(
    device=DeviceId("one"),
    taken_at=NOW,
    values={ParameterPath("Device.Hosts.HostNumberOfEntries"): "0"},
)
A = Callable[..., Device]


@pytest.fixture
async def street(store: Store, a_node: Callable[..., AccessNode], a_device: A) -> Store:
    """Three homes on one port, and a fourth on its neighbour."""
    async with store.begin() as tx:
        await tx.nodes.put(a_node("olt", NodeKind.OLT))
        for port in ("left", "right"):
            await tx.nodes.put(a_node(port, NodeKind.PORT, "olt"))
        for name in ("one", "two", "three"):
            await tx.devices.put(a_device(name, "left"))
        await tx.devices.put(a_device("four", "right"))
    return store


async def reached(store: Store, device: Device, *paths: ParameterPath) -> int | None:
    async with store.read() as tx:
        return (await radius(tx, device, paths, SAID)).others


async def test_a_change_within_the_home_reaches_no_other(street: Store, a_device: A) -> None:
    assert await reached(street, a_device("one", "left"), RESOLVER) == 0


async def test_how_it_sends_reaches_all_on_its_port(street: Store, a_device: A) -> None:
    assert await reached(street, a_device("one", "left"), LASER) == 2
    assert await reached(street, a_device("one", "left"), RESOLVER, LASER) == 2
    assert await reached(street, a_device("four", "right"), LASER) == 0


async def test_of_a_device_that_hangs_from_nowhere_nobody_can_tell(
    street: Store, a_device: A
) -> None:
    assert await reached(street, a_device("one"), LASER) is None
    assert await reached(street, a_device("one"), RESOLVER) == 0


async def test_what_nobody_knows_the_reach_of_stays_unknown(street: Store, a_device: A) -> None:
    odd = ParameterPath("Device.X_ACME.Odd")

    assert await reached(street, a_device("one", "left"), odd) is None


async def test_who_shares_what_is_told_whether_or_not_the_change_reaches_them(
    street: Store, a_device: A
) -> None:
    version = {"manufacturer": "Acme", "model": "Hub", "firmware": "2"}
    async with street.begin() as tx:
        await tx.sites.put(Site(id=SiteId("one"), tenant=NORTH, name="1", area="North end"))
        await tx.devices.put(a_device("one", "left", site=SiteId("one"), **version))
        await tx.devices.put(a_device("far", "right", site=SiteId("one"), **version))
        await tx.devices.put(a_device("stray", **version))

    async with street.read() as tx:
        one = a_device("one", "left", site=SiteId("one"), **version)
        found = await radius(tx, one, [RESOLVER], SAID)

    assert (found.clients, found.others) == (0, 0)
    assert found.sharing == {"port": 2, "olt": 4, "software": 2, "area": 1}


async def test_nobody_is_counted_beyond_the_farthest(
    street: Store, a_device: A, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("brain.topology.blast_radius.FARTHEST", 1)

    async with street.read() as tx:
        found = await radius(tx, a_device("one", "left"), [LASER], SAID)

    assert found.sharing == {"port": 1, "olt": 1}
    assert found.others is None, "at least so many, and nobody knows how many more"
