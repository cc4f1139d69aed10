"""Everybody waits behind a full buffer before the line, because nothing holds uploads back."""

from collections.abc import Iterator

from brain.domain.change import SetParameter
from brain.domain.parameter import Snapshot
from brain.domain.proposal import Cause
from brain.planner.candidates import Candidate, Observed, guards, seen, wanted
from brain.planner.playbook import Claim
from brain.planner.reading import is_on, number, rows

_PING = "Device.IP.Diagnostics.IPPing."
_LATE = 200
"""In ms: no line that is well takes so long to a server nearby."""
_SHARE = 90
"""Per cent of the line that are let out, so that the queue stands where it can be managed.

TR-181 Device.QoS.Shaper.{i}.ShapingRate: up to 100 is a percentage, -1 is no shaping.
"""
_ACTIVE = ("RED", "WRED", "BLUE")


def buffer_bloat(observed: Observed) -> Iterator[Candidate]:
    """A shaper below the line's rate, and an active queue, where pings wait and none is lost."""
    snapshot = observed.snapshot
    took, lost = (
        number(snapshot, _PING + leaf) for leaf in ("AverageResponseTime", "FailureCount")
    )
    if took is None or took < _LATE or lost:
        return
    for row in rows(snapshot, "Device.QoS.Shaper."):
        if not _shapes(snapshot, row):
            claim = Claim(
                cause=Cause.BUFFER_BLOAT,
                confidence=0.9,
                said=f"A ping takes {took} ms and none is lost: packets wait behind uploads.",
                evidence=(
                    seen(snapshot, _PING + "AverageResponseTime", f"A ping takes {took} ms."),
                    seen(snapshot, row + "Enable", "Nothing holds uploads back."),
                    *guards(snapshot, row + "Interface"),
                ),
            )
            does = f"Hold uploads to {_SHARE} % of the line, in a queue that drops early."
            yield claim.mended_by(_shaped(snapshot, row), does)


def _shapes(snapshot: Snapshot, row: str) -> bool:
    rate = number(snapshot, row + "ShapingRate")
    return is_on(snapshot, row + "Enable") is True and rate is not None and rate > 0


def _shaped(snapshot: Snapshot, row: str) -> list[SetParameter]:
    changes = [
        wanted(snapshot, row + "ShapingRate", str(_SHARE)),
        wanted(snapshot, row + "Enable", "true"),
    ]
    where = snapshot.get(row + "Interface")
    for queue in rows(snapshot, "Device.QoS.Queue."):
        way = queue + "DropAlgorithm"
        here = snapshot.get(queue + "Interface") == where
        if here and snapshot.get(way) not in (None, *_ACTIVE):
            changes.append(wanted(snapshot, way, "RED"))
    return changes
