"""Ways from the internet into a home that a gateway's settings open (TR-181 NAT, Firewall)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

_TABLE = re.compile(
    r"(?P<row>Device\.(?P<kind>NAT\.PortMapping|Firewall\.DMZ|Firewall\.Pinhole"
    r"|Firewall\.Chain\.[^.]+\.Rule)\.[^.]+\.)(?P<leaf>\w+)"
)
_EVERY_PORT = range(65536)
_TRUE = ("true", "1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One way in."""

    row: str
    """The object that opens it, dot at the end."""
    leads: str
    """Which table it is of and where it leads: what may not differ."""
    protocols: frozenset[str]
    ports: range
    """Outer ports."""
    shift: int
    """From outer port to inner one."""
    only_from: str
    """The one address outside that may use it; empty for all."""

    def within(self, other: "Opening") -> bool:
        """Whether nobody gets further by this than by the other."""
        return (
            self.leads == other.leads
            and self.protocols <= other.protocols
            and other.ports.start <= self.ports.start
            and self.ports.stop <= other.ports.stop
            and (self.shift == other.shift or other.ports == _EVERY_PORT)
            and other.only_from in ("", self.only_from)
        )


def openings(settings: Mapping[str, str]) -> Iterator[Opening]:
    """Every way in that these settings open."""
    found = [each for path in settings if (each := _TABLE.fullmatch(path))]
    for row, leaves in groupby(sorted(found, key=lambda each: each["row"]), lambda it: it["row"]):
        members = list(leaves)
        values = {each["leaf"]: settings[each.string] for each in members}
        if _opens(values, members[0]["kind"]):
            yield _opening(row, members[0]["kind"], values)


def _opens(row: Mapping[str, str], kind: str) -> bool:
    if row.get("Enable", "false").lower() not in _TRUE:
        return False
    return not kind.startswith("Firewall.Chain") or row.get("Target") == "Accept"


def _opening(row: str, kind: str, values: Mapping[str, str]) -> Opening:
    mapping = kind == "NAT.PortMapping"
    first = _number(values, "ExternalPort" if mapping else "DestPort")
    last = _number(values, "ExternalPortEndRange" if mapping else "DestPortRangeMax") or first
    every = first <= 0
    inner = _number(values, "InternalPort") if mapping else first
    return Opening(
        row=row,
        leads=f"{kind} {values.get('InternalClient') or values.get('DestIP', '')}",
        protocols=_protocols(values.get("Protocol", "")),
        ports=_EVERY_PORT if every else range(first, max(first, last) + 1),
        shift=0 if every else inner - first,
        only_from=values.get("RemoteHost") or values.get("SourceIP", ""),
    )


def _protocols(said: str) -> frozenset[str]:
    named = frozenset(re.findall(r"TCP|UDP", said.upper()))
    return named or frozenset(("TCP", "UDP", said))


def _number(row: Mapping[str, str], leaf: str) -> int:
    said = row.get(leaf, "0")
    return int(said) if re.fullmatch(r"-?\d{1,9}", said) else 0
