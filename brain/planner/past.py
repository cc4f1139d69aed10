"""What a setting was before, and what it is next door: where a right value can be learnt."""

from collections import Counter

from brain.planner.candidates import Observed

_AGREED = 3
"""So many neighbours of the same model have to agree, and most of those that say anything."""


def former_value(observed: Observed, path: str) -> str | None:
    """The newest value of this path in the timeline that is not the present one."""
    now = observed.snapshot.get(path)
    told = (each.value for each in observed.timeline if each.path == path and each.value)
    return next((value for value in told if value != now), None)


def neighbours_value(observed: Observed, path: str) -> str | None:
    """What neighbours with the same model have here, when enough of them agree."""
    values = Counter(observed.neighbourhood.alike.get(path, ()))
    if not values:
        return None
    value, count = values.most_common(1)[0]
    return value if count >= _AGREED and count * 2 > values.total() else None
