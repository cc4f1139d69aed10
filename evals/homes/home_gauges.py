"""Gauges of rows that follow the household: hosts, networks, prefixes and port mappings."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from evals.homes.connection import connection
from evals.homes.leases import leases
from evals.homes.services import MAPPINGS

if TYPE_CHECKING:
    from evals.homes.home import Home

RowGauge = Callable[["Home", tuple[int, ...]], str]


def _address(home: "Home", rows: tuple[int, ...]) -> str:
    guest = home.host(rows[-1])
    return leases(home)[guest.mac].address if guest else ""


def _source(home: "Home", rows: tuple[int, ...]) -> str:
    guest = home.host(rows[-1])
    if guest and guest.body and guest.body.static:
        return "Static"
    return "DHCP" if _address(home, rows) else "None"


def _layer(home: "Home", rows: tuple[int, ...]) -> str:
    """What it hangs from, or last hung from when it is on no network."""
    guest = home.host(rows[-1])
    if guest is None or (guest.body.cable if guest.body else not guest.point):
        return home.model.places.cable
    point = home.association.where(guest) or guest.point or 1
    return home.radio_of(point).spec.row.rstrip(".")


def _active(home: "Home", rows: tuple[int, ...]) -> str:
    guest = home.host(rows[-1])
    gone = guest and guest.body and not guest.body.cable and not home.association.where(guest)
    return "false" if gone else "true"


def _network(home: "Home", rows: tuple[int, ...]) -> str:
    if not home.on(f"Device.WiFi.SSID.{rows[-1]}."):
        return "Down"
    return "Up" if home.radio_of(rows[-1]).enabled else "LowerLayerDown"


def _point(home: "Home", rows: tuple[int, ...]) -> str:
    """An access point has no life without its network."""
    on = home.on(f"Device.WiFi.AccessPoint.{rows[-1]}.") and _network(home, rows) == "Up"
    return "Enabled" if on else "Disabled"


def _prefix(home: "Home", rows: tuple[int, ...]) -> str:
    """Of the range for documentation (RFC 3849): a /56 from the operator, a /64 of it at home."""
    if not connection(home).prefix:
        return ""
    number = home.household.seed % 0x10000
    return f"2001:db8:{number:x}::/{64 if rows[0] == 1 else 56}"


def _mapping(home: "Home", rows: tuple[int, ...]) -> str:
    row = f"{MAPPINGS}{rows[-1]}."
    return "Enabled" if home.on(row) and home.setting(row + "InternalClient") else "Disabled"


def _interface(home: "Home", rows: tuple[int, ...]) -> str:
    """The second interface of a make is the one towards the internet."""
    if not home.on(f"Device.IP.Interface.{rows[-1]}."):
        return "Down"
    if rows[-1] != 2 or connection(home).session:
        return "Up"
    return "LowerLayerDown"


ROW_GAUGES: dict[str, RowGauge] = {
    "host.address": _address,
    "host.source": _source,
    "host.layer": _layer,
    "host.active": _active,
    "ip.status": _interface,
    "network.status": _network,
    "network.point": _point,
    "prefix.prefix": _prefix,
    "mapping.status": _mapping,
}
"""By name."""
