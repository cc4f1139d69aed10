"""Reads numbers, truths and rows out of a snapshot. What a device does not tell is None."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network

from brain.domain.parameter import Snapshot

_LONG = 10
"""Digits that no setting has."""


def number(snapshot: Snapshot, path: str) -> int | None:
    """A whole number; None when it is not told, or is none."""
    try:
        return int(snapshot.get(path) or "")
    except ValueError:
        return None


def is_on(snapshot: Snapshot, path: str) -> bool | None:
    """A switch; None when it is not told."""
    return {"true": True, "1": True, "false": False, "0": False}.get(snapshot.get(path) or "")


def address(snapshot: Snapshot, path: str) -> IPv4Address | None:
    """An IPv4 address; None when there is none."""
    try:
        return IPv4Address(snapshot.get(path) or "")
    except ValueError:
        return None


def network(snapshot: Snapshot, path: str) -> IPv4Network | None:
    """The network of an address, by the SubnetMask beside it: 256 addresses where none is told."""
    mask = snapshot.get(path.rpartition(".")[0] + ".SubnetMask") or "255.255.255.0"
    try:
        return IPv4Network(f"{IPv4Address(snapshot.get(path) or '')}/{mask}", strict=False)
    except ValueError:
        return None


def numbers(texts: Iterable[str]) -> list[int]:
    """Those of these texts that are whole numbers of a size that a setting has."""
    return [int(each) for each in texts if each.isdecimal() and len(each) < _LONG]


def listed(snapshot: Snapshot, path: str) -> tuple[str, ...]:
    """The items of a list with commas; empty when it is not told."""
    return tuple(item.strip() for item in (snapshot.get(path) or "").split(",") if item.strip())


def rows(snapshot: Snapshot, table: str) -> tuple[str, ...]:
    """The rows of a table (``Device.Hosts.Host.``) in order, each ending in a dot."""
    found = {
        int(path[len(table) :].partition(".")[0])
        for path in snapshot.values
        if path.startswith(table) and path[len(table) :].partition(".")[0].isdecimal()
    }
    return tuple(f"{table}{index}." for index in sorted(found))


def paths_like(snapshot: Snapshot, pattern: str) -> tuple[str, ...]:
    """The paths that fit a regular expression whole, sorted."""
    fits = re.compile(pattern).fullmatch
    return tuple(sorted(str(path) for path in snapshot.values if fits(path)))


def tells(snapshot: Snapshot, objects: Iterable[str]) -> bool:
    """Whether it told anything below one of these objects."""
    below = tuple(objects)
    return any(path.startswith(below) for path in snapshot.values)
