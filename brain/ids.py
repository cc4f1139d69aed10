"""Ids that sort by time of making and fit a CWMP ParameterKey (32 characters)."""

from collections.abc import Callable
from datetime import UTC, datetime
from secrets import randbits

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS = range(120, -1, -10)


def utc_now() -> datetime:
    """The time, in UTC and aware of it."""
    return datetime.now(UTC)


def new_id(
    prefix: str,
    *,
    now: Callable[[], datetime] = utc_now,
    random: Callable[[int], int] = randbits,
) -> str:
    """``prefix_`` and 26 characters: 48 bits of milliseconds, then 80 random bits."""
    number = (int(now().timestamp() * 1000) << 80) | random(80)
    text = "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])
    return f"{prefix}_{text}"
