"""How sure a figure is: Wilson's interval, the same for clustered cases, the bootstrap, McNemar's
test, pass^k."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb, sqrt
from random import Random

Z = 1.959964
"""Of 95 %, both sides."""
_DRAWS = 400


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
        return wilson(self.hits, self.n)


def wilson(hits: float, n: float) -> tuple[float, float]:
    """Wilson's score interval at 95 %, of shares of a number that may be no whole one."""
    if not n:
        return 0.0, 1.0
    share = hits / n
    below = 1 + Z * Z / n
    centre = (share + Z * Z / (2 * n)) / below
    margin = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n**2)) / below
    low = 0.0 if hits == 0 else max(0.0, centre - margin)
    high = 1.0 if hits == n else min(1.0, centre + margin)
    return low, high


def clustered(clusters: Sequence[Share]) -> tuple[float, float]:
    """Wilson's interval where what is within a cluster is alike, by Kish's effective number.

    The number is divided by the design effect: how much more the share moves between clusters than
    it would if all were drawn apart, never below 1. Where all or none are hits nothing tells how
    alike they are, and every cluster counts once: zero of *m* templates is what was seen.
    """
    some = [each for each in clusters if each.n]
    hits, n = sum(each.hits for each in some), sum(each.n for each in some)
    if not n:
        return 0.0, 1.0
    effective = _effective(some, hits, n)
    return wilson(hits / n * effective, effective)


def _effective(some: Sequence[Share], hits: int, n: int) -> float:
    if hits in (0, n) or len(some) == 1:
        return float(len(some))
    share, many = hits / n, len(some)
    between = sum((each.hits - share * each.n) ** 2 for each in some) / n**2
    variance = between * many / (many - 1)
    return min(float(n), share * (1 - share) / variance) if variance else float(n)


def bootstrapped(
    clusters: Sequence[Sequence[float]], figure: Callable[[list[float]], float]
) -> tuple[float, float]:
    """The 95 % interval of a figure that is no share: of whole clusters, drawn again and again.

    The percentiles of the figure over the draws (Efron); the same each time. ValueError for fewer
    than two clusters: nothing tells how they differ.
    """
    some = [each for each in clusters if each]
    if len(some) < 2:
        raise ValueError("one cluster tells of no other")
    draw = Random(0)  # noqa: S311 - the same interval for the same results
    found = sorted(
        figure([value for each in draw.choices(some, k=len(some)) for value in each])
        for _ in range(_DRAWS)
    )
    edge = int(0.025 * _DRAWS)
    return found[edge], found[-1 - edge]


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
