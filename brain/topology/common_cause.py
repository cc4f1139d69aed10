"""Finds the access node below which too many suffer together for it to be chance.

Two questions, both answered with numbers. *Is it chance?* Below each node that the device hangs
from, how likely are so many sick ones if each suffers by itself, at the base rate (the tail of the
binomial distribution)? *Which node?* The one that explains best who is sick and who is not: the
highest likelihood ratio, as in Kulldorff's scan statistic, over the device's own way up and every
branch beside it. When a branch beside explains it better, it is not this device's trouble.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from brain.domain.identity import NodeId
from brain.domain.topology import AccessNode, CommonCause, NeighbourHealth
from brain.topology.chance import binomial_tail, gain


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """What counts as chance."""

    base_rate: float = 0.05
    """The share of devices that suffer on any day for reasons of their own."""
    false_alarms: float = 0.005
    """How often, at most, a cause is named where there is none and the base rate is right: once
    in 200 questions. It is shared among the nodes tested (Bonferroni)."""
    known: int = 4
    """Fewer devices below a node say nothing."""
    suffering: int = 3
    """Nor do fewer sick ones."""


USUAL: Final = Odds()


def common_cause(
    ancestors: Sequence[AccessNode], health: Sequence[NeighbourHealth], odds: Odds = USUAL
) -> CommonCause | None:
    """The lowest of ``ancestors`` (nearest first) that explains it, or None when none does.

    ``health`` is of the neighbours alone: that the device itself suffers is why somebody asks, and
    is no evidence.
    """
    tallies = _tallies(health)
    tested = [node for node in ancestors if node.id in tallies]
    tested = [node for node in tested if tallies[node.id].known >= odds.known]
    level = odds.false_alarms / max(1, len(tested))
    unlikely = [node for node in tested if _unlikely(tallies[node.id], odds, level)]
    if not unlikely:
        return None
    best = max(unlikely, key=lambda node: tallies[node.id].rank(odds))
    own = {node.id for node in ancestors}
    beside = [tally for node, tally in tallies.items() if node not in own]
    if any(tally.rank(odds) > tallies[best.id].rank(odds) for tally in beside):
        return None
    tally = tallies[best.id]
    return CommonCause(
        node=best.id,
        kind=best.kind,
        name=best.name,
        suffering=tally.suffering,
        known=tally.known,
    )


@dataclass(slots=True, kw_only=True)
class _Tally:
    """The devices below one node."""

    depth: int
    known: int = 0
    suffering: int = 0

    def rank(self, odds: Odds) -> tuple[float, int]:
        """How well the node explains them; the lower of two that do equally well comes first."""
        return round(gain(self.suffering, self.known, odds.base_rate), 9), self.depth


def _tallies(health: Sequence[NeighbourHealth]) -> dict[NodeId, _Tally]:
    tallies: dict[NodeId, _Tally] = {}
    for each in health:
        way = (each.node, *each.above)
        for steps, node in enumerate(way):
            tally = tallies.setdefault(node, _Tally(depth=len(way) - steps))
            tally.known += 1
            tally.suffering += each.suffering
    return tallies


def _unlikely(tally: _Tally, odds: Odds, level: float) -> bool:
    if tally.suffering < odds.suffering:
        return False
    return binomial_tail(tally.suffering, tally.known, odds.base_rate) <= level
