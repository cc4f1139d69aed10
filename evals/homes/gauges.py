"""What moves in a home, by the names that model files use after ``=``."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from evals.homes import backhaul
from evals.homes.boxes import box_state
from evals.homes.chance import jitter
from evals.homes.home_gauges import ROW_GAUGES
from evals.homes.line_gauges import LINE_GAUGES, shown_time
from evals.homes.lines import light
from evals.homes.meters import METERS
from evals.homes.physics import rates
from evals.homes.radio import Radio
from evals.homes.stations import Link, link

if TYPE_CHECKING:
    from evals.homes.home import Home


def show(home: "Home", name: str, rows: tuple[int, ...]) -> str:
    """The text of this gauge now; raises KeyError for a name no gauge has."""
    kind, _, what = name.partition(".")
    if kind == "radio":
        return _RADIO[what](home.radio_of(rows[-1]))
    if kind == "station":
        return _STATION[what](home, rows)
    if kind == "resolver":
        return home.resolver_status(rows[-1])
    if kind == "backhaul":
        return backhaul.show(home, what, rows)
    if name in METERS:
        return str(home.meters.read(name))
    if name in ROW_GAUGES:
        return ROW_GAUGES[name](home, rows)
    return (LINE_GAUGES.get(name) or _HOME[name])(home)


def iso(moment: datetime) -> str:
    """The lexical form of ``xsd:dateTime`` in UTC, without fractions."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _uptime(home: "Home") -> float:
    return home.up_for.total_seconds()


def _light(home: "Home") -> str:
    """Received light in thousandths of a dBm, in steps of 2 (TR-181 Dbm1000)."""
    drop = light(home.household, home.clock())
    if drop is None:
        return "0"
    bucket = int(home.clock().timestamp()) // 10
    level = drop.level_dbm + 0.05 * jitter(home.household.seed, "light", bucket)
    return str(2 * round(500 * level))


def _transmitted_light(home: "Home") -> str:
    drop = home.household.drop
    return str(2 * round(500 * drop.transmit_dbm)) if drop else "0"


def _share(part: float) -> str:
    return str(round(255 * min(max(part, 0.0), 1.0)))


def _link(home: "Home", rows: tuple[int, ...]) -> Link | None:
    body = home.station(rows[-2], rows[-1]).body
    return link(body, home.radio_of(rows[-2])) if body else None


def _signal(home: "Home", rows: tuple[int, ...]) -> int:
    """How loud the gateway hears a station (TR-181): what the gateway sends does not show in it."""
    made = _link(home, rows)
    return round(made.up_dbm) if made else home.station(rows[-2], rows[-1]).dbm


def _retries(home: "Home", rows: tuple[int, ...]) -> str:
    made = _link(home, rows)
    return str(round(100 * made.retry) if made else home.radio_of(rows[-2]).retry_percent)


def _rate(home: "Home", rows: tuple[int, ...], share: float) -> str:
    """The last data rate in kbps: falls with the signal and with what has to be sent again."""
    if made := _link(home, rows):
        return str(round(1000 * (made.down_mbps if share == 1.0 else made.up_mbps)))
    clean = 1.0 - home.radio_of(rows[-2]).airtime().retry
    margin = max(_signal(home, rows) + 90, 1) / 50
    return str(max(int(144_000 * min(margin, 1.0) * clean * share), 1000))


_RADIO: dict[str, Callable[[Radio], str]] = {
    "utilization": lambda radio: str(radio.shown_utilisation()),
    "transmit": lambda radio: _share(radio.airtime().own * 0.75),
    "receive_other": lambda radio: _share(radio.airtime().others),
    "receive_self": lambda radio: _share(radio.airtime().own * 0.25),
    "noise": lambda radio: str(radio.airtime().noise_dbm),
    # DataElements counts noise as ANPI: 0 is -110 dBm, half a dB a step (IEEE 802.11 9.4.2.41).
    "anpi": lambda radio: str(2 * (radio.airtime().noise_dbm + 110)),
    "channel": lambda radio: str(radio.channel),
    "width": lambda radio: f"{radio.width}MHz",
    "status": lambda radio: "Up" if radio.enabled else "Down",
    "point_status": lambda radio: "Enabled" if radio.enabled else "Disabled",
    "frames": lambda radio: str(int(radio.frames)),
    "frames_received": lambda radio: str(int(radio.frames * 0.4)),
    "bytes": lambda radio: str(radio.bytes_sent),
    "bytes_received": lambda radio: str(int(radio.bytes_sent * 0.1)),
    "errors": lambda radio: str(int(radio.retries * 0.01)),
    "retransmissions": lambda radio: str(int(radio.retries)),
    "channel_changes": lambda radio: str(radio.channel_changes),
    "reason": lambda radio: radio.reason,
    "since_change": lambda radio: str(radio.seconds_since_change),
}


def _standard(home: "Home", rows: tuple[int, ...]) -> str:
    body = home.station(rows[-2], rows[-1]).body
    known = rates.newest(body.standards, home.radio_of(rows[-2]).standards) if body else None
    return known or "ax"


_STATION: dict[str, Callable[["Home", tuple[int, ...]], str]] = {
    "signal": lambda home, rows: str(_signal(home, rows)),
    "noise": lambda home, rows: str(home.radio_of(rows[-2]).airtime().noise_dbm),
    "downlink": lambda home, rows: _rate(home, rows, 1.0),
    "uplink": lambda home, rows: _rate(home, rows, 0.6),
    "retransmissions": _retries,
    "standard": _standard,
}

_HOME: dict[str, Callable[["Home"], str]] = {
    "uptime": lambda home: str(int(_uptime(home))),
    "time": lambda home: iso(home.clock()),
    "time.shown": lambda home: iso(shown_time(home)),
    "started": lambda home: iso(home.started),
    "memory_free": lambda home: str(box_state(home).free_kb),
    "cpu": lambda home: str(box_state(home).cpu),
    "light": _light,
    "light_sent": _transmitted_light,
    "dns_status": lambda home: home.dns_status(),
}
