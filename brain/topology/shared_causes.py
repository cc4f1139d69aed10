"""What many devices that are in trouble have in common, looked for in the whole fleet at once.

Every port, splitter, head end, version of the software and area is held against everybody else.
*Is it chance?* How likely are so many in trouble, if they are at the rate of those outside (the
tail of the binomial distribution), times how many of its kind were looked at, times how many kinds
(Bonferroni). *Which?* The one that explains best who suffers and who does not (the highest
likelihood ratio). Its devices are then left out and the rest is looked at again, so one cause is
told of once, and what it does to a port is not blamed on the software that runs there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from brain.domain.device import Device
from brain.domain.identity import NodeId, TenantId
from brain.domain.topology import (
    SOFTWARE_PARTS,
    Census,
    Look,
    ScopeKind,
    SharedCause,
    Tally,
)
from brain.topology.chance import binomial_tail, gain
from brain.topology.reads import FleetReads
from brain.topology.scopes import in_common


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetOdds:
    """What counts as chance in a whole fleet."""

    false_alarms: float = 0.001
    """How often one look at a healthy fleet names any cause at all, at most."""
    suffering: int = 3
    """Fewer in trouble say nothing."""
    known: int = 4
    """Nor does a scope of fewer devices."""
    times: float = 3.0
    """So many times as often as elsewhere they must suffer: fleets differ from place to place, and
    among many devices the least difference is no chance any more."""
    seen_before: tuple[int, int] = (1, 20)
    """In trouble, of so many: what is taken to have been seen already. It keeps a small fleet from
    looking as if nothing ever happened in it; where all are in the scope, it is all there is."""
    causes: int = 5
    """At one look. Where more go wrong at once, the next look tells of the rest."""


USUAL: Final = FleetOdds()
_NEAREST: Final = (
    ScopeKind.SPLITTER,
    ScopeKind.PORT,
    ScopeKind.CELL,
    ScopeKind.CMTS,
    ScopeKind.OLT,
    ScopeKind.SOFTWARE,
    ScopeKind.AREA,
)
"""Of two that explain it equally well, the first is where somebody would look first."""


async def shared_causes(
    tx: FleetReads, tenant: TenantId, now: datetime, odds: FleetOdds = USUAL
) -> tuple[SharedCause, ...]:
    """What is wrong now that many share, the plainest first; empty when nothing is.

    The database counts; no more than 50 scopes of a kind are ever held, however large the fleet.
    ``tx.troubles.suffering`` pages through who they are.
    """
    found: list[SharedCause] = []
    while len(found) < odds.causes:
        census = await tx.troubles.census(
            tenant,
            Look(now=now),
            without=[each.scope for each in found],
            suffering=odds.suffering,
            known=odds.known,
        )
        best = plainest(census, odds)
        if best is None:
            break
        found.append(await _named(tx, tenant, best))
    return tuple(found)


async def shared_by(
    tx: FleetReads, device: Device, causes: Sequence[SharedCause]
) -> SharedCause | None:
    """The first of these causes that the device lies in; None when it shares none of them."""
    scopes = await in_common(tx, device)
    return next((cause for cause in causes if cause.scope in scopes), None)


def plainest(census: Census, odds: FleetOdds = USUAL) -> SharedCause | None:
    """The scope that explains it best, of those that chance does not; its name is still empty."""
    weighed = [(_weighed(tally, census, odds), tally) for tally in census.tallies]
    unlikely = [(cause, tally) for cause, tally in weighed if cause is not None]
    if not unlikely:
        return None
    return max(unlikely, key=lambda each: _rank(each[0]))[0]


def _weighed(tally: Tally, census: Census, odds: FleetOdds) -> SharedCause | None:
    """This scope as a cause, or None where chance would do."""
    sick, of = odds.seen_before
    others = census.known - tally.known
    rate = (census.suffering - tally.suffering + sick) / (others + of)
    if rate >= 1 or tally.suffering < odds.times * rate * tally.known:
        return None
    tail = binomial_tail(tally.suffering, tally.known, rate)
    chance = min(1.0, tail * tally.looked_at * census.kinds)
    if chance > odds.false_alarms:
        return None
    return SharedCause(
        scope=tally.scope,
        name="",
        suffering=tally.suffering,
        known=tally.known,
        expected=rate * tally.known,
        chance=chance,
    )


def _rank(cause: SharedCause) -> tuple[float, int, int]:
    explains = gain(cause.suffering, cause.known, cause.expected / cause.known)
    return round(explains, 9), -cause.known, -_NEAREST.index(cause.scope.kind)


async def _named(tx: FleetReads, tenant: TenantId, cause: SharedCause) -> SharedCause:
    """As people call it; its id where nobody gave it a name."""
    scope = cause.scope
    if scope.kind is ScopeKind.SOFTWARE:
        name = " ".join(scope.id.split(SOFTWARE_PARTS)).strip()
    elif scope.kind is ScopeKind.AREA:
        site = await tx.sites.of_area(tenant, scope.id)
        name = site.area.strip() if site else ""
    else:
        node = await tx.nodes.get(tenant, NodeId(scope.id))
        name = node.name if node else ""
    return replace(cause, name=name or scope.id)
