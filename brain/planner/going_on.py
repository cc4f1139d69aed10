"""Understands a message of a case by its words, together with what was said before it."""

from dataclasses import replace

from brain.domain.incident import Symptom
from brain.planner.confirming import confirmed_in
from brain.planner.facts import FollowUp, IntakeFacts, RequestKind
from brain.planner.follow_ups import follow_up_in
from brain.planner.housemates import named_in
from brain.planner.notebook import Notebook
from brain.planner.recollection import Recollection
from brain.planner.words import read_message

_QUESTIONS = frozenset({FollowUp.WHY, FollowUp.WHY_NOT, FollowUp.STATUS})
_BANDED = frozenset(RequestKind) - {RequestKind.DNS, RequestKind.REBOOT, RequestKind.PARAMETER}
"""What is asked of one radio, so that another band makes it another request."""


def read_in_case(notes: Notebook) -> IntakeFacts:
    """The facts of the message: a new wish or complaint, or how it goes on with the old one."""
    facts = read_message(notes.text, known=notes.case.symptom)
    if not notes.text.strip() or not notes.remembers:
        return facts
    answered = confirmed_in(notes.text, notes.past)
    if answered is not None:
        return answered
    alone = read_message(notes.text)
    marked = follow_up_in(notes.text)
    goes_on = _goes_on(notes, alone)
    if goes_on is not None:
        return goes_on
    put_right = marked is not None and marked[0] is FollowUp.CORRECTION
    return _corrected(alone, notes.past, put_right=put_right) or facts


def after_follow_up(kind: FollowUp, facts: IntakeFacts, past: Recollection) -> IntakeFacts:
    """The facts of a message that goes on in this way, with what was understood before.

    What a model had read in it stays the model's reading, however often somebody goes on with it.
    """
    if kind is FollowUp.UNDO:
        return replace(facts, symptom=Symptom.EXPLICIT_REQUEST, request=None, follow_up=kind)
    before = None if _is_granted(past) else past.facts
    symptom = facts.symptom
    if symptom is Symptom.UNCLEAR and before is not None:
        facts = replace(
            before,
            address=facts.address,
            port=facts.port,
            transport=facts.transport,
            band=facts.band,
        )
        symptom = before.symptom
    return replace(facts, symptom=symptom, follow_up=kind)


def _is_granted(past: Recollection) -> bool:
    """Whether it was a wish that the device has already: it is not made again for another one."""
    wish = past.facts is not None and past.facts.symptom is Symptom.EXPLICIT_REQUEST
    return wish and bool(past.tried) and past.tried[0].applied


def _goes_on(notes: Notebook, alone: IntakeFacts) -> IntakeFacts | None:
    past = notes.past
    which = past.last_asked.get("which")
    if isinstance(which, list) and named_in(notes.text, notes.housemates, among=which):
        return after_follow_up(FollowUp.OTHER_DEVICE, alone, past)
    found = follow_up_in(notes.text)
    if found is None or found[0] is FollowUp.CORRECTION:
        return None
    kind, about = found
    if kind is FollowUp.WHY_NOT:
        alone = replace(alone, request=None, symptom=_complaint(alone))
    if not _is_meant(kind, alone, notes):
        return None
    return replace(after_follow_up(kind, alone, past), about=about)


def _is_meant(kind: FollowUp, alone: IntakeFacts, notes: Notebook) -> bool:
    """A wish or a complaint in the message is what it is about, but for an undoing."""
    if alone.request is not None:
        return False
    if kind in _QUESTIONS:
        known = bool(notes.past.considered or notes.past.tried)
        return alone.symptom is Symptom.UNCLEAR and known
    if kind is FollowUp.OTHER_DEVICE:
        new = alone.symptom is not Symptom.UNCLEAR
        return bool(notes.past.last_told) and (bool(notes.housemates) or not new)
    return True


def _complaint(alone: IntakeFacts) -> Symptom:
    wish = alone.symptom is Symptom.EXPLICIT_REQUEST
    return Symptom.UNCLEAR if wish else alone.symptom


def _corrected(alone: IntakeFacts, past: Recollection, *, put_right: bool) -> IntakeFacts | None:
    """The old trouble with what the message puts right; None when it puts nothing right."""
    before = past.facts
    says_more = alone.band or alone.address or alone.port
    if before is None or not says_more:
        return None
    same = put_right and alone.symptom is before.symptom
    if alone.symptom is not Symptom.UNCLEAR and not same:
        return None
    request = before.request
    if request is not None and request.kind not in _BANDED:
        return None
    if before.symptom is Symptom.EXPLICIT_REQUEST and request is None:
        return None
    return IntakeFacts(
        symptom=before.symptom,
        band=alone.band or before.band,
        request=request,
        address=alone.address,
        port=alone.port,
        transport=alone.transport,
        complains=before.complains,
        follow_up=FollowUp.CORRECTION,
        by_model=before.by_model,
    )
