"""What each touched address of a device inside the home (TR-181, ``Device.IP.Interface.{i}.``) is.

A home network moves whole: the address of the device, and the pool that leads others to it.
"""

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError

from brain.domain.canonical import Json
from brain.domain.question import Question

ADDRESS = re.compile(r"(Device\.IP\.Interface\.[0-9]+\.IPv4Address\.[0-9]+\.)IPAddress")
_POOL = re.compile(r"Device\.DHCPv4\.Server\.Pool\.[0-9]+\.")


def lans(question: Question) -> dict[str, Json]:
    """By the path of each address that the plan sets.

    ``own`` says whether the device has it of itself, and not from the network; ``followed`` whether
    a pool of the same plan moves along, with both ends in the new subnet and this as its router.
    """
    said = question.values
    wanted = said | {str(each.path): each.after for each in question.plan.sets}
    pools = {match[0] for path in question.plan.paths if (match := _POOL.match(path))}
    found: dict[str, Json] = {}
    for change in question.plan.sets:
        row = ADDRESS.fullmatch(change.path)
        if row is not None:
            found[change.path] = {
                "own": said.get(row[1] + "AddressingType") == "Static",
                "followed": any(_follows(pool, wanted, change.after) for pool in pools),
            }
    return found


def _follows(pool: str, wanted: dict[str, str], to: str) -> bool:
    try:
        router = IPv4Address(to)
        subnet = IPv4Network(f"{router}/{wanted.get(pool + 'SubnetMask', '')}", strict=False)
        first, last = (IPv4Address(wanted.get(pool + leaf, "")) for leaf in _ENDS)
    except (AddressValueError, NetmaskValueError):
        return False
    inside = first in subnet and last in subnet and first <= last
    return inside and wanted.get(pool + "IPRouters") == to and not first <= router <= last


_ENDS = ("MinAddress", "MaxAddress")
