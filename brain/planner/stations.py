"""What hangs on the home network: wireless stations as the radio hears them, and hosts.

Names of hosts are left where they are: nothing here reads one.
"""

from dataclasses import dataclass

from brain.domain.parameter import Snapshot
from brain.planner.radios import Radio, radio_below, radios
from brain.planner.reading import address, is_on, number, rows

_LONGEST = 6
"""Digits that no instance number has."""
_MAIN_POINTS = "Device.WiFi.AccessPoint."


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One associated station; figures that the device does not tell are None."""

    row: str
    radio: int | None
    """The index of the radio it is on."""
    signal: int | None
    """In dBm, as the device hears the station."""
    down: int | None
    """LastDataDownlinkRate in kbit/s."""
    up: int | None
    retries: int | None
    """Packets in a hundred that were sent again."""
    standard: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One row of ``Device.Hosts.Host.``."""

    row: str
    active: bool | None
    address: str
    """Empty when it has none."""
    source: str
    """``DHCP``, ``Static``, ``AutoIP``, or empty."""
    wireless: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The home's own network on one radio: the first that the radio carries, guests come later."""

    radio: Radio
    ssid: str
    """Path of the SSID row, ending in a dot."""
    point: str
    """Path of its access point, ending in a dot; empty when none refers to it."""


def stations(snapshot: Snapshot) -> tuple[Station, ...]:
    """Everybody who is associated now."""
    return tuple(
        _station(snapshot, point, row)
        for point in rows(snapshot, _MAIN_POINTS)
        for row in rows(snapshot, point + "AssociatedDevice.")
        if is_on(snapshot, row + "Active") is not False
    )


def hosts(snapshot: Snapshot) -> tuple[Host, ...]:
    """Everybody whom the home network knows."""
    return tuple(
        Host(
            row=row,
            active=is_on(snapshot, row + "Active"),
            address=str(address(snapshot, row + "IPAddress") or ""),
            source=snapshot.get(row + "AddressSource") or "",
            wireless="WiFi" in (snapshot.get(row + "Layer1Interface") or ""),
        )
        for row in rows(snapshot, "Device.Hosts.Host.")
    )


def own_networks(snapshot: Snapshot) -> tuple[Network, ...]:
    """The home's own network on each radio."""
    below: dict[int, str] = {}
    for ssid in rows(snapshot, "Device.WiFi.SSID."):
        layer = (snapshot.get(ssid + "LowerLayers") or "").split(",")[0].rstrip(".")
        index = layer.removeprefix("Device.WiFi.Radio.")
        if index.isdecimal() and len(index) < _LONGEST:
            below.setdefault(int(index), ssid)
    points = {
        (snapshot.get(point + "SSIDReference") or "").rstrip(".") + ".": point
        for point in reversed(rows(snapshot, _MAIN_POINTS))
    }
    return tuple(
        Network(radio=radio, ssid=below[radio.index], point=points.get(below[radio.index], ""))
        for radio in radios(snapshot)
        if radio.index in below
    )


def _station(snapshot: Snapshot, point: str, row: str) -> Station:
    return Station(
        row=row,
        radio=radio_below(snapshot, point),
        signal=number(snapshot, row + "SignalStrength"),
        down=number(snapshot, row + "LastDataDownlinkRate"),
        up=number(snapshot, row + "LastDataUplinkRate"),
        retries=number(snapshot, row + "Retransmissions"),
        standard=snapshot.get(row + "OperatingStandard") or "",
    )
