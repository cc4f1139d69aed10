"""A box that hardly calls its controller: told to whoever runs it, for it is not set from here."""

from collections.abc import Iterator

from brain.domain.parameter import Snapshot
from brain.domain.proposal import Cause, Evidence
from brain.planner.candidates import Candidate, Observed, seen
from brain.planner.playbook import Claim
from brain.planner.reading import is_on, number

_SERVER = "Device.ManagementServer."
_ENABLE, _INTERVAL = _SERVER + "PeriodicInformEnable", _SERVER + "PeriodicInformInterval"
_HOUR = 3_600
_SELDOM = 12 * _HOUR
"""In seconds: from here on, what the controller knows of a home is of another part of the day."""
_WHAT = "Have the controller itself set it again: what manages a device is not changed from here."


def wrong_inform(observed: Observed) -> Iterator[Candidate]:
    """A hand-over where the box calls never, or seldom."""
    snapshot = observed.snapshot
    every = number(snapshot, _INTERVAL)
    if is_on(snapshot, _ENABLE) is False:
        said, sure = "The device does not call its controller by itself: that is off.", 0.95
    elif every is not None and every >= _SELDOM:
        said, sure = f"The device calls its controller every {every // _HOUR} hours only.", 0.85
    else:
        return
    claim = Claim(
        cause=Cause.WRONG_INFORM, confidence=sure, said=said, evidence=tuple(_told(snapshot))
    )
    yield claim.for_others("whoever runs the controller", _WHAT)


def _told(snapshot: Snapshot) -> Iterator[Evidence]:
    for path in (_ENABLE, _INTERVAL):
        value = snapshot.get(path)
        if value is not None:
            yield seen(snapshot, path, f"{path.rpartition('.')[2]} is {value}.")
