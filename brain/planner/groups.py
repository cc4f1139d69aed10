"""The evidence that can be read from a device, in groups that belong together."""

from collections.abc import Iterable
from enum import StrEnum

from brain.domain.incident import Symptom
from brain.domain.parameter import ParameterPath


class Group(StrEnum):
    """One group of evidence. A language model may ask for one by its name."""

    IDENTITY = "identity"
    RADIOS = "radios"
    NEIGHBOURING_WIFI = "neighbouring_wifi"
    UTILISATION = "utilisation"
    ACCESS_POINTS = "access_points"
    OPTICAL = "optical"
    DNS = "dns"
    ADDRESSES = "addresses"
    HOSTS = "hosts"


_PATHS: dict[Group, tuple[str, ...]] = {
    Group.IDENTITY: ("Device.DeviceInfo.",),
    Group.RADIOS: ("Device.WiFi.Radio.",),
    Group.NEIGHBOURING_WIFI: ("Device.WiFi.NeighboringWiFiDiagnostic.",),
    # Data Elements describe a whole mesh; device 1 is the gateway itself.
    Group.UTILISATION: ("Device.WiFi.DataElements.Network.Device.1.Radio.",),
    Group.ACCESS_POINTS: ("Device.WiFi.SSID.", "Device.WiFi.AccessPoint."),
    Group.OPTICAL: ("Device.Optical.Interface.",),
    Group.DNS: ("Device.DNS.Client.", "Device.DHCPv4.Server.Pool."),
    Group.ADDRESSES: ("Device.IP.Interface.",),
    Group.HOSTS: ("Device.Hosts.",),
}

WORDS: dict[Group, str] = {
    Group.IDENTITY: "model and firmware",
    Group.RADIOS: "Wi-Fi radios",
    Group.NEIGHBOURING_WIFI: "neighbouring Wi-Fi networks",
    Group.UTILISATION: "how busy the air is",
    Group.ACCESS_POINTS: "Wi-Fi networks and their clients",
    Group.OPTICAL: "optical signal",
    Group.DNS: "DNS settings",
    Group.ADDRESSES: "addresses",
    Group.HOSTS: "devices at home",
}

_WIFI = (Group.RADIOS, Group.NEIGHBOURING_WIFI, Group.UTILISATION, Group.ACCESS_POINTS)

_FIRST: dict[Symptom, tuple[Group, ...]] = {
    Symptom.SLOW_WIFI: (*_WIFI, Group.OPTICAL),
    Symptom.UNSTABLE_LINE: (*_WIFI, Group.OPTICAL),
    Symptom.NO_INTERNET: (Group.OPTICAL, Group.DNS, Group.ADDRESSES),
    Symptom.SITES_DO_NOT_OPEN: (Group.DNS, Group.ADDRESSES, Group.OPTICAL),
    Symptom.FORGOT_WIFI_PASSPHRASE: (Group.RADIOS, Group.ACCESS_POINTS),
    Symptom.EXPLICIT_REQUEST: (Group.RADIOS, Group.DNS),
    Symptom.UNCLEAR: (),
}

_NEVER_MORE = frozenset({Symptom.FORGOT_WIFI_PASSPHRASE, Symptom.EXPLICIT_REQUEST})


def first_groups(symptom: Symptom) -> tuple[Group, ...]:
    """What to read first for a symptom, all in one session with the device."""
    return (Group.IDENTITY, *_FIRST[symptom])


def further_groups(
    symptom: Symptom, read: Iterable[Group], *, with_model: bool = False
) -> tuple[Group, ...]:
    """What else could explain the symptom and was not read yet.

    How many things hang on the network tells a model something, and the rules nothing.
    """
    if symptom in _NEVER_MORE:
        return ()
    seen = {*read} if with_model else {*read, Group.HOSTS}
    return tuple(group for group in Group if group not in seen)


def paths_of(groups: Iterable[Group]) -> tuple[ParameterPath, ...]:
    """The object paths to read for these groups."""
    return tuple(ParameterPath(path) for group in groups for path in _PATHS[group])


def in_words(groups: Iterable[Group]) -> str:
    """The groups as a person would list them."""
    return ", ".join(WORDS[group] for group in groups)
