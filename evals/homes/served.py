"""What each client of a home gets of each service it wants, and why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from evals.homes import services
from evals.homes.barriers import Broken, Way, barred
from evals.homes.boxes import box_state
from evals.homes.connection import connection
from evals.homes.leases import leases
from evals.homes.meters import sends_all
from evals.homes.people import NEEDS, Body, Want
from evals.homes.physics.emodel import mos
from evals.homes.stations import Link, Reach, link, reach

if TYPE_CHECKING:
    from evals.homes.home import Home
    from evals.homes.household import Guest

_CABLE = Reach(mbps=940.0, up_mbps=940.0, latency_ms=0.4, loss=0.0)
FAR_MS = 12.0
"""From the first router to where most content is."""
_HEADERS, _SEGMENT_BYTES = 40, 1460
_CONNECTIONS = 6
"""How many a browser opens to one host."""
_LATE_MS = {Want.GAME: 90.0, Want.WEB: 600.0, Want.VIDEO: 1500.0, Want.LOCAL: 300.0}
_LOSSY = {Want.GAME: 0.02, Want.IPTV: 0.003, Want.WEB: 0.08, Want.VIDEO: 0.08, Want.INBOUND: 0.1}
_GOOD_CALL = 3.6
"""Below it many users are dissatisfied (G.107 annex B)."""


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


def clients(home: "Home") -> dict[str, Client]:
    """Everybody with a body, by name; those on an extender too."""
    found: dict[str, Client] = {}
    state, full = connection(home), sends_all(home)
    for each in (home, *home.extenders.values()):
        way = Way(each, home, each.line(), state, box_state(each), leases(each), full)
        for guest in each.household.guests:
            if guest.body and guest.mac not in home.extenders:
                found[guest.name] = _client(way, guest, guest.body)
    return found


def worst(found: Sequence[Service]) -> Service:
    """The one that somebody would call about."""
    return min(found, key=lambda each: (each.works, each.mos or 0.0, each.mbps))


def _client(way: Way, guest: "Guest", body: Body) -> Client:
    near = _CABLE if body.cable else reach(way.home, guest)
    point = way.home.association.where(guest)
    made: Link | None = link(body, way.home.radio_of(point)) if point else None
    lease = way.leases[guest.mac]
    reached = lease.address and not lease.clashes and way.connection.online
    whole = _through(way, near if reached else None, lease.lapsed)
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


def _through(way: Way, near: Reach | None, lapsed: float) -> Service:
    """What is left after the link in the home, the box, the line and the way behind it."""
    if near is None or not way.line.up:
        return Service(mbps=0.0, up_mbps=0.0, latency_ms=0.0, loaded_ms=0.0, loss=1.0)
    lost = 1 - (1 - near.loss) * (1 - way.box.loss) * (1 - way.line.loss) * (1 - lapsed)
    idle = near.latency_ms + way.box.latency_ms + way.line.latency_ms + FAR_MS
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


def _service(way: Way, guest: "Guest", want: Want, near: Reach | None) -> Service:
    lapsed = way.leases[guest.mac].lapsed
    whole = _local(near) if want is Want.LOCAL else _through(way, near, lapsed)
    first = barred(way, guest, want, joined=near is not None)
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


def _heard(way: Way, felt: float, loss: float) -> float:
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
