"""Checks that no topic hides: each stands behind every family of objects that it is about.

``topics.rego`` asks a topic only when the plan touches one of its families. A topic that spoke of
an object outside of them would be silent there, and silence must not allow. So what a topic is
about is read from its source: the templates it writes out, and those in the numbers that it uses.
A topic that goes through a plan without writing out what it looks for stands behind no family.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from brain.domain.canonical import Json
from policies.facts import family_of
from policies.tokens import Token, tokens

_ROOT = "Device."
_PLAN = "input.plan.changes"
_FAMILIES = "input.plan.families"
_GUARD = ("if", "_touched", "[", "]")

Families = frozenset[str] | None
"""None stands for every family there is."""


def hidden(topic: str, sources: Sequence[str], asked: Families, data: Mapping[str, Json]) -> str:
    """Why this topic must not stand behind these families; empty when it may.

    ``sources`` is all the Rego of the topic; ``data`` what stands below ``data.gatewright``.
    """
    if asked is None:
        return ""
    words = [tokens(source) for source in sources]
    if any(_goes_through_all(rule) for source in words for rule in rules(source)):
        return f"{topic} goes through the whole plan, so it must not stand behind families"
    about = {family_of(text) for source in words for text in _templates(source, data)}
    missing = sorted(about - asked)
    return f"{topic} is about {missing[0]}, and is not asked about it" if missing else ""


def asked_about(source: str) -> dict[str, Families]:
    """By rule of a topic (``radio.deny``): the families behind which ``topics.rego`` takes it in.

    Raises ValueError for a guard that is not of the one form that can be checked.
    """
    every = list(rules(tokens(source)))
    guards: dict[str, set[str]] = {}
    for rule in every:
        name, family = _guard(rule)
        if name:
            guards.setdefault(name, set()).add(family)
    found: dict[str, Families] = {}
    for rule in every:
        behind = _behind(rule, guards)
        for word in rule:
            if word.kind == "name" and "." in word.text and not word.text.startswith("input"):
                there = found.get(word.text, frozenset())
                found[word.text] = None if behind is None or there is None else there | behind
    return found


def rules(words: Sequence[Token]) -> Iterator[list[Token]]:
    """The rules of a module, each with its head."""
    rule: list[Token] = []
    last = 0
    for word in words:
        begins = word.kind == "name" and word.depth == 0 and word.line != last
        if begins and rule:
            yield rule
            rule = []
        rule.append(word)
        last = word.line
    yield rule


def _guard(rule: Sequence[Token]) -> tuple[str, str]:
    """The name and the family of ``_wifi if _touched["Device.WiFi."]``; empty for other rules."""
    texts = [word.text for word in rule]
    if texts[:1] == ["_touched"]:
        if texts != ["_touched", ":=", _FAMILIES]:
            raise ValueError(f"line {rule[0].line}: _touched is {_FAMILIES}, and nothing else")
        return "", ""
    if "_touched" not in texts and _FAMILIES not in texts:
        return "", ""
    shape = (*texts[1:4], *texts[5:])
    if len(rule) != 6 or shape != _GUARD or rule[4].kind != "text":
        raise ValueError(f"line {rule[0].line}: a family is asked about in a rule of its own")
    return texts[0], texts[4].strip('"')


def _behind(rule: Sequence[Token], guards: Mapping[str, set[str]]) -> Families:
    used = {word.text for word in rule if word.text in guards}
    if len(used) > 1:
        raise ValueError(f"line {rule[0].line}: a topic stands behind one rule about families")
    turned = any(left.text == "not" and right.text in guards for left, right in pairwise(rule))
    if turned:
        raise ValueError(f"line {rule[0].line}: a topic stands behind families that are touched")
    return frozenset(guards[used.pop()]) if used else None


def _goes_through_all(rule: Sequence[Token]) -> bool:
    """Whether it looks at every change, and not at templates or for a beginning that it names."""
    texts = [word.text for word in rule]
    if "input.plan" in texts or '"changes"' in texts:
        return True
    named = "startswith" in texts
    indexes = [at + 2 for at, text in enumerate(texts) if text == _PLAN]
    return any(not _names_template(rule, at) and not named for at in indexes)


def _names_template(rule: Sequence[Token], at: int) -> bool:
    """Whether what stands here is the index of a change: a text, or a name drawn from a list."""
    if at >= len(rule) or rule[at - 1].text != "[":
        return False
    index = rule[at]
    drawn = ("some", index.text, "in")
    texts = [word.text for word in rule]
    return index.kind == "text" or any(
        tuple(texts[start : start + 3]) == drawn and not texts[start + 3].startswith("input")
        for start in range(len(texts) - 3)
    )


def _templates(words: Sequence[Token], data: Mapping[str, Json]) -> Iterator[str]:
    """What begins like a path in the source, and in the numbers that the source names."""
    imported = dict(_imports(words))
    for at, word in enumerate(words):
        if word.kind == "text":
            yield from _paths(word.text.strip('"'))
        elif word.kind == "name":
            head, _, rest = word.text.partition(".")
            if head in imported:
                yield from _paths(_below(data.get(imported[head]), rest or _got(words[at + 1 :])))


def _got(words: Sequence[Token]) -> str:
    """The name that ``object.get(limits, "name", ...)`` or ``...(limits, ["name", ...]`` gets."""
    texts = [word.text for word in words[:3]]
    key = texts[2:] if texts[:2] == [",", "["] else texts[1:2] if texts[:1] == [","] else []
    return key[0].strip('"') if key and key[0].startswith('"') else ""


def _imports(words: Sequence[Token]) -> Iterator[tuple[str, str]]:
    for left, right in pairwise(words):
        names = right.text.split(".")
        if left.text == "import" and names[:2] == ["data", "gatewright"] and len(names) == 3:
            yield names[2], names[2]


def _below(value: Json, path: str) -> Json:
    """The value at a dotted path, as far down as there is one."""
    for name in path.split(".") if path else ():
        if not isinstance(value, dict):
            break
        value = value.get(name)
    return value


def _paths(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        if value == _ROOT.strip(".") or value.startswith(_ROOT):
            yield value
    elif isinstance(value, list):
        for item in value:
            yield from _paths(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _paths(key)
            yield from _paths(item)
