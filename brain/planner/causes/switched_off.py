"""A radio, or the home's own network on it, is switched off."""

from collections.abc import Iterator

from brain.domain.change import SetParameter
from brain.domain.history import EventKind
from brain.domain.parameter import Snapshot
from brain.domain.proposal import Cause
from brain.planner.candidates import Candidate, Observed, guards, seen, wanted
from brain.planner.playbook import Claim
from brain.planner.radios import Radio, radios
from brain.planner.reading import is_on
from brain.planner.stations import Network, own_networks


def radio_off(observed: Observed) -> Iterator[Candidate]:
    """Each radio that is off is switched on; one that we switched off ourselves is asked about."""
    snapshot = observed.snapshot
    for radio in radios(snapshot):
        named = observed.facts.band in (None, radio.band)
        if named and is_on(snapshot, radio.path("Enable")) is False:
            yield _switched_on(observed, radio)


def network_off(observed: Observed) -> list[Candidate]:
    """The home's own networks that are off are switched on; guests' networks are left alone."""
    snapshot = observed.snapshot
    off = [
        each
        for each in own_networks(snapshot)
        if each.radio.enabled and observed.facts.band in (None, each.radio.band)
        if _switches(snapshot, each)
    ]
    if not off:
        return []
    switches = [path for each in off for path in _switches(snapshot, each)]
    bands = " and ".join(each.radio.band.words for each in off)
    claim = Claim(
        cause=Cause.NETWORK_OFF,
        confidence=0.9,
        said=f"The home's own network is switched off on {bands}, while the radio sends.",
        evidence=(
            *(seen(snapshot, path, "It is switched off.") for path in switches),
            *guards(snapshot, *(each.radio.path("Enable") for each in off)),
        ),
    )
    changes = _on(snapshot, switches)
    return [claim.mended_by(changes, f"Switch the home's own network on {bands} on.")]


def _switched_on(observed: Observed, radio: Radio) -> Candidate:
    snapshot, path = observed.snapshot, radio.path("Enable")
    claim = Claim(
        cause=Cause.RADIO_OFF,
        confidence=0.9,
        said=f"The {radio.band.words} radio is switched off.",
        evidence=(seen(snapshot, path, "Enable is false."),),
        key=str(radio.index),
    )
    if _by_us(observed, path):
        return claim.asking(
            f"The {radio.band.words} radio was switched off on request not long ago. Is it to be "
            "switched on again?"
        )
    return claim.mended_by(_on(snapshot, [path]), f"Switch the {radio.band.words} radio on.")


def _by_us(observed: Observed, path: str) -> bool:
    last = next((each for each in observed.timeline if each.path == path), None)
    return last is not None and last.kind is EventKind.CHANGE_APPLIED and last.value == "false"


def _switches(snapshot: Snapshot, network: Network) -> list[str]:
    """Those of its switches that are off."""
    paths = [row + "Enable" for row in (network.ssid, network.point) if row]
    return [path for path in paths if is_on(snapshot, path) is False]


def _on(snapshot: Snapshot, paths: list[str]) -> list[SetParameter]:
    return [wanted(snapshot, path, "true") for path in paths]
