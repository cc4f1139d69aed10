"""Why, and why not something else: told from what was kept of a case, and from nothing besides."""

import re
from collections.abc import Iterable, Mapping, Sequence

from brain.domain.canonical import Json
from brain.domain.verdict import Severity, Verdict
from brain.planner.recollection import Recollection, Tried
from brain.planner.words import plain

_NOT_TELLING = frozenset(
    word
    for words in (
        "a an and the to on of it that this one not use do did you we instead put set change try",
        "just then about me for my our der die das den auf nicht kein keine de het op niet geen",
        "el la un una en no le les un une sur pas",
    )
    for word in words.split()
)
_SAME = {"kanal": "channel", "kanaal": "channel", "canal": "channel", "neustart": "reboot"}
_SAME |= {"herstart": "reboot", "restart": "reboot", "reinicio": "reboot"}
"""What other languages and people call what the candidates call so."""


def why(past: Recollection) -> list[str]:
    """What was proposed or said, what it rested on, and what policy said of it."""
    told, tried = past.last_told, _last_proposed(past)
    if tried is not None:
        finding = tried.proposal.finding if tried.proposal else None
        facts = [f"Change {tried.record.id} was proposed: {_sets(tried)}."]
        if finding:
            facts.append(_ended(f"The reason: {finding.summary}"))
            facts += _seen(item.text for item in finding.evidence)
        return [*facts, *_policy(tried.record.verdict)]
    facts = _seen(_texts(told.get("evidence")))
    if told.get("summary"):
        facts.insert(0, _ended(f"Nothing was changed here. The reason: {told['summary']}"))
    chosen = _candidate(past, past.considered.get("chosen"))
    if not facts and chosen:
        facts = [_ended(str(chosen["finding"])), *_seen(_texts(chosen.get("because")))]
    return facts or [
        "No change was proposed, because nothing that was read explained it well enough.",
        *_weighed(past),
    ]


def why_not(past: Recollection, about: str) -> list[str]:
    """What was held against the other thing, where it was considered at all."""
    words = _words(about)
    chosen = past.considered.get("chosen")
    others = [each for each in _candidates(past) if each.get("id") != chosen]
    fits = [each for each in others if words and words <= _words_of(each)]
    if fits:
        return [*_considered(fits[0]), *_preferred(past, chosen)]
    now = _candidate(past, chosen)
    if now and words and words <= _words_of(now):
        return [f"That is what was proposed: {_ended(str(now['does']))}"]
    return [
        "That was not among what was considered, so nothing was kept for or against it.",
        *_weighed(past),
        "You can ask for it outright; policy then judges it.",
    ]


def _last_proposed(past: Recollection) -> Tried | None:
    change = past.last_told.get("change_id")
    return next((each for each in past.tried if each.record.id == change), None)


def _policy(verdict: Verdict) -> list[str]:
    facts = [f"Policy says {verdict.decision.value}."]
    for finding in verdict.findings:
        if finding.severity is not Severity.INFO or len(verdict.findings) == 1:
            text = f"{finding.code}: {_ended(finding.message)}"
            facts.append(f"{text} {_ended(finding.remedy)}" if finding.remedy else text)
    asked = [f"{need.min} from {need.group}" for need in verdict.obligations.approvals]
    return [*facts, f"It takes approval: {' and '.join(asked)}."] if asked else facts


def _considered(candidate: Mapping[str, Json]) -> list[str]:
    sure = f"{_percent(candidate.get('confidence'))} sure"
    does = _ended(str(candidate.get("does", "")))
    finding = _ended(str(candidate.get("finding", "")))
    return [f"It was considered, and was {sure}: {does}", finding, *_seen(_texts_of(candidate))]


def _preferred(past: Recollection, chosen: Json) -> list[str]:
    now = _candidate(past, chosen)
    if now is None:
        return ["It was not sure enough to be proposed."]
    return [f"Preferred was, {_percent(now.get('confidence'))} sure: {_ended(str(now['does']))}"]


def _weighed(past: Recollection) -> list[str]:
    weighed = past.considered.get("hypotheses")
    causes = [
        f"{each.get('cause')} {_percent(each.get('probability'))}"
        for each in (weighed if isinstance(weighed, list) else [])
        if isinstance(each, Mapping)
    ]
    return [f"Considered as causes were: {', '.join(causes)}."] if causes else []


def _candidates(past: Recollection) -> list[Mapping[str, Json]]:
    kept = past.considered.get("candidates")
    return [each for each in (kept if isinstance(kept, list) else []) if isinstance(each, Mapping)]


def _candidate(past: Recollection, name: Json) -> Mapping[str, Json] | None:
    return next((each for each in _candidates(past) if name and each.get("id") == name), None)


def _sets(tried: Tried) -> str:
    return ", ".join(f"{change.op.value} {change.path}" for change in tried.record.plan.changes)


def _seen(texts: Iterable[str]) -> list[str]:
    return [_ended(text) for text in texts]


def _texts(items: Json) -> list[str]:
    listed = items if isinstance(items, list) else []
    said = [each.get("text") if isinstance(each, Mapping) else each for each in listed]
    return [each for each in said if isinstance(each, str)]


def _texts_of(candidate: Mapping[str, Json]) -> Sequence[str]:
    finding = candidate.get("finding")
    return [text for text in _texts(candidate.get("because")) if text != finding]


def _words(text: str) -> set[str]:
    found = re.findall(r"\w+(?:[.,]\d+)?", plain(text))
    return {_SAME.get(word, word) for word in found} - _NOT_TELLING


def _words_of(candidate: Mapping[str, Json]) -> set[str]:
    told = (candidate.get("id"), candidate.get("cause"), candidate.get("does"))
    sets = candidate.get("sets")
    values = [part for pair in (sets if isinstance(sets, list) else []) for part in _pair(pair)]
    text = " ".join(str(each) for each in (*told, candidate.get("finding"), *values))
    return _words(re.sub(r"[-_./]", " ", text)) | _words(text)


def _pair(pair: Json) -> list[str]:
    return [str(each) for each in pair] if isinstance(pair, list) else []


def _percent(share: Json) -> str:
    return f"{share * 100:.0f} %" if isinstance(share, int | float) else "not told how"


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
