"""Checks a value against its own syntax: everything that needs no look at the device."""

from brain.datamodel.entry import ListFacets, Size, Syntax
from brain.datamodel.lexical import canonical
from brain.datamodel.patterns import matches
from brain.datamodel.phrases import range_in_words, size_in_words
from brain.datamodel.refusal import Rule, Subject, listed
from brain.domain.errors import InvalidValue
from brain.domain.parameter import INTEGERS, ParameterType, Value

_EXAMPLES = {
    "MACAddress": "Write it like 00:1A:2B:3C:4D:5E.",
    "IPv4Address": "Write it like 192.0.2.1.",
    "UUID": "Write it like 123e4567-e89b-12d3-a456-426614174000.",
}


def checked(syntax: Syntax, text: str, subject: Subject) -> Value:
    """The canonical form of a value that this syntax allows; InvalidValue when it does not."""
    if syntax.list is None:
        return _item(syntax, text, subject)
    whole = _is_of_whole_list(syntax)
    parts = split_list(text) if syntax.list.inner is None else _bracketed(text, subject)
    value = ",".join(_part(syntax, part, subject, facets=not whole) for part in parts)
    _count(syntax.list, len(parts), subject)
    _length(syntax.list.lengths, len(value), subject)
    if whole and value:
        _check_text(syntax, value, subject)
    return value


def readable(syntax: Syntax, text: str) -> Value:
    """The canonical form of what a device said; as it was said when it is not of the type.

    A device in the field is looser than its data model, and what it says is what it says.
    """
    try:
        if syntax.list is None or syntax.list.inner is not None:
            return canonical(syntax.type, text)
        return ",".join(canonical(syntax.type, part) for part in split_list(text))
    except InvalidValue:
        return text


def split_list(text: str) -> tuple[str, ...]:
    """The items of a comma-separated list; blanks around them mean nothing (TR-106 3.2.3)."""
    return tuple(part.strip() for part in text.split(",")) if text.strip() else ()


def _part(syntax: Syntax, part: str, subject: Subject, *, facets: bool) -> Value:
    inner = syntax.list.inner if syntax.list else None
    if inner is None:
        return _item(syntax, part, subject) if facets else _typed(syntax, part, subject)
    items = split_list(part)
    _count(inner, len(items), subject)
    return f"[{','.join(_item(syntax, item, subject) for item in items)}]"


def _bracketed(text: str, subject: Subject) -> tuple[str, ...]:
    """The items of a list of lists, such as ``[1,2],[3,4]``, without their brackets."""
    packed = "".join(text.split())
    if not packed:
        return ()
    if not (packed.startswith("[") and packed.endswith("]")):
        subject.refuse(Rule.LIST, "this is not a list of lists", "Write it like [1,2],[3,4].")
    return tuple(packed[1:-1].split("],["))


def _item(syntax: Syntax, text: str, subject: Subject) -> Value:
    value = _typed(syntax, text, subject)
    if syntax.list is not None and not value and "" not in syntax.enumeration:
        subject.refuse(Rule.LIST, "an item of the list is empty", "Leave out the extra comma.")
    _check_enumeration(syntax, value, subject)
    _check_ranges(syntax, value, subject)
    _check_text(syntax, value, subject)
    return value


def _typed(syntax: Syntax, text: str, subject: Subject) -> Value:
    return canonical(syntax.type, text, field=subject.field)


def _check_enumeration(syntax: Syntax, value: Value, subject: Subject) -> None:
    if not syntax.enumeration:
        return
    legal = tuple(each for each in syntax.enumeration if each not in syntax.device_only)
    if value in syntax.device_only:
        subject.refuse(
            Rule.ENUMERATION,
            "only the device itself may set this value",
            f"Choose one of {listed(legal)}.",
        )
    if value not in legal:
        subject.refuse(
            Rule.ENUMERATION,
            "this is not one of the values the data model allows",
            f"Choose one of {listed(legal)}.",
        )


def _check_ranges(syntax: Syntax, value: Value, subject: Subject) -> None:
    if syntax.type not in INTEGERS or not syntax.ranges:
        return
    if not any(int(value) in each for each in syntax.ranges):
        subject.refuse(
            Rule.RANGE,
            f"{subject.shown(syntax.type, value)} is outside what the data model allows",
            f"Choose a number {' or '.join(map(range_in_words, syntax.ranges))}.",
        )


def _check_text(syntax: Syntax, value: Value, subject: Subject) -> None:
    _length(syntax.sizes, _size_of(syntax.type, value), subject, octets=_is_binary(syntax.type))
    if syntax.patterns and not any(matches(each, value) for each in syntax.patterns):
        patterns = " or ".join(each or "nothing" for each in syntax.patterns)
        subject.refuse(
            Rule.PATTERN,
            "this is not written as the data model wants it",
            _EXAMPLES.get(syntax.named, f"It must match {patterns}."),
        )


def _size_of(kind: ParameterType, value: Value) -> int:
    if kind is ParameterType.HEX_BINARY:
        return len(value) // 2
    if kind is ParameterType.BASE64:
        return len(value) // 4 * 3 - value.count("=")
    return len(value)


def _is_binary(kind: ParameterType) -> bool:
    return kind in (ParameterType.HEX_BINARY, ParameterType.BASE64)


def _length(
    sizes: tuple[Size, ...], length: int, subject: Subject, *, octets: bool = False
) -> None:
    if sizes and not any(size.holds(length) for size in sizes):
        unit = "octets" if octets else "characters"
        legal = " or ".join(map(size_in_words, sizes))
        subject.refuse(
            Rule.SIZE, "this is too short or too long", f"Its length must be {legal} {unit}."
        )


def _count(facets: ListFacets, count: int, subject: Subject) -> None:
    if not facets.items.holds(count):
        subject.refuse(
            Rule.LIST,
            f"the list has {count} items",
            f"Their number must be {size_in_words(facets.items)}.",
        )


def _is_of_whole_list(syntax: Syntax) -> bool:
    """Whether size and pattern speak of the list: an item holds no comma, so one that does must."""
    return any("," in each for each in syntax.patterns)
