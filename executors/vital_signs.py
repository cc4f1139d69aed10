"""What a device says of its own health, and what has to be known to read that.

What it does not say is not known, and neither well nor bad.
"""

from collections.abc import Iterable, Mapping

from brain.domain.parameter import ParameterPath, Snapshot, template_of

_DOWN = frozenset({"Down", "LowerLayerDown", "NotPresent", "Error"})
_OFF = frozenset({"Disabled", "Error", "Error_Misconfigured"})
_UP, _ON = frozenset({"Up"}), frozenset({"Enabled"})

STATES: Mapping[str, tuple[str, frozenset[str], frozenset[str]]] = {
    "Device.IP.Interface.{i}.Status": ("a network connection", _UP, _DOWN),
    "Device.PPP.Interface.{i}.Status": ("the log-in to the network", _UP, _DOWN),
    "Device.DHCPv4.Client.{i}.DHCPStatus": (
        "the address from the network",
        frozenset({"Bound", "Renewing", "Rebinding"}),
        frozenset({"Init", "Selecting", "Requesting"}),
    ),
    "Device.DNS.Client.Status": ("looking up names", _ON, _OFF),
    "Device.DNS.Relay.Status": ("looking up names for the home", _ON, _OFF),
    "Device.DHCPv4.Server.Pool.{i}.Status": ("giving out addresses", _ON, _OFF),
    "Device.WiFi.Radio.{i}.Status": ("a radio", _UP, _DOWN),
    "Device.WiFi.SSID.{i}.Status": ("a Wi-Fi network", _UP, _DOWN),
    "Device.WiFi.AccessPoint.{i}.Status": ("an access point", _ON, _OFF),
}
"""By template: what it is, when it is well and when it is bad. Other states are neither."""
LINES = (
    "Device.Optical.Interface.{i}.Status",
    "Device.DSL.Line.{i}.Status",
    "Device.Cellular.Interface.{i}.Status",
)
"""What no setting brings down: while one is down, what runs over it is down for its sake."""
COUNTERS = ("Device.IP.Interface.{i}.Stats.", "Device.WiFi.Radio.{i}.Stats.")
SENT = ("PacketsSent", "PacketsReceived")
LOST = ("ErrorsSent", "ErrorsReceived", "DiscardPacketsSent", "DiscardPacketsReceived")
PEOPLE = "Device.WiFi.AccessPoint.{i}.AssociatedDeviceNumberOfEntries"

UP_TIME = ParameterPath("Device.DeviceInfo.UpTime")
"""Seconds since the device started: who started since has begun to count anew."""
LOWER = frozenset(
    {
        *(f"Device.{each}.{{i}}.LowerLayers" for each in ("IP.Interface", "PPP.Interface")),
        *(f"Device.Ethernet.{each}.{{i}}.LowerLayers" for each in ("Link", "VLANTermination")),
        "Device.WiFi.SSID.{i}.LowerLayers",
        "Device.WiFi.AccessPoint.{i}.SSIDReference",
        "Device.DHCPv4.Client.{i}.Interface",
        "Device.DHCPv4.Server.Pool.{i}.Interface",
    }
)
"""What an object stands on: a path, or some with commas between."""
ENABLES = frozenset(each.rpartition(".")[0] + ".Enable" for each in STATES)
"""Whether somebody wants it to be in service."""

TEMPLATES = frozenset(
    {*STATES, *LINES, PEOPLE, *(o + leaf for o in COUNTERS for leaf in (*SENT, *LOST))}
)
"""Every sign."""
CONTEXT = LOWER | ENABLES | {UP_TIME}
"""What is read with the signs, and tells what a bad one means."""
OBJECTS = ("Device.IP.Interface.", "Device.DNS.Client.")
"""Read whole where the device has not said what it has: hardly any gateway is without them."""
_MOST = 200
"""More than any device has: who lists thousands of rows is not asked for them all."""


def to_watch(known: Iterable[ParameterPath]) -> list[ParameterPath]:
    """The signs to read of a device that has said all this before, and their context."""
    said = sorted(known)
    signs = [path for path in said if template_of(path) in TEMPLATES][:_MOST]
    context = [path for path in said if template_of(path) in CONTEXT][:_MOST]
    unheard = [each for each in OBJECTS if not any(path.startswith(each) for path in said)]
    return [*signs, *context, *map(ParameterPath, unheard)]


def signs_in(snapshot: Snapshot) -> list[ParameterPath]:
    """The signs that a device told of."""
    return sorted(path for path in snapshot.values if template_of(path) in TEMPLATES)


def to_read_again(before: Snapshot) -> list[ParameterPath]:
    """The signs that were read, with their context; nothing where there were none."""
    signs = signs_in(before)
    return [*signs, *sorted(p for p in before.values if template_of(p) in CONTEXT)] if signs else []


def counts(snapshot: Snapshot) -> bool:
    """Whether the device counts what it loses: only two readings say how fast."""
    return any(template_of(path).startswith(COUNTERS) for path in signs_in(snapshot))
