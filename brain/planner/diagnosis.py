"""Weighs what the playbooks find: topology first, then history, then the home."""

from collections.abc import Iterable
from dataclasses import replace

from brain.domain.fared import EffectSize
from brain.domain.history import TrackRecord
from brain.domain.incident import Symptom
from brain.domain.parameter import template_of
from brain.domain.proposal import Cause, Evidence
from brain.planner.candidates import Candidate, Observed
from brain.planner.causes.forgotten_passphrase import forgotten_passphrase
from brain.planner.causes.requested import requested
from brain.planner.causes.shared_upstream import UPSTREAM, shared_upstream
from brain.planner.playbook import Claim, Finder
from brain.planner.playbooks import PLAYBOOKS

SURE_ENOUGH = 0.4
"""What the rules planner is less sure of, it does not propose."""
_CLEAR = 0.75
_APART = 0.15
"""As sure as this, and as far before every other cause: then the evidence has spoken."""
_WORTH_A_MENTION = 0.3
_LEVEL = 0.06
"""Causes that are less than this apart are as sure as each other."""
WHAT_HURTS = (
    "What does the subscriber notice: is the Wi-Fi slow, does the connection come and go, is there "
    "no internet at all, do only some sites fail, or was the Wi-Fi passphrase forgotten?"
)
_BADLY_TRIED = 5
"""How many tries say something, and below which share of success they speak against a change."""
_BAD = 0.3
_BEHIND = 0.01
"""By so much what helped less stands behind what helped more."""

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
    if wish is not None and not observed.facts.complains:
        return surest_first(wish(observed))
    upstream = shared_upstream(observed)
    if upstream:
        return tuple(upstream)
    found = surest_first(each for book in PLAYBOOKS for each in book.candidates(observed))
    return _by_evidence(found) if observed.symptom is Symptom.UNCLEAR else found


def _by_evidence(found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """What is worth a mention where no words decide; a question first, where two are level."""
    found = tuple(each for each in found if each.finding.confidence >= _WORTH_A_MENTION)
    sure = [each.finding for each in found if each.finding.confidence >= SURE_ENOUGH]
    rivals = [
        each
        for each in sure
        if each.cause.kind != sure[0].cause.kind and sure[0].confidence - each.confidence < _LEVEL
    ]
    if not rivals:
        return found
    both = f"{sure[0].summary} {rivals[0].summary}"
    claim = Claim(cause=Cause.UNKNOWN, confidence=sure[0].confidence, said=both)
    asking = claim.asking(f"Two things may be wrong here. {both} {WHAT_HURTS}")
    return (asking, *found)


def surest_first(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Sorted by confidence; of equals, the one found first."""
    return tuple(sorted(candidates, key=lambda each: -each.finding.confidence))


def with_track_record(candidate: Candidate, record: TrackRecord | None) -> Candidate:
    """The candidate with its history as evidence; a bad one makes it less sure."""
    if record is None or not record.tried or not candidate.changes:
        return candidate
    text = (
        f"The same kind of change held {record.succeeded} of {record.tried} times on this "
        "model and firmware."
    )
    if record.effect is not None:
        text += f" What it promised to move moved by {record.effect.mean:+.0%} on average."
    finding = candidate.finding
    bad = record.tried >= _BADLY_TRIED and record.succeeded / record.tried < _BAD
    confidence = finding.confidence * (0.5 if bad else 1.0)
    evidence = (*finding.evidence, Evidence(text=text))
    finding = replace(finding, confidence=round(confidence, 3), evidence=evidence)
    return replace(candidate, finding=finding)


def what_helped_more(found: Iterable[tuple[Candidate, TrackRecord | None]]) -> list[Candidate]:
    """Of two that treat one cause and promise the same, the one that surely helped more first.

    The other is made a little less sure than it is; where chance may explain it, nothing moves.
    """
    pairs = [(each, record.effect if record else None) for each, record in found]
    return [
        _less_sure_than(
            each,
            [other for other, theirs in pairs if _beats(other, theirs, each, effect)],
        )
        for each, effect in pairs
    ]


def _beats(
    other: Candidate, theirs: EffectSize | None, each: Candidate, effect: EffectSize | None
) -> bool:
    if theirs is None or effect is None or other.effect is None or each.effect is None:
        return False
    alike = other.finding.cause is each.finding.cause
    same = template_of(other.effect.metric) == template_of(each.effect.metric)
    return alike and same and theirs.surely_more_than(effect)


def _less_sure_than(candidate: Candidate, better: Iterable[Candidate]) -> Candidate:
    sure = [each.finding.confidence for each in better]
    most = max(sure, default=1.0) - _BEHIND
    if not sure or candidate.finding.confidence <= most:
        return candidate
    finding = replace(candidate.finding, confidence=round(max(most, 0.0), 3))
    return replace(candidate, finding=finding)


def is_clear(candidates: Iterable[Candidate]) -> bool:
    """Whether the evidence alone tells one cause before all others, and what to do about it.

    Then nobody is asked what it might be. That nothing is wrong is never clear.
    """
    ranked = surest_first(candidates)
    if not ranked or ranked[0].advice or ranked[0].finding.confidence < _CLEAR:
        return False
    best = ranked[0].finding
    rivals = (each.finding for each in ranked if each.finding.cause is not best.cause)
    return all(best.confidence - each.confidence >= _APART for each in rivals)


def is_settled(symptom: Symptom, candidates: Iterable[Candidate]) -> bool:
    """Whether there is nothing left to weigh: it was asked for, or topology already answered."""
    upstream = any(each.id == UPSTREAM for each in candidates)
    return upstream or symptom in _WISHES
