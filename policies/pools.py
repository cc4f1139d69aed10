"""What each touched DHCPv4 pool (TR-181, ``Device.DHCPv4.Server.Pool.{i}.``) would hand out."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError

from brain.domain.canonical import Json
from brain.domain.change import AddObject, SetParameter
from brain.domain.question import Question
from policies.lans import ADDRESS

_POOL = re.compile(r"Device\.DHCPv4\.Server\.Pool\.[0-9]+\.")


def pools(question: Question) -> dict[str, Json]:
    """By the path of each change within a pool: addresses as numbers, null where nobody said.

    ``low`` and ``high`` are the ends of the subnet that the device has now; it is another only
    where the plan moves the device's own address along. ``own`` is that address, as text; ``lease``
    what a static lease would give, ``kept`` what the pool would not give.
    """
    said = question.values
    wanted = said | {str(each.path): each.after for each in question.plan.sets}
    moved = {each.after for each in question.plan.sets if ADDRESS.fullmatch(each.path)}
    found: dict[str, Json] = {}
    for change in question.plan.changes:
        pool = _POOL.match(change.path)
        if pool is not None and isinstance(change, SetParameter | AddObject):
            about = _pool(pool[0], said, wanted, moved)
            about["kept"] = _kept(wanted.get(pool[0] + "ReservedAddresses", ""), about)
            found[change.path] = about | {"lease": _number(_lease(change, wanted))}
    return found


def _pool(
    pool: str, said: dict[str, str], wanted: dict[str, str], moved: set[str]
) -> dict[str, Json]:
    router = said.get(pool + "IPRouters", "").partition(",")[0].strip()
    if wanted.get(pool + "IPRouters") in moved:
        router = wanted[pool + "IPRouters"]
    low, high = _subnet(router, said.get(pool + "SubnetMask", ""))
    return {
        "first": _number(wanted.get(pool + "MinAddress", "")),
        "high": high,
        "last": _number(wanted.get(pool + "MaxAddress", "")),
        "low": low,
        "own": router if _number(router) is not None else None,
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


def _kept(text: str, pool: dict[str, Json]) -> Json:
    """How many addresses a list names, its ends, and how many are left; null where one is none."""
    found = {_number(each.strip()) for each in text.split(",")} if text else set[int | None]()
    numbers = [each for each in found if each is not None]
    if len(numbers) < len(found):
        return {"count": None, "least": None, "left": None, "most": None}
    first, last = pool["first"], pool["last"]
    left = None
    if isinstance(first, int) and isinstance(last, int):
        left = last - first + 1 - len(numbers)
    return {
        "count": len(numbers),
        "least": min(numbers, default=None),
        "left": left,
        "most": max(numbers, default=None),
    }


def _subnet(router: str, mask: str) -> tuple[int | None, int | None]:
    """The first and the last address that a host can have; a mask is never a hostmask here."""
    try:
        network = IPv4Network(f"{IPv4Address(router)}/{IPv4Address(mask)}", strict=False)
    except (AddressValueError, NetmaskValueError):
        return None, None
    if str(network.netmask) != mask or network.prefixlen > 30:
        return None, None
    return int(network.network_address) + 1, int(network.broadcast_address) - 1
