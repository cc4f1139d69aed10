"""Counters of a home: each grows at the rate of now, and never back."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from evals.homes import services
from evals.homes.boxes import box_state
from evals.homes.connection import connection
from evals.homes.lines import light
from evals.homes.people import Want
from evals.homes.physics.cable import Coax
from evals.homes.physics.copper import Copper

if TYPE_CHECKING:
    from evals.homes.home import Home

_BYTES, _FRAMES = 240_000, 310
"""What a home fetches in a second whatever its people do: updates, cameras, clouds."""
_UPLOAD_SHARE = 0.12
_FRAME_BYTES = 1100
_CODE_WORDS_PER_SECOND = 30_000.0


class Meters:
    """Counters by name, since the last start."""

    def __init__(self, home: "Home") -> None:
        self._home = home
        self._at = home.clock()
        self._sums = dict.fromkeys(_RATES, 0.0)

    def tick(self) -> None:
        """Count up to now; call it before anything changes."""
        seconds = self._seconds()
        if seconds > 0:
            self._at = self._home.clock()
            for name, rate in _RATES.items():
                self._sums[name] += seconds * rate(self._home)

    def read(self, name: str) -> int:
        """The counter now."""
        return int(self._sums[name] + self._seconds() * _RATES[name](self._home))

    def _seconds(self) -> float:
        return max((self._home.clock() - self._at).total_seconds(), 0.0)


def sends_all(home: "Home") -> bool:
    """Whether somebody in the home sends all the time."""
    return any(g.body and Want.UPLOAD in g.body.wants for g in home.household.guests)


def _down(home: "Home") -> float:
    wanted = sum(guest.body.down for guest in home.household.guests if guest.body)
    return _BYTES * home.pace + 125_000 * wanted


def _up(home: "Home") -> float:
    if sends_all(home):
        return 125_000 * 0.97 * services.up_mbps(home)
    return _BYTES * home.pace * _UPLOAD_SHARE


def _received(home: "Home") -> float:
    return _FRAMES * home.pace + (_down(home) - _BYTES * home.pace) / _FRAME_BYTES


def _light_errors(home: "Home") -> float:
    drop = light(home.household, home.clock())
    return drop.errors_per_second if drop else 0.0


def _copper(home: "Home", leaf: str) -> float:
    line = home.household.truth.line
    return float(getattr(line, leaf)) if isinstance(line, Copper) else 0.0


def _coax(home: "Home", leaf: str) -> float:
    line = home.household.truth.line
    return float(getattr(line, leaf)) if isinstance(line, Coax) else 0.0


_RATES: dict[str, Callable[["Home"], float]] = {
    "wan.bytes_received": _down,
    "wan.bytes_sent": _up,
    "wan.frames_received": _received,
    "wan.frames_sent": lambda home: _FRAMES * home.pace * 0.5,
    # What the box itself breaks on the way through it; what the line or the air loses it never saw.
    "wan.discards_received": lambda home: _received(home) * box_state(home).loss,
    "wan.discards_sent": lambda home: _FRAMES * home.pace * 0.5 * box_state(home).loss,
    "vlan.frames_received": lambda home: _FRAMES * home.pace * connection(home).vlan,
    "light_errors": _light_errors,
    "dsl.errors": lambda home: _copper(home, "errors_per_second"),
    "dsl.errored_seconds": lambda home: min(_copper(home, "errors_per_second"), 1.0),
    "dsl.severe_seconds": lambda home: 10 * _copper(home, "retrains_per_day") / 86_400,
    "dsl.corrected": lambda home: 2.0 + 40 * _copper(home, "errors_per_second"),
    "coax.uncorrectables": lambda home: _CODE_WORDS_PER_SECOND * _coax(home, "uncorrectable"),
    "coax.unerrored": lambda home: _CODE_WORDS_PER_SECOND * (1 - _coax(home, "uncorrectable")),
    "coax.t3": lambda home: _coax(home, "t3_per_hour") / 3600,
    "coax.lost_syncs": lambda home: _coax(home, "uncorrectable") / 600,
}
METERS = frozenset(_RATES)
"""What is counted, by name."""
