"""What each client of a home gets of each service it wants, and why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import TYPE_CHECKING

from evals.homes import services
from evals.homes.boxes import BoxState, box_state
from evals.homes.connection import Connection, connection
from evals.homes.leases import Lease, leases
from evals.homes.lines import LineState
from evals.homes.meters import sends_all
from evals.homes.people import NEEDS, Body, Want
from evals.homes.physics.emodel import mos
from evals.homes.stations import Link, Reach, link, reach

if TYPE_CHECKING:
    from evals.homes.home import Home
    from evals.homes.household import Guest

_CABLE = Reach(mbps=940.0, up_mbps=940.0, latency_ms=0.4, loss=0.0)
_FAR_MS = 12.0
"""From the first router to where most content is."""
_HEADERS, _SEGMENT_BYTES = 40, 1460
_CONNECTIONS = 6
"""How many a browser opens to one host."""
_LATE_MS = {Want.GAME: 90.0, Want.WEB: 600.0, Want.VIDEO: 1500.0, Want.LOCAL: 300.0}
_LOSSY = {Want.GAME: 0.02, Want.IPTV: 0.003, Want.WEB: 0.08, Want.VIDEO: 0.08, Want.INBOUND: 0.1}
_GOOD_CALL = 3.6
"""Below it many users are dissatisfied (G.107 annex B)."""
_BIG = frozenset({Want.WEB, Want.VIDEO, Want.UPLOAD, Want.INBOUND})
"""What sends packets as large as they may be."""


class Broken(StrEnum):
    """Why a service does not work."""

    NOT_JOINED = "not_joined"
    NO_ADDRESS = "no_address"
    ADDRESS_CLASH = "address_clash"
    LINE_DOWN = "line_down"
    NO_SESSION = "no_session"
    HELD = "held_at_the_portal"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service as somebody gets it. Mbit/s, ms there and back, a share lost; 0 when broken off.

    ``loaded_ms`` is the latency while the uplink is full.
    """

    mbps: float
    up_mbps: float
    latency_ms: float
    loaded_ms: float
    loss: float
    mos: float | None = None
    broken: tuple[Broken, ...] = ()

    @property
    def works(self) -> bool:
        """Whether it is good enough."""
        return not self.broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One client: its own link, and the services it wants by name."""

    joined: bool
    point: int
    """The access point it is on; 0 for a cable or none."""
    mbps: float
    """Between itself and the internet."""
    up_mbps: float
    latency_ms: float
    retries: float
    signal_dbm: float
    services: dict[str, Service]

    @property
    def works(self) -> bool:
        """Whether it is on the network and gets all it wants."""
        return self.joined and all(each.works for each in self.services.values())


@dataclass(frozen=True, slots=True)
class _Way:
    """What every client of a home shares."""

    home: "Home"
    """Where its clients are: the gateway, or an extender of it."""
    gateway: "Home"
    line: LineState
    connection: Connection
    box: BoxState
    leases: dict[str, Lease]
    full: bool
    """Whether somebody sends all the time."""


def clients(home: "Home") -> dict[str, Client]:
    """Everybody with a body, by name; those on an extender too."""
    found: dict[str, Client] = {}
    state, full = connection(home), sends_all(home)
    for each in (home, *home.extenders.values()):
        way = _Way(each, home, each.line(), state, box_state(each), leases(each), full)
        for guest in each.household.guests:
            if guest.body and guest.mac not in home.extenders:
                found[guest.name] = _client(way, guest, guest.body)
    return found


def worst(found: Sequence[Service]) -> Service:
    """The one that somebody would call about."""
    return min(found, key=lambda each: (each.works, each.mos or 0.0, each.mbps))


def _client(way: _Way, guest: "Guest", body: Body) -> Client:
    near = _CABLE if body.cable else reach(way.home, guest)
    point = way.home.association.where(guest)
    made: Link | None = link(body, way.home.radio_of(point)) if point else None
    lease = way.leases[guest.mac]
    reached = lease.address and not lease.clashes and way.connection.online
    whole = _through(way, near if reached else None)
    return Client(
        joined=near is not None,
        point=point,
        mbps=whole.mbps,
        up_mbps=whole.up_mbps,
        latency_ms=whole.latency_ms,
        retries=made.retry if made else 0.0,
        signal_dbm=made.down_dbm if made else 0.0,
        services={each.value: _service(way, guest, each, near) for each in body.wants},
    )


def _through(way: _Way, near: Reach | None) -> Service:
    """What is left after the link in the home, the box, the line and the way behind it."""
    if near is None or not way.line.up:
        return Service(mbps=0.0, up_mbps=0.0, latency_ms=0.0, loaded_ms=0.0, loss=1.0)
    lost = 1 - (1 - near.loss) * (1 - way.box.loss) * (1 - way.line.loss)
    idle = near.latency_ms + way.box.latency_ms + way.line.latency_ms + _FAR_MS
    payload = min((way.connection.mtu - _HEADERS) / _SEGMENT_BYTES, 1.0)
    speed = way.box.speed * payload
    return Service(
        mbps=min(near.mbps, way.line.down_mbps * speed, _most(idle, lost)),
        up_mbps=min(
            near.up_mbps,
            min(way.line.up_mbps, services.up_mbps(way.gateway)) * speed,
            _most(idle, lost),
        ),
        latency_ms=idle,
        loaded_ms=idle + services.waiting_ms(way.gateway),
        loss=lost,
    )


def _most(rtt_ms: float, loss: float) -> float:
    """What TCP makes of a way that loses packets (Mathis et al. 1997), in Mbit/s."""
    if loss <= 0:
        return 1e6
    return _CONNECTIONS * _SEGMENT_BYTES * 8 / 1e6 / (rtt_ms / 1000) * 1.22 / sqrt(loss)


def _service(way: _Way, guest: "Guest", want: Want, near: Reach | None) -> Service:
    whole = _local(near) if want is Want.LOCAL else _through(way, near)
    first = _barred(way, guest, want, near)
    if first:
        return Service(mbps=0, up_mbps=0, latency_ms=0, loaded_ms=0, loss=1.0, broken=first)
    felt = whole.loaded_ms if way.full else whole.latency_ms
    heard = _heard(way, felt, whole.loss) if want is Want.VOICE else None
    return Service(
        mbps=whole.mbps,
        up_mbps=whole.up_mbps,
        latency_ms=felt,
        loaded_ms=whole.loaded_ms,
        loss=whole.loss,
        mos=heard,
        broken=tuple(_short(want, whole, felt, heard)),
    )


def _local(near: Reach | None) -> Service:
    near = near or Reach(mbps=0, up_mbps=0, latency_ms=0, loss=1)
    wait = near.latency_ms
    return Service(
        mbps=near.mbps, up_mbps=near.up_mbps, latency_ms=wait, loaded_ms=wait, loss=near.loss
    )


def _heard(way: _Way, felt: float, loss: float) -> float:
    spoken = services.codec(way.home)
    return (
        mos(spoken, felt / 2, loss) if spoken in way.home.household.truth.services.codecs else 1.0
    )


def _short(want: Want, whole: Service, felt: float, heard: float | None) -> list[Broken]:
    """What is there, and not good enough."""
    found = []
    way = whole.up_mbps if want in (Want.UPLOAD, Want.INBOUND) else whole.mbps
    if way < NEEDS[want].least:
        found.append(Broken.SLOW)
    if felt > _LATE_MS.get(want, 1e9):
        found.append(Broken.LATE)
    if whole.loss > _LOSSY.get(want, 1.0):
        found.append(Broken.LOSSY)
    if heard is not None and heard < _GOOD_CALL:
        found.append(Broken.NO_CODEC if heard == 1.0 else Broken.BAD_SOUND)
    return found


def _barred(way: _Way, guest: "Guest", want: Want, near: Reach | None) -> tuple[Broken, ...]:
    """What keeps a service from being there at all, the nearest first."""
    lease = way.leases[guest.mac]
    if near is None:
        return (Broken.NOT_JOINED,)
    if not lease.address:
        return (Broken.NO_ADDRESS,)
    if lease.clashes:
        return (Broken.ADDRESS_CLASH,)
    if want is Want.LOCAL:
        return (Broken.ISOLATED,) if _isolated(way, guest) else ()
    return _outside(way, want) or _beyond(way, guest, want)


def _outside(way: _Way, want: Want) -> tuple[Broken, ...]:
    state = way.connection
    if not (state.line and way.line.up):
        return (Broken.LINE_DOWN,)
    if not (state.vlan and state.session):
        return (Broken.NO_SESSION,)
    if not state.open:
        return (Broken.HELD,)
    needs_names = want is not Want.INBOUND
    return (Broken.NO_NAMES,) if needs_names and not (state.names and way.box.names) else ()


def _beyond(way: _Way, guest: "Guest", want: Want) -> tuple[Broken, ...]:
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


def _isolated(way: _Way, guest: "Guest") -> bool:
    """Whether its access point keeps its stations from each other (TR-181 IsolationEnable)."""
    point = way.home.association.where(guest)
    path = f"Device.WiFi.AccessPoint.{point}.IsolationEnable"
    return bool(point) and way.home.reads(path, "false")
