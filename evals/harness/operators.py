"""What an operator of the virtual homes knows of their software: the bugs it published.

Which homes have them is not in here; a planner has to tell by what a device shows.
"""

from brain.domain.incident import Symptom
from brain.domain.known_bug import KnownBug
from evals.homes.bugs import BUGS

_SLOW = frozenset({Symptom.SLOW_WIFI, Symptom.UNSTABLE_LINE, Symptom.DELAY})
_NAMES = frozenset({Symptom.SITES_DO_NOT_OPEN})
_PING = "Device.IP.Diagnostics.IPPing.AverageResponseTime"
_SLOWED = 60
"""In ms; lines that are well answer in a quarter of it, and cells in a little more."""


def _published(name: str) -> KnownBug:
    bug = BUGS[name]
    return KnownBug(
        versions=bug.versions,
        about=bug.about,
        symptoms=_SLOW if bug.names else _NAMES,
        shown_by=_PING if bug.latency_ms else "",
        shown_from=_SLOWED if bug.latency_ms else 0,
        after_hours=bug.after_hours,
        trigger=bug.trigger,
        instead="false" if bug.trigger[0] else "",
    )


KNOWN_BUGS = tuple(map(_published, BUGS))
"""All of them."""
