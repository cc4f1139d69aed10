"""What a case costs, and what of it is told: means, and of seconds the middle and the tail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from evals.harness.intervals import percentile


@dataclass(frozen=True, slots=True)
class Amount:
    """One figure: of which cost, and how many of them become one."""

    field: str
    title: str
    figure: Callable[[list[float]], float] = fmean


def _middle(values: list[float]) -> float:
    return percentile(values, 0.5) or 0.0


def _tail(values: list[float]) -> float:
    return percentile(values, 0.95) or 0.0


AMOUNTS: Final[Mapping[str, Amount]] = {
    "calls": Amount("calls", "model calls a case"),
    "tokens_in": Amount("tokens_in", "tokens in a case"),
    "tokens_out": Amount("tokens_out", "tokens out a case"),
    "turns": Amount("turns", "messages a case"),
    "seconds_p50": Amount("seconds", "planner's seconds, half of the cases", _middle),
    "seconds_p95": Amount("seconds", "planner's seconds, 95 % of the cases", _tail),
    "case_seconds": Amount("case_seconds", "seconds a case, all in all"),
}
"""By the name that files use."""
