"""How many others a change would reach: the clients of a radio, a home, all below a node."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from brain.domain.device import Device
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.topology import BlastRadius, Scope, ScopeKind
from brain.topology.home import ACCESS_POINTS, NETWORKS, RADIOS, Client, Home
from brain.topology.reads import FleetReads
from brain.topology.scopes import in_common

_NOBODY: Final = (
    "Device.DeviceInfo.",
    "Device.LocalAgent.",
    "Device.ManagementServer.",
    "Device.Time.",
    "Device.UserInterface.",
)
"""Objects whose parameters reach nobody but the device itself."""
_WHOLE_HOME: Final = (
    "Device.Bridging.",
    "Device.Cellular.",
    "Device.DHCPv4.",
    "Device.DHCPv6.",
    "Device.DNS.",
    "Device.DSL.",
    "Device.Ethernet.",
    "Device.Firewall.",
    "Device.IP.",
    "Device.NAT.",
    "Device.NeighborDiscovery.",
    "Device.Optical.",
    "Device.PPP.",
    "Device.QoS.",
    "Device.RouterAdvertisement.",
    "Device.Routing.",
    "Device.XPON.",
)
FARTHEST: Final = 1000
"""Whoever shares something with more than this many shares it with the fleet."""
_PORTS: Final = (ScopeKind.PORT, ScopeKind.CELL)
_HEADS: Final = (ScopeKind.OLT, ScopeKind.CMTS)
_MEDIUM: Final = ("Device.Cellular.", "Device.DSL.", "Device.Optical.", "Device.XPON.")
"""How the home sends into a medium that it shares: a laser that is always on silences its port."""


def blast_radius(paths: Sequence[ParameterPath], snapshot: Snapshot) -> int | None:
    """How many clients of the home these paths reach together; None when nobody can tell."""
    home = Home(snapshot=snapshot)
    reached: set[str] = set()
    for path in paths:
        clients = _reached(path, home)
        if clients is None:
            return None
        reached |= {client.row for client in clients}
    return len(reached)


async def radius(
    tx: FleetReads, device: Device, paths: Sequence[ParameterPath], snapshot: Snapshot
) -> BlastRadius:
    """Who a change of these paths reaches in the home and beyond, and who shares what with it.

    No scope is counted further than ``FARTHEST``.
    """
    scopes = await in_common(tx, device)
    sharing = {each: await _others_in(tx, device, each) for each in scopes}
    return BlastRadius(
        clients=blast_radius(paths, snapshot),
        others=_others(paths, snapshot, sharing),
        sharing={scope.kind: count for scope, count in reversed(sharing.items())},
    )


async def _others_in(tx: FleetReads, device: Device, scope: Scope) -> int:
    return max(0, await tx.troubles.members(device.tenant, scope, limit=FARTHEST + 1) - 1)


def _others(
    paths: Sequence[ParameterPath], snapshot: Snapshot, sharing: Mapping[Scope, int]
) -> int | None:
    """How many devices of other homes it may reach; None when nobody can tell.

    None but the home's own clients, unless it changes how the home sends into what it shares.
    """
    if blast_radius(paths, snapshot) is None:
        return None
    if not any(path.startswith(_MEDIUM) for path in paths):
        return 0
    for kinds in (_PORTS, _HEADS):
        for scope, count in sharing.items():
            if scope.kind in kinds:
                return count if count < FARTHEST else None
    return None


def _reached(path: str, home: Home) -> Collection[Client] | None:
    if path.endswith("()"):  # a reboot, a reset, an activation: everything that hangs from it
        return _everyone(home)
    if path.startswith(_NOBODY):
        return ()
    if path.startswith(_WHOLE_HOME):
        return _everyone(home)
    for table, among in ((RADIOS, _of_radio), (NETWORKS, _of_network), (ACCESS_POINTS, _of_point)):
        if path.startswith(table):
            number = path.removeprefix(table).partition(".")[0]
            return among(table + number, home) if number.isdecimal() else _everyone(home)
    return None


def _everyone(home: Home) -> Collection[Client] | None:
    return home.clients if home.lists_hosts else None


def _of_radio(radio: str, home: Home) -> Collection[Client] | None:
    """None as soon as one client does not say what it hangs from: it may be this radio."""
    clients = home.clients
    if clients is None or any(not client.link for client in clients):
        return None
    return [client for client in clients if client.link == radio]


def _of_network(network: str, home: Home) -> Collection[Client] | None:
    points = [each for each in home.access_points if home.network_of(each) == network]
    clients = home.clients
    if clients is None or not points or any(not _placed(each) for each in clients):
        return _of_radio(home.radio_of(network), home) if home.radio_of(network) else None
    return [client for client in clients if client.access_point in points]


def _of_point(point: str, home: Home) -> Collection[Client] | None:
    clients = home.clients
    if clients is None or any(not _placed(each) for each in clients):
        radio = home.radio_of(home.network_of(point))
        return _of_radio(radio, home) if radio else None
    return [client for client in clients if client.access_point == point]


def _placed(client: Client) -> bool:
    """Whether it is known which access point a client uses, or that it uses none."""
    wired = bool(client.link) and not client.link.startswith("Device.WiFi.")
    return wired or bool(client.access_point)
