"""Weighs what the playbooks find: topology first, then history, then the home."""

from collections.abc import Iterable
from dataclasses import replace

from brain.domain.history import TrackRecord
from brain.domain.incident import Symptom
from brain.domain.proposal import Evidence
from brain.planner.candidates import Candidate, Observed
from brain.planner.causes.forgotten_passphrase import forgotten_passphrase
from brain.planner.causes.requested import requested
from brain.planner.causes.shared_upstream import UPSTREAM, shared_upstream
from brain.planner.playbook import Finder
from brain.planner.playbooks import PLAYBOOKS

SURE_ENOUGH = 0.4
"""What the rules planner is less sure of, it does not propose."""
_BADLY_TRIED = 5
"""How many tries say something, and below which share of success they speak against a change."""
_BAD = 0.3

_WISHES: dict[Symptom, Finder] = {
    Symptom.EXPLICIT_REQUEST: requested,
    Symptom.FORGOT_WIFI_PASSPHRASE: forgotten_passphrase,
    Symptom.UNCLEAR: lambda observed: (),
}


def find_candidates(observed: Observed) -> tuple[Candidate, ...]:
    """All that could be proposed, surest first.

    Topology first: when neighbours suffer together, nothing else is offered.
    """
    wish = _WISHES.get(observed.symptom)
    if wish is not None:
        return surest_first(wish(observed))
    upstream = shared_upstream(observed)
    if upstream:
        return tuple(upstream)
    return surest_first(each for book in PLAYBOOKS for each in book.candidates(observed))


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
    upstream = any(each.id == UPSTREAM for each in candidates)
    return upstream or symptom in _WISHES
