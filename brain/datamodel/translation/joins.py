"""Which TR-181 row a TR-098 instance becomes.

TR-181 splits what TR-098 keeps in one row, and joins what it keeps in several, so numbers never
carry over as they are. They are computed from the device's own numbers alone, not from their order:
a row that comes or goes leaves the numbers of all others as they were. Two instances never share
a number; one whose own number is too large for that is not translated.
"""

from collections.abc import Callable, Mapping

Captures = Mapping[str, int]
"""The instance numbers of a native path, by their names in the mapping."""

_PAIR = 100_000
_TRIPLE = 1_000
_LAN_PORTS = 90_000
"""Ethernet ports of a LAN are below, those of a WAN above."""
DEFAULT_ROUTE = 90_000
"""The row of a default route that no row of the device's own stands for; those are below."""


def fold(first: int, second: int) -> int | None:
    """One number for two, equal to the second below the first row 1."""
    return (first - 1) * _PAIR + second if second < _PAIR else None


def fold_three(first: int, second: int, third: int) -> int | None:
    """One number for three, equal to the third below 1 and 1."""
    if second >= _TRIPLE or third >= _TRIPLE:
        return None
    return ((first - 1) * _TRIPLE + second - 1) * _TRIPLE + third


def interleave(number: int | None, kind: int, kinds: int) -> int | None:
    """One table for rows of several kinds: 1, 2, 3 are the first rows of kinds 1, 2, 3."""
    return None if number is None else (number - 1) * kinds + kind


def _wan_ip(at: Captures) -> int | None:
    return fold_three(at["v"], at["c"], at["i"])


def _wan_ppp(at: Captures) -> int | None:
    return fold_three(at["v"], at["c"], at["p"])


def _port(connection: int | None, kind: int, at: Captures) -> int | None:
    table = interleave(connection, kind, 2)
    return None if table is None else fold(table, at["m"])


JOINS: dict[str, Callable[[Captures], int | None]] = {
    "wlan": lambda at: fold(at["l"], at["w"]),
    "ppp": _wan_ppp,
    "dhcp": _wan_ip,
    "ip_lan": lambda at: interleave(at["l"], 1, 3),
    "ip_wan": lambda at: interleave(_wan_ip(at), 2, 3),
    "ip_ppp": lambda at: interleave(_wan_ppp(at), 3, 3),
    "up_ip": lambda at: interleave(_wan_ip(at), 1, 2),
    "up_ppp": lambda at: interleave(_wan_ppp(at), 2, 2),
    "eth_lan": lambda at: fold(at["l"], at["e"]) if at["e"] <= _LAN_PORTS else None,
    "eth_wan": lambda at: _LAN_PORTS + at["v"] if at["v"] < _PAIR - _LAN_PORTS else None,
    "atm": lambda at: fold(at["v"], at["c"]),
    "host": lambda at: fold(at["l"], at["h"]),
    "port": lambda at: _port(_wan_ip(at), 1, at),
    "port_ppp": lambda at: _port(_wan_ppp(at), 2, at),
    "route": lambda at: at["f"] if at["f"] < DEFAULT_ROUTE else None,
    "line": lambda at: fold(at["p"], at["l"]),
}
"""One TR-181 number from the numbers of the native path; every other name is carried over."""

POSITIONS = {"dns_ip": "up_ip", "dns_ppp": "up_ppp"}
"""Tables with a row for each item of a native list, and the join of the list itself."""

_ITEMS = 100


def positioned(list_number: int | None, position: int) -> int | None:
    """The row of one item (counted from 0) of a list."""
    if list_number is None or position >= _ITEMS - 1:
        return None
    return (list_number - 1) * _ITEMS + position + 1
