"""Splits a long question and joins the answers: deny wins, then review; all findings count."""

from collections.abc import Iterable, Iterator, Sequence

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable

Document = dict[str, Json]

_ORDER = ("allow", "review", "deny")
TOO_LARGE = "core.plan_too_large"
_BY_PATH = ("images", "lans", "openings", "pools", "radios", "shapers")
"""The facts that are said of paths, one by one."""


def chunks(question: Document, size: int) -> Iterator[Document]:
    """Questions of at most ``size`` changes each; the count they carry is that of the whole.

    Each has the facts about its own changes only: all of them in each would cost the square. A plan
    that miscounts itself, or lists anything but changes, is left whole: in parts nobody would see.
    """
    plan = question.get("plan")
    changes = plan.get("changes") if isinstance(plan, dict) else None
    if not isinstance(plan, dict) or not isinstance(changes, dict):
        yield question
        return
    every = [(template, each) for template, of in changes.items() for each in _listed(of)]
    if len(every) <= size or not _divisible(plan, changes, len(every)):
        yield question
        return
    parts = [every[start : start + size] for start in range(0, len(every), size)]
    facts = _facts(question, parts)
    for part, about in zip(parts, facts, strict=True):
        some: dict[str, list[Json]] = {}
        for template, change in part:
            some.setdefault(template, []).append(change)
        own: Document = {"changes": {name: each for name, each in some.items()}, "part": len(part)}
        yield question | {"plan": plan | own} | about


def _divisible(plan: Document, changes: Document, count: int) -> bool:
    """Whether parts would show all of it: what is wrong with the whole is to be seen, too."""
    return plan.get("part") == count and all(isinstance(of, list) and of for of in changes.values())


def _facts(question: Document, parts: Sequence[Sequence[tuple[str, Json]]]) -> list[Document]:
    """For each part, what is said of its paths and their objects; the first has the rest."""
    found: list[Document] = []
    near = [{name for _, change in part for name in _places(change)} for part in parts]
    somewhere = set[str]().union(*near)
    for number, places in enumerate(near):
        about: Document = {}
        for name in _BY_PATH:
            facts = question.get(name)
            if isinstance(facts, dict):
                mine = places if number else places | (facts.keys() - somewhere)
                about[name] = {path: fact for path, fact in facts.items() if path in mine}
        found.append(about)
    return found


def _places(change: Json) -> Iterator[str]:
    """The path of a change, every object that it lies in, and the one that it names."""
    said = change if isinstance(change, dict) else {}
    path, named = said.get("path"), said.get("object")
    if isinstance(named, str):
        yield named
    if isinstance(path, str):
        yield path
        names = path.split(".")
        yield from (".".join(names[:end]) + "." for end in range(1, len(names)))


def is_whole(answer: Json) -> bool:
    """Whether the answer on one part is that on all: a plan known to be too large is not judged."""
    findings = answer.get("findings") if isinstance(answer, dict) else None
    return any(_says_too_large(each) for each in _listed(findings))


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
            "rates": _part(documents[0]["obligations"], "rates"),
            "rollback": "none" if _any_final(documents) else "automatic",
            "wait": _longest(_part(each["obligations"], "wait") for each in documents),
        },
    }


def _says_too_large(finding: Json) -> bool:
    if not isinstance(finding, dict) or finding.get("code") != TOO_LARGE:
        return False
    about = finding.get("about")
    numbers = [about.get("count"), about.get("limit")] if isinstance(about, dict) else [None]
    return all(isinstance(each, int | float) and not isinstance(each, bool) for each in numbers)


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


def _longest(waits: Iterable[Json]) -> Json:
    """All that any part waits for; null when none does. What cannot be read stays unreadable."""
    known = [each for each in waits if each is not None]
    if len(known) < 2 or not all(isinstance(each, dict) for each in known):
        return known[0] if known else None
    return {
        "for": _union(_part(each, "for") for each in known),
        "minutes": max(
            (_part(each, "minutes") for each in known),
            key=lambda minutes: minutes if isinstance(minutes, int) else 0,
        ),
    }


def _union(lists: Iterable[Json]) -> list[Json]:
    found: list[Json] = []
    for each in lists:
        found.extend(item for item in _listed(each) if item not in found)
    return found
