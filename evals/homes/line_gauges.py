"""Gauges of line, log-in, prefix, queue, time and telephone: what moves, by the names in models."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from evals.homes import connection as way
from evals.homes import services
from evals.homes.leases import holders
from evals.homes.lines import last_up
from evals.homes.meters import sends_all
from evals.homes.people import Want
from evals.homes.physics.cable import Coax
from evals.homes.physics.cellular import Cell
from evals.homes.physics.copper import TARGET_MARGIN_DB, Copper

if TYPE_CHECKING:
    from evals.homes.home import Home

Gauge = Callable[["Home"], str]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RESOURCE_BLOCKS_DB = 20.8
"""RSSI is over a whole carrier, RSRP over one of its 1,200 subcarriers, two in three silent."""


def shown_time(home: "Home") -> datetime:
    """What the box believes the time to be: without a server it counts from 1970."""
    return home.clock() if services.synchronised(home) else _EPOCH + home.up_for


def _copper(home: "Home") -> Copper:
    line = home.household.truth.line
    return line if isinstance(line, Copper) else Copper()


def _coax(home: "Home") -> Coax:
    line = home.household.truth.line
    return line if isinstance(line, Coax) else Coax()


def _cell(home: "Home") -> Cell:
    line = home.household.truth.line
    return line if isinstance(line, Cell) else Cell()


def _up(home: "Home") -> str:
    return "Up" if home.line().up else "Down"


def _ppp(home: "Home") -> str:
    if not home.on(way.PPP):
        return "Down"
    if not home.line().up:
        return "LowerLayerDown"
    return "Up" if way.logged_in(home) else "Down"


def _ppp_connection(home: "Home") -> str:
    if not home.on(way.PPP):
        return "Disconnected"
    waits = {"ERROR_NONE": "Connected", "ERROR_ISP_TIME_OUT": "Connecting"}
    return waits.get(way.refusal(home), "Disconnected")


def _dhcp(home: "Home") -> str:
    if not home.on(way.DHCP):
        return "Init"
    return "Bound" if way.logged_in(home) and home.line().up else "Selecting"


def _time_status(home: "Home") -> str:
    if not home.on("Device.Time."):
        return "Disabled"
    return "Synchronized" if services.synchronised(home) else "Error_FailedToSynchronize"


def _since_up(home: "Home") -> float:
    """Seconds since the line last came up."""
    back = last_up(home.household, home.clock())
    up = home.up_for.total_seconds()
    return min(up, (home.clock() - back).total_seconds()) if back else up


def _since_training(home: "Home") -> float:
    up, often = _since_up(home), _copper(home).retrains_per_day
    return up % (86_400 / often) if often else up


def _occupancy(home: "Home") -> str:
    """The box sees its own queue only: the modem's, where nothing is shaped, is hidden from it."""
    shaped = services.shaped_mbps(home)
    held = shaped is not None and shaped < home.line().up_mbps and sends_all(home)
    if not held:
        return "0"
    return "8" if services.waiting_ms(home) < 50 else "100"


def _groups(home: "Home") -> str:
    watching = sum(
        bool(g.body and Want.IPTV in g.body.wants) for g in home.household.guests
    )  # fmt: skip
    return str(watching if services.multicast(home) else 0)


def _tenths(value: float) -> str:
    return str(round(10 * value))


LINE_GAUGES: dict[str, Gauge] = {
    "light_status": _up,
    "line.since": lambda home: str(int(_since_up(home))),
    "ppp.status": _ppp,
    "ppp.connection": _ppp_connection,
    "ppp.error": way.refusal,
    "ppp.mru": lambda home: str(way.mru(home)),
    "wan.address": lambda home: home.household.wan.address if way.connection(home).session else "",
    "pool.clients": lambda home: str(holders(home)),
    "dhcp.status": lambda home: "Enabled" if home.on(way.DHCP) else "Disabled",
    "dhcp.state": _dhcp,
    "vlan.status": lambda home: _up(home) if home.on(way.VLAN) else "Down",
    "prefix.client": lambda home: "Enabled" if home.on(way.V6) else "Disabled",
    "prefix.status": lambda home: "Enabled" if way.connection(home).prefix else "Disabled",
    "prefix.validity": lambda home: "Preferred" if way.connection(home).prefix else "Invalid",
    "time.status": _time_status,
    "shaper.status": lambda home: "Disabled" if services.shaped_mbps(home) is None else "Enabled",
    "queue.occupancy": _occupancy,
    "queue.dropped": lambda home: "0",
    "log.status": lambda home: "Enabled" if home.on("Device.Syslog.") else "Disabled",
    "voice.status": lambda home: "Up" if services.registered(home) else "Error",
    "iptv.groups": _groups,
    "dsl.status": _up,
    "dsl.link": lambda home: "Up" if home.line().up else "NoSignal",
    "dsl.since": lambda home: str(int(_since_training(home))),
    "dsl.down_max": lambda home: str(round(1050 * _copper(home).down_mbps)),
    "dsl.up_max": lambda home: str(round(1050 * _copper(home).up_mbps)),
    "dsl.down_rate": lambda home: str(round(1000 * _copper(home).down_mbps)),
    "dsl.up_rate": lambda home: str(round(1000 * _copper(home).up_mbps)),
    "dsl.margin": lambda home: _tenths(_copper(home).margin_db),
    "dsl.up_margin": lambda home: _tenths(TARGET_MARGIN_DB),
    "dsl.attenuation": lambda home: _tenths(_copper(home).attenuation_db),
    "coax.status": _up,
    "coax.connectivity": lambda home: "Operational" if home.line().up else "NotSynchronized",
    "coax.power": lambda home: _tenths(_coax(home).dbmv),
    "coax.snr": lambda home: _tenths(_coax(home).effective_snr_db),
    "coax.sent": lambda home: _tenths(_coax(home).sent_dbmv),
    "cell.status": _up,
    "cell.rsrp": lambda home: str(round(_cell(home).rsrp_dbm)),
    "cell.rsrq": lambda home: str(round(_cell(home).rsrq_db)),
    "cell.rssi": lambda home: str(min(round(_cell(home).rsrp_dbm + _RESOURCE_BLOCKS_DB), -25)),
}
"""By name."""
