"""How sure a share is: Wilson's interval, McNemar's test, and pass^k."""

from dataclasses import dataclass
from math import comb, sqrt

Z = 1.959964
"""Of 95 %, both sides."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    n: int

    @property
    def value(self) -> float | None:
        """The share itself; None of nothing."""
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval at 95 %; all that is possible when there is nothing to go by."""
        if not self.n:
            return 0.0, 1.0
        share = self.hits / self.n
        below = 1 + Z * Z / self.n
        centre = (share + Z * Z / (2 * self.n)) / below
        margin = Z * sqrt(share * (1 - share) / self.n + Z * Z / (4 * self.n**2)) / below
        low = 0.0 if self.hits == 0 else max(0.0, centre - margin)
        high = 1.0 if self.hits == self.n else min(1.0, centre + margin)
        return low, high


def share(marks: "list[bool]") -> Share:
    """How many of these are true."""
    return Share(sum(marks), len(marks))


def mcnemar(only_first: int, only_second: int) -> float:
    """How likely so unequal a split of the cases in which two runs differ is by chance alone.

    The exact test on both sides: under chance each such case falls either way like a coin.
    """
    n, fewer = only_first + only_second, min(only_first, only_second)
    if not n:
        return 1.0
    tail: float = sum(comb(n, count) for count in range(fewer + 1)) / 2**n
    return min(1.0, 2 * tail)


def pass_k(passed: int, tried: int, k: int) -> float | None:
    """How likely k of the tries, drawn at random, have all passed: C(c,k)/C(n,k)."""
    return comb(passed, k) / comb(tried, k) if tried >= k else None


def percentile(values: list[float], share_below: float) -> float | None:
    """The value that this share of them does not exceed (nearest rank); None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share_below * len(ordered)))]
