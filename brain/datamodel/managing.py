"""Which controller acts on a device, as a parameter of ours: kept here, told to no device.

So a device moves to another controller, and back, by a change like any other: judged, approved,
backed up, verified by reading through the new controller, and taken back by the inverse change.
"""

from dataclasses import replace
from typing import Final

from brain.datamodel.entry import Access, Entry, Kind, Syntax
from brain.domain.device import ControllerName, Device
from brain.domain.parameter import ParameterPath, ParameterType, Snapshot

OURS: Final = "Device.X_GATEWRIGHT_Controller."
"""The object that no device has."""
MANAGED_BY: Final = ParameterPath(f"{OURS}Name")
"""See ``brain.domain.device.ControllerName``."""

ENTRY: Final = Entry(
    path=MANAGED_BY,
    kind=Kind.PARAMETER,
    access=Access.READ_WRITE,
    syntax=Syntax(
        type=ParameterType.STRING, enumeration=tuple(each.value for each in ControllerName)
    ),
)


def with_controller(snapshot: Snapshot, device: Device) -> Snapshot:
    """What the device says, and which controller acts on it now, whatever it says itself."""
    return replace(snapshot, values={**snapshot.values, MANAGED_BY: device.controller.value})
