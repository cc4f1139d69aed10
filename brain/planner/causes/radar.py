"""A radar drove a radio from its channel to one that is crowded."""

from collections.abc import Iterator
from dataclasses import replace

from brain.domain.parameter import Snapshot
from brain.domain.proposal import Cause, Finding
from brain.planner.candidates import Candidate, Observed, seen
from brain.planner.causes.congested_channel import fled_from_radar, of_radio
from brain.planner.radios import Radio, heard_networks, radios

_SURER = 0.05


def radar(observed: Observed) -> Iterator[Candidate]:
    """Calmer channels for each radio that fled; those without radar are offered first."""
    heard = heard_networks(observed.snapshot)
    for radio in radios(observed.snapshot):
        named = observed.facts.band in (None, radio.band)
        if named and radio.enabled and fled_from_radar(observed.snapshot, radio):
            for candidate in of_radio(observed, radio, heard):
                yield _fled(observed.snapshot, radio, candidate)


def _fled(snapshot: Snapshot, radio: Radio, candidate: Candidate) -> Candidate:
    said = (
        f"A radar drove the {radio.band.words} radio to channel {radio.channel}, which is crowded."
    )
    reason = seen(
        snapshot, radio.path("ChannelLastSelectionReason"), "It left its channel for a radar."
    )
    finding = Finding(
        cause=Cause.RADAR,
        confidence=round(min(candidate.finding.confidence + _SURER, 0.97), 3),
        summary=said,
        evidence=(reason, *candidate.finding.evidence),
    )
    return replace(candidate, id=f"radar-{candidate.id}", finding=finding)
