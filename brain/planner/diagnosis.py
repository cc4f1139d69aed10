"""Which causes are looked for with which symptom, and what is thought of what they find."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from brain.domain.history import TrackRecord
from brain.domain.incident import Symptom
from brain.domain.proposal import Cause, Evidence
from brain.planner.candidates import Candidate, Observed
from brain.planner.causes.congested_channel import congested_channel
from brain.planner.causes.forgotten_passphrase import forgotten_passphrase
from brain.planner.causes.requested import requested
from brain.planner.causes.shared_upstream import shared_upstream
from brain.planner.causes.weak_optical import weak_optical
from brain.planner.causes.wrong_dns import wrong_dns

Finder = Callable[[Observed], list[Candidate]]

SURE_ENOUGH = 0.4
"""What the rules planner is less sure of, it does not propose."""
_BADLY_TRIED = 5
"""How many tries say something, and below which share of success they speak against a change."""
_BAD = 0.3

_TROUBLES: tuple[Finder, ...] = (weak_optical, wrong_dns, congested_channel)
_LOOKED_FOR: dict[Symptom, tuple[Finder, ...]] = {
    Symptom.EXPLICIT_REQUEST: (requested,),
    Symptom.FORGOT_WIFI_PASSPHRASE: (forgotten_passphrase,),
    Symptom.UNCLEAR: (),
}


def find_candidates(observed: Observed) -> tuple[Candidate, ...]:
    """All that could be proposed, surest first.

    Topology first: when neighbours suffer together, nothing else is offered.
    """
    finders = _LOOKED_FOR.get(observed.symptom)
    if finders is None:
        upstream = shared_upstream(observed)
        if upstream:
            return tuple(upstream)
        finders = _TROUBLES
    found = [candidate for finder in finders for candidate in finder(observed)]
    return surest_first(found)


def surest_first(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Sorted by confidence; of equals, the one found first."""
    return tuple(sorted(candidates, key=lambda each: -each.finding.confidence))


def with_track_record(candidate: Candidate, record: TrackRecord | None) -> Candidate:
    """The candidate with its history as evidence; a bad one makes it less sure."""
    if record is None or not record.tried or not candidate.changes:
        return candidate
    told = Evidence(
        text=f"The same kind of change held {record.succeeded} of {record.tried} times on this "
        "model and firmware."
    )
    finding = candidate.finding
    bad = record.tried >= _BADLY_TRIED and record.succeeded / record.tried < _BAD
    confidence = finding.confidence * (0.5 if bad else 1.0)
    finding = replace(finding, confidence=round(confidence, 3), evidence=(*finding.evidence, told))
    return replace(candidate, finding=finding)


def is_settled(symptom: Symptom, candidates: Iterable[Candidate]) -> bool:
    """Whether there is nothing left to weigh: it was asked for, or topology already answered."""
    upstream = any(each.finding.cause is Cause.SHARED_UPSTREAM for each in candidates)
    return upstream or symptom in _LOOKED_FOR
