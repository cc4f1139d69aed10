"""What may never be done to a device, whatever was said and whoever agrees."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

NEVER = (
    "Device.BulkData.*",
    "Device.CWMPManagementServer.*",
    "Device.DeviceInfo.VendorConfigFile.*",
    "Device.LANConfigSecurity.*",
    "Device.LocalAgent.*",
    "Device.ManagementServer.*",
    "Device.MQTT.*",
    "Device.RadSecProxy.*",
    "Device.SSH.*",
    "Device.STOMP.*",
    "Device.Security.*",
    "Device.USPServices.*",
    "Device.UnixDomainSockets.*",
    "Device.UserInterface.*",
    "Device.Users.*",
    "Device.WebSocket.*",
    "Device.XMPP.*",
    "Device.UPnP.Device.UPnPDM*",
    "Device.FactoryReset()",
)
"""What manages the device, and forgetting everything: the planner has no business there.

Written out here and not taken from the rules, so that a rule that goes missing is noticed.
"""


def unsafe(paths: Iterable[str], forbidden: Sequence[str]) -> list[str]:
    """Those of these paths that may never be touched."""
    globs = (*NEVER, *forbidden)
    return [path for path in paths if any(fnmatchcase(path, glob) for glob in globs)]
