"""What each touched port mapping or exposed host would let in from the internet.

TR-181: ``Device.NAT.PortMapping.{i}.`` and ``Device.Firewall.DMZ.{i}.``
"""

import re
from ipaddress import ip_address

from brain.domain.canonical import Json
from brain.domain.change import AddObject, Change, SetParameter
from brain.domain.question import Question

_ROW = re.compile(r"Device\.(?:NAT\.PortMapping|Firewall\.DMZ)\.(?:[0-9]+\.)?")
_PORT = re.compile(r"[0-9]{1,5}")
_SWITCH = {"true": True, "false": False}


def openings(question: Question) -> dict[str, Json]:
    """By the path of each change that sets or adds such a row: the row as the plan would leave it.

    ``private`` says whether it leads to an address that only a home network has; null where the
    row says nothing, or names a host that only a resolver would know.
    """
    wanted = question.values | {str(each.path): each.after for each in question.plan.sets}
    found: dict[str, Json] = {}
    for change in question.plan.changes:
        row = _ROW.match(change.path)
        if row is not None and isinstance(change, SetParameter | AddObject):
            found[change.path] = _opening(_values(change, row[0], wanted))
    return found


def _values(change: Change, row: str, wanted: dict[str, str]) -> dict[str, str]:
    if isinstance(change, AddObject):
        return dict(change.values)
    return {path.removeprefix(row): value for path, value in wanted.items() if path.startswith(row)}


def _opening(row: dict[str, str]) -> Json:
    first = _port(row.get("ExternalPort", ""))
    last = _port(row.get("ExternalPortEndRange", ""))
    return {
        "enabled": _SWITCH.get(row.get("Enable", "")),
        "first": first,
        "internal": _port(row.get("InternalPort", "")),
        "last": last or first,
        "private": _private(row.get("InternalClient", row.get("DestIP", ""))),
        "protocol": row.get("Protocol") or None,
    }


def _port(text: str) -> int | None:
    return int(text) if _PORT.fullmatch(text) else None


def _private(text: str) -> bool | None:
    """RFC 1918 and RFC 4193; not the device itself, and not a link, which no router forwards to."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    local = address.is_loopback or address.is_link_local or address.is_unspecified
    return address.is_private and not local
