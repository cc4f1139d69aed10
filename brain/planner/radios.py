"""The Wi-Fi radios of a device and the networks they hear, read out of a snapshot.

Names of networks are left where they are: nothing here reads an SSID.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from brain.domain.parameter import ParameterPath, Snapshot
from brain.planner.facts import Band

_RADIO = re.compile(r"Device\.WiFi\.Radio\.(\d+)\.Channel")
_RESULT = re.compile(r"Device\.WiFi\.NeighboringWiFiDiagnostic\.Result\.(\d+)\.Channel")
_SSID = re.compile(r"Device\.WiFi\.SSID\.(\d+)\.BSSID")
_CLIENT = re.compile(r"(Device\.WiFi\.AccessPoint\.\d+\.)AssociatedDevice\.\d+\.Retransmissions")
_MEGAHERTZ = re.compile(r"(\d+)(?:\+\d+)?MHz")
_DEFAULT_WIDTH = {Band.GHZ_2_4: 20, Band.GHZ_5: 80, Band.GHZ_6: 80}


@dataclass(frozen=True, slots=True, kw_only=True)
class Radio:
    """One radio as it is now."""

    index: int
    band: Band
    channel: int
    width: int
    """In MHz."""
    automatic: bool
    enabled: bool
    possible: tuple[int, ...]
    """The channels legal here, as the device says (``PossibleChannels``)."""
    utilisation: int | None
    """0 to 255, as in the BSS Load element; None when the device does not tell."""
    foreign: int | None
    """The part of it that is others' (0 to 255); None when the device does not tell."""
    retransmissions: int | None
    """Mean over its clients, in packets of a hundred; None when nobody is connected."""

    def path(self, leaf: str) -> ParameterPath:
        """The path of one of its parameters."""
        return ParameterPath(f"Device.WiFi.Radio.{self.index}.{leaf}")

    @property
    def utilisation_path(self) -> ParameterPath:
        """Where its utilisation is read; devices number both tables alike."""
        return ParameterPath(
            f"Device.WiFi.DataElements.Network.Device.1.Radio.{self.index}.Utilization"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardNetwork:
    """A foreign network as a radio heard it: features only."""

    band: Band
    channel: int
    signal: int
    """In dBm."""
    width: int


def radios(snapshot: Snapshot) -> tuple[Radio, ...]:
    """Every radio that tells its channel, in order."""
    indexes = sorted(int(found[1]) for found in map(_RADIO.fullmatch, snapshot.values) if found)
    read = (_radio(snapshot, index) for index in indexes)
    return tuple(radio for radio in read if radio is not None)


def heard_networks(snapshot: Snapshot) -> tuple[HeardNetwork, ...]:
    """The networks of the last scan, without the device's own."""
    own = {
        value.lower() for path, value in snapshot.values.items() if _SSID.fullmatch(path) and value
    }
    indexes = sorted(int(found[1]) for found in map(_RESULT.fullmatch, snapshot.values) if found)
    heard = (_heard(snapshot, index, own) for index in indexes)
    return tuple(network for network in heard if network is not None)


def was_scanned(snapshot: Snapshot) -> bool:
    """Whether the device has looked around at all; hearing nothing is an answer too."""
    state = snapshot.get("Device.WiFi.NeighboringWiFiDiagnostic.DiagnosticsState")
    return state == "Complete" or bool(heard_networks(snapshot))


def channels_of(listed: str) -> tuple[int, ...]:
    """The channels of a ``PossibleChannels`` value: numbers and ranges such as ``1-11``."""
    found: list[int] = []
    for item in listed.replace(" ", "").split(","):
        first, _, last = item.partition("-")
        if first.isdecimal() and (last or first).isdecimal() and len(item) <= 7:
            found.extend(range(int(first), min(int(last or first), 255) + 1))
    return tuple(dict.fromkeys(found))


def band_of(channel: int) -> Band:
    """The band a bare channel number means; 6 GHz numbers repeat the others and are never meant."""
    return Band.GHZ_2_4 if channel <= 14 else Band.GHZ_5


def _radio(snapshot: Snapshot, index: int) -> Radio | None:
    at = f"Device.WiFi.Radio.{index}."
    channel = _number(snapshot.get(at + "Channel"))
    if channel is None:
        return None
    band = _band(snapshot.get(at + "OperatingFrequencyBand")) or band_of(channel)
    busy = f"Device.WiFi.DataElements.Network.Device.1.Radio.{index}."
    return Radio(
        index=index,
        band=band,
        channel=channel,
        width=_width(
            band,
            snapshot.get(at + "CurrentOperatingChannelBandwidth"),
            snapshot.get(at + "OperatingChannelBandwidth"),
        ),
        automatic=snapshot.get(at + "AutoChannelEnable") == "true",
        enabled=snapshot.get(at + "Enable") != "false" and snapshot.get(at + "Status") != "Down",
        possible=channels_of(snapshot.get(at + "PossibleChannels") or ""),
        utilisation=_number(snapshot.get(busy + "Utilization")),
        foreign=_foreign(snapshot, busy),
        retransmissions=_mean(_retransmissions(snapshot, index)),
    )


def _foreign(snapshot: Snapshot, at: str) -> int | None:
    """What is left of the utilisation without the radio's own sending and receiving."""
    busy, *own = (
        _number(snapshot.get(at + leaf)) for leaf in ("Utilization", "Transmit", "ReceiveSelf")
    )
    known = [each for each in own if each is not None]
    return None if busy is None or len(known) < 2 else max(0, busy - sum(known))


def _retransmissions(snapshot: Snapshot, radio: int) -> Iterable[int]:
    for path, value in snapshot.values.items():
        found = _CLIENT.fullmatch(path)
        count = _number(value) if found else None
        if found and count is not None and radio_below(snapshot, found[1]) in (radio, None):
            yield count


def radio_below(snapshot: Snapshot, access_point: str) -> int | None:
    """The radio under an access point: SSIDReference, then LowerLayers (TR-181 Appendix)."""
    ssid = (snapshot.get(access_point + "SSIDReference") or "").rstrip(".")
    below = snapshot.get(f"{ssid}.LowerLayers") or ""
    found = re.match(r"Device\.WiFi\.Radio\.(\d+)", below)
    return int(found[1]) if found else None


def _heard(snapshot: Snapshot, index: int, own: set[str]) -> HeardNetwork | None:
    at = f"Device.WiFi.NeighboringWiFiDiagnostic.Result.{index}."
    channel = _number(snapshot.get(at + "Channel"))
    if channel is None or (snapshot.get(at + "BSSID") or "").lower() in own:
        return None
    band = _band(snapshot.get(at + "OperatingFrequencyBand")) or band_of(channel)
    signal = _number(snapshot.get(at + "SignalStrength"))
    return HeardNetwork(
        band=band,
        channel=channel,
        signal=-70 if signal is None else signal,  # a middling one, when the scan does not say
        width=_width(band, snapshot.get(at + "OperatingChannelBandwidth")),
    )


def _band(text: str | None) -> Band | None:
    return Band(text) if text in tuple(Band) else None


def _width(band: Band, *texts: str | None) -> int:
    """The first width that is a number; ``Auto`` is as wide as the band usually runs."""
    for text in texts:
        found = _MEGAHERTZ.match(text or "")
        if found:
            return int(found[1])
    return _DEFAULT_WIDTH[band]


def _number(text: str | None) -> int | None:
    try:
        return int(text) if text else None
    except ValueError:
        return None


def _mean(numbers: Iterable[int]) -> int | None:
    listed = list(numbers)
    return round(sum(listed) / len(listed)) if listed else None
