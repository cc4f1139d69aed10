"""Whether other rules are shown to be no looser than the active ones; what is not, people approve.

Only two kinds of change are shown to be: words (comments, and what METADATA tells people), and
numbers that move the way that their schema declares as the tighter one.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from brain.domain.canonical import Json, canonical_bytes
from policies.bundle import Bundle
from policies.difference import Difference, ModuleChange, NumberChange, Turn, difference, visible
from policies.numbers.everything import EVERYTHING
from policies.numbers.strict import LOOSER
from policies.tokens import tokens

_Schema = Mapping[str, Any]  # a JSON schema: whatever pydantic writes
_SHOWN = 60


def not_shown(before: Bundle, after: Bundle) -> tuple[str, ...]:
    """Why ``after`` may be looser, one sentence a change; empty when it is shown not to be."""
    found = difference(before, after)
    return (
        *_source(found, before, after),
        *_words(before, after),
        *(said for each in found.numbers if (said := _number(each))),
    )


def way(where: tuple[str, ...]) -> str:
    """The way in which a number lets more through: ``up``, ``down`` or ``any``; empty: undeclared.

    ``any`` holds for all that is within, while ``up`` and ``down`` hold for the one that says it.
    """
    document = _document()
    schema, said = _resolved(document, document), ""
    for name in where:
        said = "any" if said == "any" or schema.get(LOOSER) == "any" else ""
        schema = _resolved(_within(schema, name), document)
    return "any" if said == "any" else str(schema.get(LOOSER, ""))


@cache
def _document() -> _Schema:
    return EVERYTHING.json_schema(by_alias=True)


def _within(schema: _Schema, name: str) -> _Schema:
    known = schema.get("properties", {})
    if name in known:
        return dict(known[name])
    others = [schema.get("additionalProperties"), *schema.get("patternProperties", {}).values()]
    return next((each for each in others if isinstance(each, dict)), {})


def _resolved(schema: _Schema, document: _Schema) -> _Schema:
    """With what it refers to; what is said beside the reference comes first."""
    named = str(schema.get("$ref", "")).rpartition("/")[2]
    return {**document["$defs"][named], **schema} if named else schema


def _source(found: Difference, before: Bundle, after: Bundle) -> Iterator[str]:
    for module in found.modules:
        if not _only_comments(module, before, after):
            did = {Turn.ADDED: "is new", Turn.REMOVED: "is gone"}.get(
                module.turn, "changes in more than its comments"
            )
            yield f"the file of rules {visible(module.name)} {did}"


def _only_comments(module: ModuleChange, before: Bundle, after: Bundle) -> bool:
    if module.turn is not Turn.CHANGED:
        return False
    return _code(before.modules[module.name]) == _code(after.modules[module.name])


def _code(source: str) -> list[tuple[str, str, bool, bool]]:
    """Each word, whether it touches the one before, and whether it begins a line: Rego cares."""
    found = tokens(source)
    begins = [True, *(one.line != two.line for one, two in pairwise(found))]
    return [(t.kind, t.text, t.glued, first) for t, first in zip(found, begins, strict=True)]


def _words(before: Bundle, after: Bundle) -> Iterator[str]:
    """METADATA also says whether a denial goes away by itself, and then a change may wait."""
    for code in sorted(before.findings.keys() & after.findings.keys()):
        old, new = before.findings[code], after.findings[code]
        if (old.severity, old.passing) != (new.severity, new.passing):
            yield f"the rule {code} says otherwise how long what it denies is denied"


def _number(change: NumberChange) -> str:
    path = visible(change.path)
    declared = way(change.where)
    if change.turn is Turn.ADDED:
        return "" if way(change.where[:-1]) == "down" else f"the number {path} is new"
    if change.turn is Turn.REMOVED:
        return "" if way(change.where[:-1]) == "up" else f"the number {path} is gone"
    moved = f"the number {path} goes from {_said(change.before)} to {_said(change.after)}"
    if declared not in ("up", "down"):
        return f"{moved}, and nobody can tell from it whether that lets more through"
    less, more = change.before, change.after
    if declared == "down":
        less, more = more, less
    return "" if _is_no_more(more, less) else f"{moved}, which may let more through"


def _is_no_more(value: Json, than: Json) -> bool:
    """Whether a number is no greater, or a list holds nothing that the other does not."""
    if isinstance(value, list) and isinstance(than, list):
        return {canonical_bytes([each]) for each in value} <= {
            canonical_bytes([each]) for each in than
        }
    return _is_number(value) and _is_number(than) and value <= than  # type: ignore[operator]


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _said(value: Json) -> str:
    text = visible(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
