"""What a run considered, as it is kept with the message that says what the run came to."""

from brain.domain.canonical import Json
from brain.domain.change import SetParameter
from brain.domain.incident import Symptom
from brain.planner.candidates import Candidate
from brain.planner.card import MASK
from brain.planner.events import PlannerEvent
from brain.planner.facts import IntakeFacts, RequestKind
from brain.planner.notebook import Notebook
from brain.planner.recollection import CONSIDERED

_MOST = 20
_SAYS_WHAT_IT_CAME_TO = frozenset({"text", "question", "proposal", "hand_over", "denied"})


def with_considered(event: PlannerEvent, notes: Notebook) -> PlannerEvent:
    """The event with what its run considered, where it says what a run came to."""
    facts = notes.facts
    looked = facts is not None and _looked_for(facts) and not notes.only_recalls
    if event.kind not in _SAYS_WHAT_IT_CAME_TO or not (looked and notes.remembers):
        return event
    payload = {**event.payload, CONSIDERED: considered(notes)}
    return PlannerEvent(kind=event.kind, text=event.text, payload=payload)


def considered(notes: Notebook) -> dict[str, Json]:
    """What was understood, and everything that could have been proposed, with why."""
    facts = notes.known
    chosen = notes.draft.candidate.id if notes.draft else ""
    return {
        "device": notes.device.id,
        "symptom": facts.symptom.value,
        "complains": facts.complains,
        "by_model": facts.by_model,
        "band": facts.band.value if facts.band else None,
        "request": _request(notes),
        "chosen": chosen,
        "hypotheses": notes.causes,
        "candidates": [_candidate(each) for each in notes.candidates[:_MOST]],
    }


def _looked_for(facts: IntakeFacts) -> bool:
    return facts.symptom is not Symptom.UNCLEAR or facts.complains


def _request(notes: Notebook) -> Json:
    """Without a parameter's value, which may be a secret: that is asked for anew."""
    request = notes.known.request
    if request is None or request.kind is RequestKind.PARAMETER:
        return None
    return {"kind": request.kind.value, "value": request.value}


def _candidate(candidate: Candidate) -> dict[str, Json]:
    finding = candidate.finding
    return {
        "id": candidate.id,
        "cause": finding.cause.value,
        "confidence": finding.confidence,
        "does": candidate.summary,
        "finding": finding.summary,
        "because": [item.text for item in finding.evidence],
        "sets": [
            [change.path, MASK if change.secret else change.after]
            for change in candidate.changes
            if isinstance(change, SetParameter)
        ],
    }
