"""What keeps a client from a service altogether, the nearest obstacle first."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from evals.homes import services
from evals.homes.boxes import BoxState
from evals.homes.connection import Connection
from evals.homes.leases import Lease
from evals.homes.lines import LineState
from evals.homes.people import Want

if TYPE_CHECKING:
    from evals.homes.home import Home
    from evals.homes.household import Guest

_BIG = frozenset({Want.WEB, Want.VIDEO, Want.UPLOAD, Want.INBOUND})
"""What sends packets as large as they may be."""


class Broken(StrEnum):
    """Why a service does not work."""

    NOT_JOINED = "not_joined"
    NO_ADDRESS = "no_address"
    ADDRESS_CLASH = "address_clash"
    NO_GATEWAY = "no_gateway"
    LINE_DOWN = "line_down"
    NO_SESSION = "no_session"
    HELD = "held_at_the_portal"
    SUBNET_CLASH = "subnet_clash"
    NO_NAMES = "no_names"
    LARGE_LOST = "large_packets_lost"
    SLOW = "slow"
    LATE = "late"
    LOSSY = "lossy"
    BLOCKED = "blocked_by_firewall"
    ISOLATED = "isolated"
    UNMAPPED = "port_not_mapped"
    NOT_PUBLIC = "address_not_public"
    NOT_REGISTERED = "not_registered"
    NO_CODEC = "no_common_codec"
    BAD_SOUND = "bad_sound"
    NO_MULTICAST = "no_multicast"


@dataclass(frozen=True, slots=True)
class Way:
    """What every client of a home, or of its extender, shares on its way."""

    home: "Home"
    """Where its clients are: the gateway, or an extender of it."""
    gateway: "Home"
    line: LineState
    connection: Connection
    box: BoxState
    leases: dict[str, Lease]
    full: bool
    """Whether somebody sends all the time."""


def barred(way: Way, guest: "Guest", want: Want, *, joined: bool) -> tuple[Broken, ...]:
    """What keeps a service from being there at all, the nearest first."""
    lease = way.leases[guest.mac]
    if not joined:
        return (Broken.NOT_JOINED,)
    if not lease.address:
        return (Broken.NO_ADDRESS,)
    if lease.clashes:
        return (Broken.ADDRESS_CLASH,)
    if want is Want.LOCAL:
        return (Broken.ISOLATED,) if _isolated(way, guest) else ()
    if not lease.way_out:
        return (Broken.NO_GATEWAY,)
    return _outside(way, lease, want) or _beyond(way, guest, want)


def _outside(way: Way, lease: Lease, want: Want) -> tuple[Broken, ...]:
    state = way.connection
    if not (state.line and way.line.up):
        return (Broken.LINE_DOWN,)
    if not (state.vlan and state.session):
        return (Broken.NO_SESSION,)
    if not state.open:
        return (Broken.HELD,)
    if state.clash:
        return (Broken.SUBNET_CLASH,)
    needs_names = want is not Want.INBOUND
    named = state.names and way.box.names and lease.names
    return (Broken.NO_NAMES,) if needs_names and not named else ()


def _beyond(way: Way, guest: "Guest", want: Want) -> tuple[Broken, ...]:
    """What stops only some services."""
    home, state = way.gateway, way.connection
    stops = {
        Broken.LARGE_LOST: want in _BIG and not state.large,
        Broken.BLOCKED: want in (Want.GAME, Want.INBOUND) and services.strict(home),
        Broken.NOT_PUBLIC: want is Want.INBOUND and not state.public,
        Broken.UNMAPPED: want is Want.INBOUND and not services.mapped(home, guest),
        Broken.NO_MULTICAST: want is Want.IPTV and not services.multicast(home),
        Broken.NOT_REGISTERED: want is Want.VOICE and not services.registered(home),
    }
    return tuple(reason for reason, stopped in stops.items() if stopped)


def _isolated(way: Way, guest: "Guest") -> bool:
    """Whether its access point keeps its stations from each other (TR-181 IsolationEnable)."""
    point = way.home.association.where(guest)
    path = f"Device.WiFi.AccessPoint.{point}.IsolationEnable"
    return bool(point) and way.home.reads(path, "false")
