"""Weighs what a language model thinks likely against what the evidence shows: both have a say."""

from collections.abc import Mapping, Sequence

from brain.domain.canonical import Json
from brain.domain.proposal import Cause
from brain.planner.candidates import Candidate
from brain.planner.groups import Group
from brain.planner.playbooks import PLAYBOOKS

_OF_EVIDENCE = 0.7
"""How much of the say the evidence has where both name a cause; the model has the rest."""
_RULED_OUT = 0.1
"""What is left of a cause that was looked for with all it is told by, and is not there."""


def found(candidates: Sequence[Candidate]) -> dict[Cause, float]:
    """How sure the evidence makes each cause."""
    best: dict[Cause, float] = {}
    for each in candidates:
        best.setdefault(each.finding.cause, each.finding.confidence)
    return best


def weighed(
    hypotheses: Sequence[Mapping[str, Json]], shows: Mapping[Cause, float], read: set[Group]
) -> dict[Cause, float]:
    """The causes with their weight (0 to 1), heaviest first; ``shows`` is what the evidence does.

    ``hypotheses`` are a model's: ``[{"cause": "wan.wrong_dns", "probability": 0.8}]``.
    """
    likely = {cause: _OF_EVIDENCE * sure for cause, sure in shows.items()}
    for each in hypotheses:
        cause, probability = Cause(str(each["cause"])), float(str(each["probability"]))
        likely[cause] = max(likely.get(cause, 0.0), _with_evidence(cause, probability, shows, read))
    return dict(sorted(likely.items(), key=lambda item: -item[1]))


def _with_evidence(
    cause: Cause, probability: float, shows: Mapping[Cause, float], read: set[Group]
) -> float:
    if cause in shows:
        return _OF_EVIDENCE * shows[cause] + (1 - _OF_EVIDENCE) * probability
    return probability * _RULED_OUT if _was_looked_for(cause, read) else probability


def _was_looked_for(cause: Cause, read: set[Group]) -> bool:
    return any(book.cause is cause and read.issuperset(book.reads) for book in PLAYBOOKS)
