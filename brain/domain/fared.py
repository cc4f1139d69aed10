"""How changes fared: how often they held, and by how much they moved what they promised to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from brain.domain.identity import ChangeId, DeviceId, TenantId
from brain.domain.parameter import template_of
from brain.domain.proposal import Cause


def wilson(succeeded: int, tried: int) -> tuple[float, float]:
    """The Wilson score interval at 95 %; from 0 to 1 when it was never tried."""
    if not tried:
        return 0.0, 1.0
    z, n = 1.959964, tried
    share = succeeded / n
    centre = share + z * z / (2 * n)
    margin = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    return max((centre - margin) / whole, 0.0), min((centre + margin) / whole, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectSize:
    """By how much a kind of change moved what it promised to move, as a share of what it was.

    0.6 is "60 % better than before"; below 0 it got worse.
    """

    measured: int
    """How many changes that is measured on: at least one."""
    mean: float
    margin: float | None = None
    """Half of the 95 % interval of the mean (normal); None when it was measured only once."""

    @classmethod
    def of(cls, measured: int, total: float, squares: float) -> "EffectSize | None":
        """From how many there are, their sum and the sum of their squares; None of none."""
        if measured < 1:
            return None
        mean = total / measured
        if measured == 1:
            return cls(measured=1, mean=mean)
        variance = max(squares - measured * mean * mean, 0.0) / (measured - 1)
        return cls(measured=measured, mean=mean, margin=1.959964 * sqrt(variance / measured))

    def surely_more_than(self, other: "EffectSize") -> bool:
        """Whether it helped more than the other, and not by chance: their intervals are apart."""
        if self.margin is None or other.margin is None:
            return False
        return self.mean - self.margin > other.mean + other.margin


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What makes two changes the same: why, what, and on which boxes."""

    cause: Cause
    templates: str
    """The touched paths without instance numbers, sorted, with blanks between."""
    manufacturer: str
    model: str
    firmware: str
    """The one it was planned under."""


def templates_of(paths: Iterable[str]) -> str:
    """One text for the parameters that are touched, whatever instance numbers and order."""
    return " ".join(sorted({template_of(path) for path in paths}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fared:
    """How one change fared: what it promised, what came of that, and how long it was watched."""

    tenant: TenantId
    change: ChangeId
    device: DeviceId
    kind: Kind
    at: datetime
    """Of the latest word on it."""
    held: bool | None = None
    """Whether it succeeded; None while nobody can say."""
    metric: str = ""
    """The template of what was promised to move; empty when nothing was promised."""
    promised: int | None = None
    """By how much at least; positive is the way it was to move."""
    before: int | None = None
    after: int | None = None
    """As last read; None when the device did not tell."""
    gain: int | None = None
    """How far it moved the way it was to move."""
    watched: timedelta | None = None
    """From the write to the last look."""

    @property
    def share(self) -> float | None:
        """The gain as a share of what it was before; None when that cannot be said."""
        return self.gain / abs(self.before) if self.gain is not None and self.before else None
