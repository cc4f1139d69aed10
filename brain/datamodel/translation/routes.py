"""Rules of routes, and of what lies below a connection."""

from brain.datamodel.translation.binding import Look
from brain.datamodel.translation.hosts import path_of, set_path
from brain.datamodel.translation.instances import fill
from brain.datamodel.translation.joins import DEFAULT_ROUTE
from brain.datamodel.translation.mapping import NEW, OLD
from brain.datamodel.translation.rule import Rule, copy

_DEFAULT_SERVICE = OLD + "Layer3Forwarding.DefaultConnectionService"


def _is_static(look: Look) -> bool:
    return look.beside("AddressingType") == "Static"


def _leads_out(look: Look) -> bool:
    """Whether the default route has no row of the device's own, and goes over this connection."""
    over = (look.home.get(_DEFAULT_SERVICE) or "").rstrip(".") + "."
    return look.home.default_route == DEFAULT_ROUTE and over in (".", look.at.owner)


def _interface(look: Look) -> str | None:
    """Nothing while no connection is the default one: then there is no such route."""
    return path_of(look) or None


def _destination(look: Look) -> str | None:
    return "" if look.text else None


def _count(look: Look) -> str | None:
    """With the default route that has no row of the device's own."""
    if not look.text.isdecimal():
        return None
    extra = look.home.default_route == DEFAULT_ROUTE and bool(look.now(_DEFAULT_SERVICE))
    return str(int(look.text) + extra)


def _transport(look: Look) -> str | None:
    """PPP runs over the Ethernet link of its own MAC address, or right over ATM."""
    below = {"PPPoE": "Ethernet.Link.{up_ppp}", "PPPoA": "ATM.Link.{atm}"}.get(look.text)
    if below is None or (look.text == "PPPoE" and look.beside("MACAddress") is None):
        return None
    return fill(NEW + below, look.at.captures, look.home)


ROUTE_RULES: dict[str, Rule] = {
    "default_gateway": Rule(
        read=lambda look: look.text if _is_static(look) else None,
        write=copy,
        needs=("AddressingType",),
        applies=_leads_out,
        settable=_is_static,
        turn=1,
    ),
    "default_interface": Rule(read=_interface, write=set_path),
    "default_destination": Rule(read=_destination),
    "routes": Rule(read=_count),
    "transport": Rule(read=_transport, needs=("MACAddress",)),
}
