"""Tells from two looks that a line was down between them: nobody calls us over a line that is down.

TR-181 ``LastChange`` says for how long an interface has been in its state. One that was Up before
and is Up now, and has been so for less long than that, went down and came back.
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from brain.domain.device import Device
from brain.domain.history import By, Difference, Event, EventKind
from brain.domain.parameter import ParameterPath, Snapshot, whole_number

UPTIME: Final = ParameterPath("Device.DeviceInfo.UpTime")
_ORDER: Final = ("Optical", "DSL", "Cellular", "Ethernet", "PPP")
"""From the bottom of the stack: what lies above goes down with it."""
_SINCE: Final = re.compile(
    r"(Device\.(?P<layer>Optical|DSL|Cellular|Ethernet|PPP)\.(?:Interface|Line)\.\d+\.)LastChange"
)
_SLACK: Final = 60
"""Seconds that counting seconds and asking for them may take."""
_STARTING: Final = 600
"""So many seconds after a start a line may take to come up: that is the start, and no drop."""


def drop(device: Device, snapshot: Snapshot, found: Iterable[Difference]) -> Event | None:
    """That its line was down, at the moment when it came back; None where it stayed up, and where
    that cannot be told. ``found`` is what differs from what the device said before.
    """
    differs = {each.path: each for each in found}
    up_for = whole_number(snapshot.values.get(UPTIME))
    lines = [line for line in map(_SINCE.fullmatch, differs) if line]
    for line in sorted(lines, key=lambda line: (_ORDER.index(line["layer"]), line[0])):
        ago = _came_back(snapshot, differs, line[1])
        if ago is not None and up_for is not None and up_for > ago + _STARTING:
            return _event(device, snapshot, f"{line[1]}Status", ago)
    return None


def _came_back(
    snapshot: Snapshot, differs: dict[ParameterPath, Difference], row: str
) -> int | None:
    """How many seconds ago; None for a line that did not, or that is not up."""
    status, last = ParameterPath(f"{row}Status"), differs[ParameterPath(f"{row}LastChange")]
    ago = whole_number(last.after)
    if snapshot.values.get(status) != "Up" or status in differs:  # it is told of by itself
        return None
    if last.before is None or last.since is None or ago is None:
        return None
    return ago if (snapshot.taken_at - last.since).total_seconds() > ago + _SLACK else None


def _event(device: Device, snapshot: Snapshot, path: str, ago: int) -> Event:
    return Event(
        tenant=device.tenant,
        device=device.id,
        kind=EventKind.VALUE_CHANGE,
        at=snapshot.taken_at - timedelta(seconds=ago),
        path=path,
        value="Down",
        detail="until then, and it is not known since when",
        by=By.DEVICE,
        firmware=device.firmware,
    )
