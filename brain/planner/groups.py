"""The evidence that can be read from a device, in groups that belong together."""

from collections.abc import Iterable
from enum import StrEnum

from brain.domain.parameter import ParameterPath


class Group(StrEnum):
    """One group of evidence. A language model may ask for one by its name."""

    IDENTITY = "identity"
    RADIOS = "radios"
    NEIGHBOURING_WIFI = "neighbouring_wifi"
    UTILISATION = "utilisation"
    ACCESS_POINTS = "access_points"
    OPTICAL = "optical"
    LINE = "line"
    SESSION = "session"
    DNS = "dns"
    ADDRESSES = "addresses"
    LOOKS = "looks"
    HOSTS = "hosts"
    FIREWALL = "firewall"
    MAPPINGS = "mappings"
    QUEUES = "queues"
    TIME = "time"
    LOG = "log"
    VENDOR = "vendor"
    EXTENDER = "extender"
    CALLING = "calling"


_PATHS: dict[Group, tuple[str, ...]] = {
    Group.IDENTITY: ("Device.DeviceInfo.",),
    Group.RADIOS: ("Device.WiFi.Radio.",),
    Group.NEIGHBOURING_WIFI: ("Device.WiFi.NeighboringWiFiDiagnostic.",),
    # Data Elements describe a whole mesh; device 1 is the gateway itself.
    Group.UTILISATION: ("Device.WiFi.DataElements.Network.Device.1.Radio.",),
    Group.ACCESS_POINTS: ("Device.WiFi.SSID.", "Device.WiFi.AccessPoint."),
    Group.OPTICAL: ("Device.Optical.Interface.",),
    Group.LINE: ("Device.DSL.", "Device.DOCSIS.", "Device.Cellular.Interface."),
    Group.SESSION: (
        "Device.PPP.Interface.",
        "Device.DHCPv4.Client.",
        "Device.DHCPv6.Client.",
        "Device.Ethernet.VLANTermination.",
    ),
    Group.DNS: ("Device.DNS.Client.", "Device.DHCPv4.Server.Pool."),
    Group.ADDRESSES: ("Device.IP.Interface.",),
    # What the device measured by itself: the planner reads results and starts nothing.
    Group.LOOKS: (
        "Device.IP.Diagnostics.IPPing.",
        "Device.DNS.Diagnostics.NSLookupDiagnostics.",
    ),
    Group.HOSTS: ("Device.Hosts.",),
    Group.FIREWALL: ("Device.Firewall.",),
    Group.MAPPINGS: ("Device.NAT.",),
    Group.QUEUES: ("Device.QoS.",),
    Group.TIME: ("Device.Time.",),
    Group.LOG: ("Device.Syslog.",),
    # TR-181 has no words for multicast and telephony in a gateway; ``{oui}`` is the maker's.
    Group.VENDOR: ("Device.X_{oui}_IPTV.", "Device.X_{oui}_Voice."),
    Group.EXTENDER: ("Device.WiFi.EndPoint.",),
    # Not the whole object: who manages it, by which names and keys, is nobody's to read here.
    Group.CALLING: (
        "Device.ManagementServer.PeriodicInformEnable",
        "Device.ManagementServer.PeriodicInformInterval",
    ),
}

WORDS: dict[Group, str] = {
    Group.IDENTITY: "model and firmware",
    Group.RADIOS: "Wi-Fi radios",
    Group.NEIGHBOURING_WIFI: "neighbouring Wi-Fi networks",
    Group.UTILISATION: "how busy the air is",
    Group.ACCESS_POINTS: "Wi-Fi networks and their clients",
    Group.OPTICAL: "optical signal",
    Group.LINE: "line",
    Group.SESSION: "connection to the network",
    Group.DNS: "DNS settings",
    Group.ADDRESSES: "addresses",
    Group.LOOKS: "last tests of the device",
    Group.HOSTS: "devices at home",
    Group.FIREWALL: "firewall",
    Group.MAPPINGS: "port mappings",
    Group.QUEUES: "queues",
    Group.TIME: "clock",
    Group.LOG: "logging",
    Group.VENDOR: "television and telephone",
    Group.EXTENDER: "way to the gateway",
    Group.CALLING: "calls to its controller",
}


def paths_of(groups: Iterable[Group], *, oui: str = "") -> tuple[ParameterPath, ...]:
    """The paths to read for these groups; those of a maker only when ``oui`` is known."""
    named = (path.replace("{oui}", oui) for group in groups for path in _PATHS[group])
    return tuple(ParameterPath(path) for path in named if "X__" not in path)


def in_words(groups: Iterable[Group]) -> str:
    """The groups as a person would list them."""
    return ", ".join(WORDS[group] for group in groups)
