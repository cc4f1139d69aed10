"""Whom a change reaches, in words for who has to approve it."""

from collections.abc import Iterator

from api.shapes.verdicts import ReachShape
from brain.domain.topology import ScopeKind

_SHARED = {
    ScopeKind.SPLITTER: "on its splitter",
    ScopeKind.PORT: "on its port",
    ScopeKind.CELL: "in its cell",
    ScopeKind.OLT: "below its OLT",
    ScopeKind.CMTS: "below its CMTS",
    ScopeKind.SOFTWARE: "with its software",
    ScopeKind.AREA: "in its area",
}
_MANY = 1000
"""No scope is counted further."""


def reach_said(reach: ReachShape) -> str:
    """In sentences. What nobody can tell is said to be so."""
    return " ".join(_sentences(reach))


def _sentences(reach: ReachShape) -> Iterator[str]:
    at_home = _clients(reach.clients)
    if reach.others is None:
        yield f"It reaches {at_home}; how many other homes, nobody can tell."
    elif reach.others:
        yield f"It reaches {at_home} and {_count(reach.others, 'other home')}."
    else:
        yield f"It reaches {at_home} and no other home."
    beside = [f"{_many(count)} {_SHARED[kind]}" for kind, count in reach.sharing.items() if count]
    if beside:
        yield f"Other devices: {', '.join(beside)}."


def _clients(clients: int | None) -> str:
    if clients is None:
        return "an unknown number of devices in this home"
    return _count(clients, "device") + " in this home"


def _count(number: int, what: str) -> str:
    return f"{_many(number)} {what}{'' if number == 1 else 's'}" if number else f"no {what}"


def _many(number: int) -> str:
    return f"{_MANY:,} or more" if number >= _MANY else f"{number:,}"
