"""No trouble that is left: it went by itself, or nothing that was read is out of order."""

from collections.abc import Iterator

from brain.domain.proposal import Cause
from brain.planner.candidates import Candidate, Observed, seen
from brain.planner.playbook import Claim
from brain.planner.reading import number, paths_like

_RECENT = 6 * 3600
"""In seconds: what came back longer ago than this is not what is complained of today."""
_LINES = r"Device\.(?:Optical|DSL|DOCSIS|Cellular)\.(?:Interface|Line)\.\d+\.LastChange"


def healed(observed: Observed) -> Iterator[Candidate]:
    """A line that came back a short while ago, while the box itself was up, and is well since."""
    snapshot = observed.snapshot
    up = number(snapshot, "Device.DeviceInfo.UpTime")
    for path in paths_like(snapshot, _LINES):
        since = number(snapshot, path)
        status = snapshot.get(path.removesuffix("LastChange") + "Status")
        if since is None or up is None or status != "Up":
            continue
        if 0 < since < _RECENT and since + 300 < up:
            said = f"The line came back {max(1, since // 60)} minutes ago, and is well since."
            claim = Claim(
                cause=Cause.HEALED,
                confidence=0.5,
                said=said,
                evidence=(seen(snapshot, path, said),),
            )
            yield claim.telling(
                f"{said} No change is proposed. If it comes back, ask again while it lasts."
            )
