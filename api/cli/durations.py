"""Times as people type them: ``90d``, ``12h``, ``30m``, ``2026-01-31T18:00Z``."""

import re
from datetime import UTC, datetime, timedelta

from brain.domain.errors import InvalidInput

_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def duration(text: str, field: str) -> timedelta:
    """One number and one unit. Raises InvalidInput for anything else."""
    found = re.fullmatch(r"(\d{1,5})([wdhms])", text.strip())
    if not found:
        raise InvalidInput(
            f"{text!r} is no length of time", field=field, remedy="Write 30d, 12h or 90m."
        )
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def moment(text: str, field: str) -> datetime:
    """A length of time from now, or a time with its zone. Raises InvalidInput for anything else."""
    if re.fullmatch(r"\d{1,5}[wdhms]", text.strip()):
        return datetime.now(UTC) + duration(text, field)
    return _at(text, field)


def past(text: str, field: str) -> datetime:
    """A length of time before now, or a time with its zone; raises as ``moment``."""
    if re.fullmatch(r"\d{1,5}[wdhms]", text.strip()):
        return datetime.now(UTC) - duration(text, field)
    return _at(text, field)


def _at(text: str, field: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise InvalidInput(
            f"{text!r} is no time, or does not say its zone",
            field=field,
            remedy="Write 3d, 12h or 2026-01-31T18:00Z.",
        )
    return at
