"""Splits a long question and joins the answers: deny wins, then review; all findings count."""

from collections.abc import Iterable, Iterator, Sequence

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable

Document = dict[str, Json]

_ORDER = ("allow", "review", "deny")


def chunks(question: Document, size: int) -> Iterator[Document]:
    """Questions of at most ``size`` changes each; the count they carry is that of the whole."""
    plan = question.get("plan")
    changes = plan.get("changes") if isinstance(plan, dict) else None
    if not isinstance(plan, dict) or not isinstance(changes, dict):
        yield question
        return
    every = [(template, each) for template, of in changes.items() for each in _listed(of)]
    if len(every) <= size:
        yield question
        return
    for start in range(0, len(every), size):
        some: dict[str, list[Json]] = {}
        for template, change in every[start : start + size]:
            some.setdefault(template, []).append(change)
        part: Document = {
            "changes": {template: each for template, each in some.items()},
            "part": len(every[start : start + size]),
        }
        yield question | {"plan": plan | part}


def joined(answers: Sequence[Json]) -> Json:
    """One answer of many. Raises PolicyUnavailable when one of them has no known outcome."""
    if len(answers) == 1:
        return answers[0]
    documents = [_document(answer) for answer in answers]
    outcome = max((str(each["outcome"]) for each in documents), key=_ORDER.index)
    obligations = [each["obligations"] for each in documents if each["outcome"] == outcome]
    return {
        "outcome": outcome,
        "findings": _union(each["findings"] for each in documents),
        "obligations": {
            "approvals": _union(_part(each, "approvals") for each in obligations),
            "review_after": _same(_part(each, "review_after") for each in obligations),
            "rollback": "none" if _any_final(documents) else "automatic",
        },
    }


def _listed(changes: Json) -> list[Json]:
    return changes if isinstance(changes, list) else []


def _document(answer: Json) -> Document:
    known = isinstance(answer, dict) and answer.keys() == {"outcome", "findings", "obligations"}
    if not isinstance(answer, dict) or not known or answer["outcome"] not in _ORDER:
        raise PolicyUnavailable("the policy engine gave a part of an answer that cannot be read")
    return answer


def _any_final(documents: Sequence[Document]) -> bool:
    return any(_part(each["obligations"], "rollback") != "automatic" for each in documents)


def _part(obligations: Json, name: str) -> Json:
    return obligations.get(name) if isinstance(obligations, dict) else None


def _same(values: Iterable[Json]) -> Json:
    """One question has one answer, whatever part of the plan it is asked with."""
    first, *rest = values
    if any(each != first for each in rest):
        raise PolicyUnavailable("the parts of the policy engine's answer disagree")
    return first


def _union(lists: Iterable[Json]) -> list[Json]:
    found: list[Json] = []
    for each in lists:
        found.extend(item for item in _listed(each) if item not in found)
    return found
