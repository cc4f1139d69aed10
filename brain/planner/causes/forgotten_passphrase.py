"""Nobody knows the Wi-Fi passphrase any more, and it cannot be read back: make a new one."""

import re

from brain.domain.parameter import Snapshot
from brain.domain.proposal import Cause, Evidence, Finding
from brain.planner.candidates import Candidate, Observed, guards, wanted
from brain.planner.radios import radios

_POINT = re.compile(r"Device\.WiFi\.AccessPoint\.(\d+)\.Security\.KeyPassphrase")


def forgotten_passphrase(observed: Observed) -> list[Candidate]:
    """One fresh passphrase for the home's main network, on every band that carries it."""
    snapshot = observed.snapshot
    points = _main_network(observed, _personal_points(snapshot))
    if not points:
        return []
    passphrase = observed.deps.new_passphrase()
    paths = [f"Device.WiFi.AccessPoint.{index}.Security.KeyPassphrase" for index in points]
    settings = [
        f"Device.WiFi.AccessPoint.{index}.{leaf}"
        for index in points
        for leaf in ("Security.ModeEnabled", "SSIDReference")
    ]
    said = "The passphrase was forgotten, and the device tells it to nobody."
    return [
        Candidate(
            id="passphrase",
            finding=Finding(
                cause=Cause.FORGOTTEN_PASSPHRASE,
                confidence=0.9,
                summary=said,
                evidence=(Evidence(text=said), *guards(snapshot, *settings)),
            ),
            summary=(
                "Set a new Wi-Fi passphrase. Everything at home that uses this network has to be "
                "told the new one."
            ),
            changes=tuple(wanted(snapshot, path, passphrase, secret=True) for path in paths),
        )
    ]


def _personal_points(snapshot: Snapshot) -> list[int]:
    """The access points that run with a shared passphrase, in order."""
    # A device may list a secret without giving any value for it.
    paths = {*snapshot.values, *snapshot.writable}
    indexes = sorted(int(found[1]) for found in map(_POINT.fullmatch, paths) if found)
    return [index for index in indexes if _is_personal(snapshot, index)]


def _is_personal(snapshot: Snapshot, index: int) -> bool:
    at = f"Device.WiFi.AccessPoint.{index}."
    mode = snapshot.get(at + "Security.ModeEnabled")
    on = snapshot.get(at + "Enable") != "false"
    return on and (mode is None or "Personal" in mode)


def _main_network(observed: Observed, points: list[int]) -> list[int]:
    """Those that carry the same network as the first one of the band that was named."""
    named = [index for index in points if _is_on_band(observed, index)]
    if not named:
        return []
    name = _network(observed.snapshot, named[0])
    same = [index for index in named if name and _network(observed.snapshot, index) == name]
    return same or named[:1]


def _is_on_band(observed: Observed, index: int) -> bool:
    band = observed.facts.band
    if band is None:
        return True
    radio = _radio_path(observed.snapshot, index)
    return any(
        each.band is band and radio == f"Device.WiFi.Radio.{each.index}"
        for each in radios(observed.snapshot)
    )


def _network(snapshot: Snapshot, index: int) -> str | None:
    return snapshot.get(f"{_ssid_path(snapshot, index)}.SSID")


def _radio_path(snapshot: Snapshot, index: int) -> str:
    below = snapshot.get(f"{_ssid_path(snapshot, index)}.LowerLayers") or ""
    return below.split(",")[0].rstrip(".")


def _ssid_path(snapshot: Snapshot, index: int) -> str:
    reference = snapshot.get(f"Device.WiFi.AccessPoint.{index}.SSIDReference") or ""
    return reference.rstrip(".")
