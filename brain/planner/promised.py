"""What a device's controller cannot promise: such a change is handed over rather than proposed.

Policy judges by the same promises and would deny it; here the agent is told at once who can do it.
"""

from collections.abc import Iterable
from dataclasses import replace

from brain.domain.canonical import Json
from brain.domain.change import SetParameter
from brain.domain.controller import Capabilities
from brain.planner.candidates import Candidate


def within(candidates: Iterable[Candidate], promised: Capabilities | None) -> tuple[Candidate, ...]:
    """The candidates, those that the controller could not prove handed over.

    None: nobody knows what it promises, so policy alone has a say.
    """
    if promised is None or promised.parameter_key:
        return tuple(candidates)
    return tuple(_handed_over(each, promised) if _secret(each) else each for each in candidates)


def cannot(promised: Capabilities | None) -> list[Json]:
    """The same in words, for a language model; empty where everything is promised."""
    if promised is None:
        return []
    words = {
        "set several parameters all or nothing": promised.atomic_set,
        "prove that a secret was set": promised.parameter_key,
    }
    return [text for text, can in words.items() if not can]


def _secret(candidate: Candidate) -> bool:
    return any(isinstance(each, SetParameter) and each.secret for each in candidate.changes)


def _handed_over(candidate: Candidate, promised: Capabilities) -> Candidate:
    said = (
        f"{candidate.finding.summary} A new one has to be set by hand, at the gateway or in its"
        f" controller ({promised.kind}): from here nobody could tell whether it was taken."
    )
    return replace(candidate, changes=(), effect=None, hand_over=said)
