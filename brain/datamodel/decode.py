"""One row of a table, made into an Entry. The keys are those that the converter writes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from json import loads

from brain.datamodel.entry import (
    ANY_SIZE,
    Access,
    Argument,
    Entry,
    EnumerationReference,
    Kind,
    ListFacets,
    PathReference,
    Range,
    Size,
    Syntax,
)
from brain.datamodel.secrets import named_like_a_secret
from brain.domain.canonical import Json
from brain.domain.parameter import ParameterType

Facts = Mapping[str, Json]

_ACCESS = {"R": Access.READ_ONLY, "W": Access.READ_WRITE, "1": Access.WRITE_ONCE}
_TEXTS = frozenset({ParameterType.STRING, ParameterType.HEX_BINARY, ParameterType.BASE64})


def decode(path: str, since: str, facts_text: str) -> Entry:
    """The entry of this path template, from its facts in JSON."""
    shared = _shared(facts_text)
    return replace(
        shared,
        path=path,
        kind=_kind(path),
        since="" if since == "?" else since,
        secret=_secret(path, shared.syntax),
    )


@cache
def _shared(facts_text: str) -> Entry:
    """What rows with the same facts have in common; there are about 2,600 different ones."""
    facts: Facts = loads(facts_text)
    syntax = _syntax(facts) if "t" in facts else None
    keys = [tuple(_texts(each)) for each in _list(facts.get("uk"))]
    loose = {each for each in _list(facts.get("nf")) if isinstance(each, int)}
    return Entry(
        path="",
        kind=Kind.PARAMETER,
        access=_ACCESS[_text(facts, "a") or "R"],
        status=_text(facts, "st") or _text(facts, "sti"),
        syntax=syntax,
        active_notify=_text(facts, "an"),
        forced_inform="fi" in facts,
        entries=_size(facts["mi"]) if "mi" in facts else None,
        optional="opt" in facts,
        fixed="fix" in facts,
        entries_parameter=_text(facts, "ne"),
        enable_parameter=_text(facts, "en"),
        unique_keys=tuple(keys),
        functional_keys=tuple(key for i, key in enumerate(keys) if i not in loose),
        asynchronous="as" in facts,
        arguments=_arguments(facts.get("in") or facts.get("ar")),
        results=_arguments(facts.get("out")),
    )


def _kind(path: str) -> Kind:
    if path.endswith("."):
        return Kind.OBJECT
    if path.endswith("()"):
        return Kind.COMMAND
    return Kind.EVENT if path.endswith("!") else Kind.PARAMETER


def _secret(path: str, syntax: Syntax | None) -> bool:
    if syntax is None:
        return False
    return syntax.secret or (syntax.type in _TEXTS and named_like_a_secret(path))


def _arguments(value: Json) -> tuple[Argument, ...]:
    rows = [each for each in _list(value) if isinstance(each, dict) and "t" in each]
    return tuple(
        Argument(
            name=_text(row, "n"),
            syntax=_syntax(row),
            mandatory="mand" in row,
            since=_text(row, "v"),
            status=_text(row, "st"),
        )
        for row in rows
    )


def _syntax(facts: Facts) -> Syntax:
    extras = _dict(facts.get("ex"))
    return Syntax(
        type=ParameterType(_text(facts, "t")),
        named=_text(facts, "dt"),
        list=_list_facets(facts, "l"),
        enumeration=tuple(_texts(facts.get("e"))),
        device_only=frozenset(value for value, extra in extras.items() if "R" in _dict(extra)),
        enumeration_reference=_enumeration_reference(facts),
        path_reference=_path_reference(facts),
        ranges=tuple(_range(each) for each in _list(facts.get("r"))),
        sizes=tuple(_size(each) for each in _list(facts.get("s"))),
        patterns=tuple(_texts(facts.get("pt"))),
        units=_text(facts, "u"),
        default=_text(facts, "d") if "d" in facts else None,
        secret="sec" in facts,
        command_like="cmd" in facts,
    )


def _list_facets(facts: Facts, key: str) -> ListFacets | None:
    if key not in facts:
        return None
    listed = _dict(facts[key])
    return ListFacets(
        items=_size(listed["i"]) if "i" in listed else ANY_SIZE,
        lengths=tuple(_size(each) for each in _list(listed.get("s"))),
        inner=_list_facets(facts, "ll") if key == "l" else None,
    )


def _enumeration_reference(facts: Facts) -> EnumerationReference | None:
    if "er" not in facts:
        return None
    reference = _dict(facts["er"])
    null = _text(reference, "n") if "n" in reference else None
    return EnumerationReference(parameter=_text(reference, "p"), null=null)


def _path_reference(facts: Facts) -> PathReference | None:
    if "pr" not in facts:
        return None
    reference = _dict(facts["pr"])
    return PathReference(
        kind=_text(reference, "k"),
        targets=tuple(_texts(reference.get("t"))),
        weak="w" in reference,
    )


def _text(facts: Facts, key: str) -> str:
    value = facts.get(key)
    return value if isinstance(value, str) else ""


def _list(value: Json) -> Iterable[Json]:
    return value if isinstance(value, list) else ()


def _dict(value: Json) -> Facts:
    return value if isinstance(value, dict) else {}


def _texts(value: Json) -> list[str]:
    return [each for each in _list(value) if isinstance(each, str)]


def _size(value: Json) -> Size:
    return Size(*_numbers(value))


def _range(value: Json) -> Range:
    low, high, *step = _numbers(value)
    return Range(low, high, *(each for each in step if each))


def _numbers(value: Json) -> list[int | None]:
    return [each if isinstance(each, int) else None for each in _list(value)]
