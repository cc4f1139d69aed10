"""How often healthy fleets raise an alarm, and how often a real cause is found.

Drawn, not loaded: each device is in trouble by itself at a base rate, scopes are as in ``fleet``,
and the product's own rule decides. In *uneven* fleets each splitter has a rate of its own, up to
twice the fleet's, as streets differ in age.
"""

from collections import Counter
from collections.abc import Iterator
from random import Random

from brain.domain.fared import wilson
from brain.domain.identity import DeviceId, NodeId, TenantId
from brain.domain.topology import (
    AccessNode,
    Census,
    NeighbourHealth,
    NodeKind,
    Scope,
    ScopeKind,
    Tally,
)
from brain.topology.common_cause import common_cause
from brain.topology.shared_causes import plainest
from evals.bench.table import Row
from evals.bench.turns import told

_HOMES, _PORT, _OLT, _VERSIONS, _AREA = 32, 8, 128, 21, 50
"""Homes on a splitter; splitters on a port, on an OLT, in an area; versions of the software."""
_LOOKS = {1_000: 10_000, 10_000: 2_000, 100_000: 200}
_QUESTIONS, _FAULTS = 20_000, 2_000
_PLAIN = 98.0
"""Percent: a splitter of which half fails is named that often, however large the fleet."""


async def alarm_rows() -> list[Row]:
    """Shares in percent; the ends of the Wilson interval at 95 % stand beside them."""
    draw = Random(7)  # noqa: S311 - the same every time
    rows: list[Row] = []
    for size, looks in _LOOKS.items():
        for rate, uneven in ((0.01, False), (0.05, False), (0.02, True)):
            name = f"alarms, {size:,} healthy devices, {rate:.0%}{' uneven' if uneven else ''}"
            told.get()(f"{name} ...")
            found = sum(_alarm(draw, size, rate, uneven=uneven) for _ in range(looks))
            rows += _share(name, found, looks, aim="0.1", surely=None if uneven else 0.1)
    for rate in (0.02, 0.05):
        told.get()("questions about one device ...")
        found = sum(_asked(draw, rate) for _ in range(_QUESTIONS))
        rows += _share(
            f"alarms, one device asked about, {rate:.0%}", found, _QUESTIONS, aim="0.5", surely=0.5
        )
    for size in (1_000, 10_000, 100_000, 1_000_000):
        for share in (0.2, 0.3, 0.5):
            found = sum(_found(draw, size, 0.02, share) for _ in range(_FAULTS))
            name = f"found, {share:.0%} of a splitter among {size:,}"
            rows += _share(name, found, _FAULTS, least=_PLAIN if share == 0.5 else None)
    return rows


def _alarm(draw: Random, size: int, rate: float, *, uneven: bool) -> bool:
    return plainest(_healthy(draw, size, rate, uneven=uneven)) is not None


def _healthy(draw: Random, size: int, rate: float, *, uneven: bool) -> Census:
    """A census of a fleet in which nobody shares a cause."""
    splitters = size // _HOMES
    sick: Counter[Scope] = Counter()
    for splitter in range(splitters):
        mine = rate * draw.uniform(0, 2) if uneven else rate
        for _ in range(_HOMES):
            if draw.random() < mine:
                sick.update(_scopes(splitter, draw.randrange(_VERSIONS)))
    known = Counter(scope for each in range(splitters) for scope in _scopes(each, None))
    kinds = Counter(scope.kind for scope in known)
    tallies = [
        Tally(
            scope=scope,
            suffering=count,
            known=known[scope] * _HOMES,
            looked_at=kinds[scope.kind],
        )
        for scope, count in sick.items()
        if count >= 3 and scope.kind is not ScopeKind.SOFTWARE
    ]
    tallies += [
        Tally(
            scope=scope,
            suffering=count,
            known=splitters * _HOMES // _VERSIONS,
            looked_at=_VERSIONS,
        )
        for scope, count in sick.items()
        if count >= 3 and scope.kind is ScopeKind.SOFTWARE
    ]
    of_splitters = sum(n for scope, n in sick.items() if scope.kind is ScopeKind.SPLITTER)
    return Census(
        suffering=of_splitters,
        known=splitters * _HOMES,
        tallies=tuple(tallies),
        kinds=len(kinds) + 1,
    )


def _scopes(splitter: int, version: int | None) -> Iterator[Scope]:
    yield Scope(kind=ScopeKind.SPLITTER, id=str(splitter))
    yield Scope(kind=ScopeKind.PORT, id=str(splitter // _PORT))
    yield Scope(kind=ScopeKind.OLT, id=str(splitter // _OLT))
    yield Scope(kind=ScopeKind.AREA, id=str(splitter // _AREA))
    if version is not None:
        yield Scope(kind=ScopeKind.SOFTWARE, id=str(version))


def _found(draw: Random, size: int, rate: float, share: float) -> bool:
    """Whether a splitter is named of which each home fails with this likelihood, or by itself."""
    hit = sum(draw.random() < share + (1 - share) * rate for _ in range(_HOMES))
    others = round((size - _HOMES) * rate)
    tally = Tally(
        scope=Scope(kind=ScopeKind.SPLITTER, id="s"),
        suffering=hit,
        known=_HOMES,
        looked_at=size // _HOMES,
    )
    census = Census(suffering=others + hit, known=size, tallies=(tally,), kinds=5)
    return hit >= 3 and plainest(census) is not None


_WAY = ("splitter", "port", "olt")
_ANCESTORS = tuple(
    AccessNode(id=NodeId(name), tenant=TenantId("default"), kind=NodeKind(name), name=name)
    for name in _WAY
)
_AROUND = (
    ("splitter", 31, 0),
    *((f"s{n}", 4, 1) for n in range(7)),
    *((f"p{n}", 3, 2) for n in range(8)),
)
"""What ``neighbourhood`` finds in such a network: whom, how many, and from where on the way up."""


def _asked(draw: Random, rate: float) -> bool:
    """Whether a device is told of a cause that it shares with healthy neighbours."""
    health = [
        NeighbourHealth(
            device=DeviceId(f"{node}-{number}"),
            node=NodeId(node),
            above=tuple(NodeId(name) for name in _WAY[max(1, steps) :]),
            suffering=draw.random() < rate,
        )
        for node, count, steps in _AROUND
        for number in range(count)
    ]
    return common_cause(_ANCESTORS, health) is not None


def _share(
    name: str,
    found: int,
    of: int,
    aim: str = "",
    *,
    surely: float | None = None,
    least: float | None = None,
) -> list[Row]:
    """It fails where it is surely above what was promised, or found more seldom than plain is."""
    low, high = wilson(found, of)
    return [
        Row(name=f"{name}, n {of:,}", value=100 * found / of, unit="%", aim=aim, least=least),
        Row(name=f"{name}, at least", value=100 * low, unit="%", most=surely),
        Row(name=f"{name}, at most", value=100 * high, unit="%"),
    ]
