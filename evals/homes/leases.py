"""Who in the home has which address: the pool, its leases, and addresses typed in by hand.

A server hands out what it believes free (RFC 2131): a typed-in address within its pool is not known
to it, and a visitor's lease stays taken until it runs out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evals.homes.home import Home
    from evals.homes.household import Guest

POOL = "Device.DHCPv4.Server.Pool.1."
_LAN = "Device.IP.Interface.1.IPv4Address.1.IPAddress"
_OWN = "192.168.1.1"
_DAY = 86_400
_ASKS_AGAIN = 60.0
_LOST_ANSWERS, _BEGINS_ANEW = 0.1, 25.0
"""The share of questions that get no answer on a busy radio, and seconds until a client that lost
its address has asked around, probed for clashes (RFC 5227) and set up its connections again."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The address of a guest, empty for none, and whether somebody else uses it too."""

    address: str
    clashes: bool = False
    way_out: bool = True
    """Whether the gateway that came with it is this box (DHCP option 3), and can be met from it."""
    names: bool = True
    """Whether a resolver that came with it can be reached from here (DHCP option 6)."""
    lapsed: float = 0.0
    """The share of the time without it, since it runs out before it can be asked for again."""


def leases(home: "Home") -> dict[str, Lease]:
    """By MAC address. Makes whose pool is not TR-181's have room for everybody."""
    return home.memory.once("leases", lambda: _leases(home))


def _leases(home: "Home") -> dict[str, Lease]:
    guests = home.household.guests
    if POOL + "MinAddress" not in home.tree.parameters:
        return {guest.mac: Lease(guest.address) for guest in guests}
    given = dict(_handed_out(home))
    typed = {guest.address for guest in guests if _static(guest)}
    taken = {address for address in given.values() if address}
    return {
        guest.mac: Lease(guest.address, guest.address in taken, _is_on(home, guest.address))
        if _static(guest)
        else _given(home, given[guest.mac], typed)
        for guest in guests
    }


def _given(home: "Home", address: str, typed: set[str]) -> Lease:
    """What the pool gives; an address of another network than the box's own leads nowhere."""
    way_out = _leads_out(home) and (not address or _is_on(home, address))
    return Lease(address, address in typed, way_out, _leads_to_names(home), _lapsed(home))


def _lapsed(home: "Home") -> float:
    """How long a client is without an address between two leases.

    It asks when half of the time is over, and again a minute later at the earliest (RFC 2131
    4.4.5). Where the lease has run out by then, one answer that is lost costs the address.
    """
    seconds = int(home.setting(POOL + "LeaseTime", str(_DAY)))
    if seconds < 0 or seconds / 2 > _ASKS_AGAIN:  # TR-181: -1 never runs out
        return 0.0
    return min(1.0, _LOST_ANSWERS * _BEGINS_ANEW / max(seconds / 2, 0.1))


def _leads_out(home: "Home") -> bool:
    """Nothing else in a home forwards; a pool that names no gateway names the box itself."""
    told = _listed(home, "IPRouters")
    return not told or home.setting(_LAN, _OWN) in told


def _leads_to_names(home: "Home") -> bool:
    """The box answers for names, and so do those of the internet that are known to."""
    told = _listed(home, "DNSServers")
    own, wan = home.setting(_LAN, _OWN), home.household.wan
    return not told or any(each == own or wan.resolves(each) for each in told)


def _is_on(home: "Home", address: str) -> bool:
    """Whether an address is of the network that the box is on now: from another it is not met."""
    mask = home.setting(POOL + "SubnetMask", "255.255.255.0")
    network = IPv4Network(f"{home.setting(_LAN, _OWN)}/{mask}", strict=False)
    return IPv4Address(address) in network


def _listed(home: "Home", leaf: str) -> list[str]:
    return [each for each in home.setting(POOL + leaf, "").split(",") if each]


def held_leases(home: "Home") -> int:
    """How many addresses visitors still hold who are gone."""
    seconds = int(home.setting(POOL + "LeaseTime", str(_DAY)))
    return int(home.household.visitors_per_day * seconds / _DAY)


def holders(home: "Home") -> int:
    """How many hold an address of the pool, here or gone."""
    return held_leases(home) + sum(bool(address) for _, address in _handed_out(home))


def _handed_out(home: "Home") -> Iterator[tuple[str, str]]:
    """What the server gives each that asks, in the order in which they came."""
    free = _pool(home)
    for guest in home.household.guests:
        if _static(guest):
            continue
        wanted = guest.address if guest.address in free else next(iter(free), "")
        free.pop(wanted, None)
        yield guest.mac, wanted


def _pool(home: "Home") -> dict[str, None]:
    """Free addresses in order, without those that visitors' leases still hold."""
    if not (home.reads("Device.DHCPv4.Server.Enable") and home.on(POOL)):
        return {}
    low, high = (_number(home.setting(POOL + end)) for end in ("MinAddress", "MaxAddress"))
    own = _number(home.setting(_LAN, _OWN))
    reserved = {_number(each) for each in home.setting(POOL + "ReservedAddresses").split(",")}
    room = [each for each in range(low, min(high, low + 1023) + 1) if each not in {own, *reserved}]
    kept = room[: max(len(room) - held_leases(home), 0)]
    return {str(IPv4Address(each)): None for each in kept}


def _number(address: str) -> int:
    return int(IPv4Address(address)) if address else 0


def _static(guest: "Guest") -> bool:
    return guest.body is not None and guest.body.static
