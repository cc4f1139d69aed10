"""What each touched DHCPv4 pool (TR-181, ``Device.DHCPv4.Server.Pool.{i}.``) would hand out."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError

from brain.domain.canonical import Json
from brain.domain.change import AddObject, SetParameter
from brain.domain.question import Question

_POOL = re.compile(r"Device\.DHCPv4\.Server\.Pool\.[0-9]+\.")


def pools(question: Question) -> dict[str, Json]:
    """By the path of each change within a pool: addresses as numbers, null where nobody said.

    ``low`` and ``high`` are the ends of the subnet that the device has now, whatever the plan would
    make of it; ``lease`` is the address that a static lease would give.
    """
    said = question.values
    wanted = said | {str(each.path): each.after for each in question.plan.sets}
    found: dict[str, Json] = {}
    for change in question.plan.changes:
        pool = _POOL.match(change.path)
        if pool is not None and isinstance(change, SetParameter | AddObject):
            about = _pool(pool[0], said, wanted)
            found[change.path] = about | {"lease": _number(_lease(change, wanted))}
    return found


def _pool(pool: str, said: dict[str, str], wanted: dict[str, str]) -> dict[str, Json]:
    router = said.get(pool + "IPRouters", "").partition(",")[0].strip()
    low, high = _subnet(router, said.get(pool + "SubnetMask", ""))
    return {
        "first": _number(wanted.get(pool + "MinAddress", "")),
        "high": high,
        "last": _number(wanted.get(pool + "MaxAddress", "")),
        "low": low,
        "router": _number(router),
    }


def _lease(change: SetParameter | AddObject, wanted: dict[str, str]) -> str:
    if isinstance(change, AddObject):
        return dict(change.values).get("Yiaddr", "")
    row = change.path.rpartition(".")[0]
    return wanted.get(row + ".Yiaddr", "")


def _number(text: str) -> int | None:
    try:
        return int(IPv4Address(text))
    except AddressValueError:
        return None


def _subnet(router: str, mask: str) -> tuple[int | None, int | None]:
    """The first and the last address that a host can have; a mask is never a hostmask here."""
    try:
        network = IPv4Network(f"{IPv4Address(router)}/{IPv4Address(mask)}", strict=False)
    except (AddressValueError, NetmaskValueError):
        return None, None
    if str(network.netmask) != mask or network.prefixlen > 30:
        return None, None
    return int(network.network_address) + 1, int(network.broadcast_address) - 1
