"""What chance does: how likely so many suffer, and how much better a common cause explains it."""

from math import exp, fsum, lgamma, log, log1p
from typing import Final

_NOTHING: Final = 1e-18
"""A term so much smaller than the sum adds nothing that a float could hold."""


def binomial_tail(successes: int, trials: int, rate: float) -> float:
    """How likely so many or more are, when each trial succeeds at this rate (0 < rate < 1).

    It takes as many terms as matter, and not one for each trial: a version of the software may run
    on a million devices.
    """
    terms: list[float] = []
    for count in range(successes, trials + 1):
        terms.append(_exactly(count, trials, rate))
        # Beyond the mean each term is smaller than the one before it.
        if count > trials * rate and terms[-1] <= _NOTHING * terms[0]:
            break
    return min(1.0, fsum(terms))


def _exactly(count: int, trials: int, rate: float) -> float:
    ways = lgamma(trials + 1) - lgamma(count + 1) - lgamma(trials - count + 1)
    return exp(ways + count * log(rate) + (trials - count) * log1p(-rate))


def gain(suffering: int, known: int, base_rate: float) -> float:
    """The log likelihood ratio of *they suffer together* to *each at the base rate*; 0 if rarer."""
    share = suffering / known
    if share <= base_rate:
        return 0.0
    well = known - suffering
    gained = suffering * log(share / base_rate)
    return gained + (well * log((1 - share) / (1 - base_rate)) if well else 0.0)
