"""Over which protocol a device is managed, as a parameter of ours: kept here, told to no device.

So a device moves to its other controller, and back, by a change like any other: judged, approved,
backed up, verified by reading through the new controller, and taken back by the inverse change.
"""

from dataclasses import replace
from typing import Final

from brain.datamodel.entry import Access, Entry, Kind, Syntax
from brain.domain.device import Device, Protocol
from brain.domain.parameter import ParameterPath, ParameterType, Snapshot

OURS: Final = "Device.X_GATEWRIGHT_Controller."
"""The object that no device has."""
MANAGED_OVER: Final = ParameterPath(f"{OURS}Protocol")
"""``cwmp`` (TR-069) or ``usp`` (TR-369): see ``brain.domain.device.Protocol``."""

ENTRY: Final = Entry(
    path=MANAGED_OVER,
    kind=Kind.PARAMETER,
    access=Access.READ_WRITE,
    syntax=Syntax(type=ParameterType.STRING, enumeration=tuple(each.value for each in Protocol)),
)


def with_protocol(snapshot: Snapshot, device: Device) -> Snapshot:
    """What the device says, and over which protocol it is managed now, whatever it says itself."""
    return replace(snapshot, values={**snapshot.values, MANAGED_OVER: device.protocol.value})
