"""What is known of how a device is managed, as parameters of ours: kept here or in the operator's
controller, and told to no device.

So a device moves to another controller, and back, by a change like any other: judged, approved,
backed up, verified by reading through the new controller, and taken back by the inverse change. So
do the tags that GenieACS has for it, on which its presets hang.
"""

from dataclasses import replace
from typing import Final

from brain.datamodel.entry import Access, Entry, Kind, ListFacets, Size, Syntax
from brain.domain.device import ControllerName, Device
from brain.domain.parameter import ParameterPath, ParameterType, Snapshot

OURS: Final = "Device.X_GATEWRIGHT_Controller."
"""The object that no device has."""
MANAGED_BY: Final = ParameterPath(f"{OURS}Name")
"""See ``brain.domain.device.ControllerName``."""

GENIE: Final = "Device.X_GATEWRIGHT_GenieACS."
"""The object of what only GenieACS has for a device."""
TAGS: Final = ParameterPath(f"{GENIE}Tags")
"""Its tags there, in order, with commas between."""

ENTRIES: Final[dict[str, Entry]] = {
    path: Entry(path=path, kind=Kind.PARAMETER, access=Access.READ_WRITE, syntax=syntax)
    for path, syntax in {
        MANAGED_BY: Syntax(
            type=ParameterType.STRING, enumeration=tuple(each.value for each in ControllerName)
        ),
        TAGS: Syntax(
            type=ParameterType.STRING,
            list=ListFacets(),
            sizes=(Size(1, 64),),
            patterns=("[A-Za-z0-9_-]*",),
        ),
    }.items()
}


def with_controller(snapshot: Snapshot, device: Device) -> Snapshot:
    """What the device says, and which controller acts on it now, whatever it says itself."""
    return replace(snapshot, values={**snapshot.values, MANAGED_BY: device.controller.value})
