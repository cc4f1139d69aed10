"""An extender that hears its gateway badly, or may not use the fast band to it."""

from collections.abc import Iterator

from brain.domain.parameter import Snapshot
from brain.domain.proposal import Cause
from brain.planner.candidates import Candidate, Observed, guards, seen, wanted
from brain.planner.playbook import Claim
from brain.planner.reading import is_on, number, rows

_FAINT = -72
"""In dBm: weaker than this, an extender has little to pass on."""
_NOT_MEASURED = -200
"""What TR-181 gives for an end point that is not connected."""


def mesh_backhaul(observed: Observed) -> Iterator[Candidate]:
    """An end point that is off is switched on; one that is faint needs another place."""
    snapshot = observed.snapshot
    points = rows(snapshot, "Device.WiFi.EndPoint.")
    used = [each for each in points if _signal(snapshot, each) is not None]
    for point in points:
        path = point + "Enable"
        if is_on(snapshot, path) is False and used:
            claim = Claim(
                cause=Cause.MESH_BACKHAUL,
                confidence=0.92,
                said="The extender may not use one of its bands on the way to the gateway.",
                evidence=(
                    seen(snapshot, path, "This end point is off."),
                    *guards(snapshot, point + "ProfileReference"),
                ),
                key="band",
            )
            does = "Let the extender use this band to the gateway, too."
            yield claim.mended_by([wanted(snapshot, path, "true")], does)
    faint = [each for each in used if (_signal(snapshot, each) or 0) <= _FAINT]
    if faint and len(faint) == len(used):
        yield _elsewhere(snapshot, faint[0])


def _elsewhere(snapshot: Snapshot, point: str) -> Candidate:
    signal = _signal(snapshot, point)
    said = f"The extender hears its gateway at {signal} dBm only."
    claim = Claim(
        cause=Cause.MESH_BACKHAUL,
        confidence=0.9,
        said=said,
        evidence=(seen(snapshot, point + "Stats.SignalStrength", said),),
        key="place",
    )
    what = "Put the extender half way to the gateway, or connect it by cable; no setting helps."
    return claim.for_others("the subscriber", what)


def _signal(snapshot: Snapshot, point: str) -> int | None:
    signal = number(snapshot, point + "Stats.SignalStrength")
    return None if signal is None or signal <= _NOT_MEASURED else signal
