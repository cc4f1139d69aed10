"""What a language model is shown of the candidates: what each would do, and why."""

from collections.abc import Iterable, Iterator

from brain.domain.canonical import Json
from brain.planner.candidates import Candidate
from brain.planner.pseudonyms import Pseudonyms


def candidates_shown(candidates: Iterable[Candidate], pseudonyms: Pseudonyms) -> list[Json]:
    """What is offered, each under the id it is chosen by."""
    return [
        {
            "id": each.id,
            "cause": each.finding.cause.value,
            "confidence": each.finding.confidence,
            "does": pseudonyms.scrub(each.summary),
            "because": list(dict.fromkeys(_reasons(each, pseudonyms))),
            "changes": [str(change.path) for change in each.changes],
        }
        for each in candidates
    ]


def _reasons(candidate: Candidate, pseudonyms: Pseudonyms) -> Iterator[Json]:
    """Without what only has to stay as it is: that speaks for nothing."""
    return (pseudonyms.scrub(item.text) for item in candidate.finding.evidence if not item.guard)
