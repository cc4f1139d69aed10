"""Too little light arrives: a fibre, a connector or a splitter, which no setting can mend."""

import re

from brain.domain.parameter import Snapshot
from brain.domain.proposal import Cause, Finding
from brain.planner.candidates import Candidate, Observed, seen

_LEVEL = re.compile(r"Device\.Optical\.Interface\.(\d+)\.OpticalSignalLevel")
_WEAK = -27_000
"""In Dbm1000, thousandths of a dBm: GPON receivers of class B+ are specified down to -27 dBm."""
_NONSENSE = -65_536
"""The lowest the data type holds, which devices give for *not measured*."""


def weak_optical(observed: Observed) -> list[Candidate]:
    """A hand-over for each optical interface that receives too little."""
    snapshot = observed.snapshot
    found = (_LEVEL.fullmatch(path) for path in sorted(snapshot.values))
    candidates = (_candidate(snapshot, int(level[1])) for level in found if level)
    return [candidate for candidate in candidates if candidate is not None]


def _candidate(snapshot: Snapshot, index: int) -> Candidate | None:
    path = f"Device.Optical.Interface.{index}.OpticalSignalLevel"
    try:
        level = int(snapshot.get(path) or "0")
    except ValueError:
        return None
    if not _NONSENSE < level < _WEAK:
        return None
    said = f"The device receives {level / 1000:.1f} dBm of light; below -27 dBm it is too weak."
    return Candidate(
        id=f"weak-optical-{index}",
        finding=Finding(
            cause=Cause.WEAK_OPTICAL_SIGNAL,
            confidence=0.9,
            summary=said,
            evidence=(seen(snapshot, path, said),),
        ),
        summary="Change nothing here, and send somebody to the fibre.",
        hand_over=(
            f"For the field team: optical interface {index} receives {level / 1000:.1f} dBm. Check "
            "the connectors, the bends and the splitter port; no setting of the device will help."
        ),
    )
