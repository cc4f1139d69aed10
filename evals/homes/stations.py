"""Which network each wireless client joins, and what the link to it is worth."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evals.homes.people import Body
from evals.homes.physics import propagation, queueing, rates

if TYPE_CHECKING:
    from evals.homes.home import Home
    from evals.homes.household import Guest
    from evals.homes.radio import Radio

MAC_EFFICIENCY = 0.65
"""Payload to rate on the air: headers, acknowledgements, waits (Bianchi 2000, with aggregation)."""
_SSID, _POINT = "Device.WiFi.SSID.", "Device.WiFi.AccessPoint."
_STEERING = "Device.WiFi.DataElements.Network.Device.1.Radio.{}.SteeringPolicy"
_EDGE_DB = 8.0
"""Within so much of the weakest level that can be received, frames break now and then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One client on one radio. Levels in dBm, rates on the air in Mbit/s, ``retry`` a share."""

    down_dbm: float
    up_dbm: float
    down_mbps: float
    up_mbps: float
    retry: float

    @property
    def usable(self) -> bool:
        """Whether frames get through both ways: every frame down needs its acknowledgement up."""
        return self.down_mbps > 0 and self.up_mbps > 0

    def airtime(self, down: float, up: float) -> float:
        """The share of the time that carrying so many Mbit/s takes."""
        if not self.usable:
            return 0.0
        clean = MAC_EFFICIENCY * (1 - self.retry)
        return down / (self.down_mbps * clean) + up / (self.up_mbps * clean)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a client gets over its link while it is the one that asks for more."""

    mbps: float
    up_mbps: float
    latency_ms: float
    loss: float


def link(body: Body, radio: "Radio") -> Link | None:
    """The link of this client to this radio; None where they have no standard in common."""
    if radio.spec.band not in body.bands:
        return None
    standard = rates.newest(body.standards, radio.standards)
    if standard is None:
        return None
    air = radio.quiet_air()
    lost = propagation.path_loss_db(radio.spec.band, body.metres, body.walls, body.floors)
    down = propagation.sent_dbm(radio.spec.band, radio.power) - lost
    up = body.dbm - lost
    drowned = max(air.noise_dbm - rates.FLOOR_DBM, 0.0)
    width = rates.usable_width(standard, radio.width)
    margin = min(down, up + _UPLINK_GAIN_DB) - drowned - rates.sensitivity_dbm(standard, width)
    edge = min(max((_EDGE_DB - margin) / (2 * _EDGE_DB), 0.0), 0.5)
    return Link(
        down_dbm=down,
        up_dbm=up,
        down_mbps=rates.rate_mbps(standard, width, body.streams, down - drowned),
        up_mbps=rates.rate_mbps(standard, width, body.streams, up + _UPLINK_GAIN_DB - drowned),
        retry=1 - (1 - air.retry) * (1 - edge) * (1 - body.trouble),
    )


_UPLINK_GAIN_DB = 3.0
"""A gateway listens with more antennas than a client has (maximum ratio combining)."""


def admits(home: "Home", point: int, body: Body) -> bool:
    """Whether an access point is on the air and takes what this client can do."""
    if not home.radio_of(point).transmits:
        return False
    if not (home.on(f"{_SSID}{point}.") and home.on(f"{_POINT}{point}.")):
        return False
    mode = home.setting(f"{_POINT}{point}.Security.ModeEnabled", "WPA2-Personal")
    return body.wpa3 or mode != "WPA3-Personal"


def steers(home: "Home") -> bool:
    """Whether the box moves clients to the faster band (0: steering is disallowed, TR-181)."""
    return any(
        home.setting(_STEERING.format(number), "0") != "0"
        for number, spec in enumerate(home.model.radios, 1)
        if spec.band == "2.4GHz"
    )


def chosen(home: "Home", body: Body) -> int:
    """The access point that this client joins, counted from 1; 0 for none."""
    found = []
    for point in range(1, len(home.model.places.stations) + 1):
        radio = home.radio_of(point)
        made = link(body, radio) if admits(home, point, body) else None
        if made is not None and made.usable:
            found.append((point, made, made.down_mbps * (1 - radio.quiet_air().others)))
    if not found:
        return 0
    if body.sticky and not steers(home):
        return max(found, key=lambda each: (each[1].down_dbm, -each[0]))[0]
    return max(found, key=lambda each: (each[2], -each[0]))[0]


def reach(home: "Home", guest: "Guest") -> Reach | None:
    """What a wireless client gets between itself and the gateway; None when it is on no network."""
    point, body = home.association.where(guest), guest.body
    if not point or body is None:
        return None
    radio = home.radio_of(point)
    made = link(body, radio)
    if made is None or not made.usable:
        return None
    air = radio.airtime()
    mine = made.airtime(body.down, body.up)
    free = 1 - air.others
    share = max(
        free - max(radio.carried() - mine, 0.0),
        free / max(len(home.association.on(radio.number)), 1),
    )
    clean = MAC_EFFICIENCY * (1 - made.retry) * min(max(share, 0.0), 1.0)
    # A frame is given up after seven tries (802.11 dot11ShortRetryLimit).
    return Reach(
        mbps=made.down_mbps * clean,
        up_mbps=made.up_mbps * clean,
        latency_ms=queueing.access_ms(air.busy, made.retry),
        loss=made.retry**7,
    )
