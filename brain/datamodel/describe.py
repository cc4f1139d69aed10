"""Everything a person may want to know of a path, in words, as ``gatewright model show`` has it."""

from collections.abc import Iterator
from dataclasses import dataclass

from brain.datamodel.catalogue import Catalogue, catalogue, template_of
from brain.datamodel.entry import ANY_SIZE, Access, Argument, Entry, Kind, Syntax
from brain.datamodel.live import live_list
from brain.datamodel.nearby import near
from brain.datamodel.phrases import range_in_words, size_in_words
from brain.datamodel.translation.mapping import OLD, rows
from brain.datamodel.translation.vendors import vendor_rows
from brain.domain.parameter import INTEGERS, ParameterType

_ACCESS = {
    Access.READ_ONLY: "read only",
    Access.READ_WRITE: "read and write",
    Access.WRITE_ONCE: "written when the row is created, read afterwards",
}
_ROWS = {
    Access.READ_ONLY: "the device alone adds and deletes rows",
    Access.READ_WRITE: "rows can be added and deleted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What is known of one path. ``facts`` are labels and texts, in the order to show them."""

    path: str
    """As it was asked for."""
    template: str
    """As the data model has it; empty when it does not."""
    facts: tuple[tuple[str, str], ...] = ()
    children: tuple[str, ...] = ()
    """Below an object: the names of what is in it."""
    near: tuple[str, ...] = ()
    """For an unknown path: what may have been meant, best first."""

    @property
    def known(self) -> bool:
        """Whether any data model has the path."""
        return bool(self.template)


def describe(path: str) -> Description:
    """Describe a concrete path or template of TR-181, or of TR-098 where it has that root."""
    books = _books(path)
    found = [(book, entry) for book in books if (entry := book.find(path)) is not None]
    if not found:
        guesses = dict.fromkeys(each for book in books for each in near(path, book))
        return Description(path=path, template="", near=tuple(guesses))
    book, entry = found[0]
    return Description(
        path=path,
        template=entry.path,
        facts=tuple(_facts(entry, found)),
        children=_children(entry, book),
    )


def _books(path: str) -> tuple[Catalogue, ...]:
    if path.startswith(OLD):
        return (catalogue("tr098"),)
    return catalogue("tr181-cwmp"), catalogue("tr181-usp")


def _facts(entry: Entry, found: list[tuple[Catalogue, Entry]]) -> Iterator[tuple[str, str]]:
    yield "kind", entry.kind.value
    yield "in", ", ".join(_since(book, each) for book, each in found)
    if entry.status:
        yield "status", entry.status
    if entry.kind in (Kind.OBJECT, Kind.PARAMETER):
        yield "access", _access(found)
    if entry.syntax is not None:
        yield from syntax_facts(entry.syntax)
    if (live := live_list(entry.path)) is not None:
        yield "values", f"those the device lists in {live.parameter}"
    if entry.secret:
        yield "secret", "its value is never shown"
    if entry.forced_inform:
        yield "inform", "part of every Inform"
    yield from _object_facts(entry)
    yield from _argument_facts("argument", entry.arguments)
    yield from _argument_facts("result", entry.results)
    yield from _counterparts(entry.path)


def _since(book: Catalogue, entry: Entry) -> str:
    names = {"tr181-cwmp": "TR-181 for CWMP", "tr181-usp": "TR-181 for USP", "tr098": "TR-098"}
    return names[book.name] + (f" since {entry.since}" if entry.since else "")


def _access(found: list[tuple[Catalogue, Entry]]) -> str:
    words = _ROWS if _is_table(found[0][1]) else _ACCESS
    said = {book.name: words.get(entry.access, entry.access) for book, entry in found}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"{text} ({name.rpartition('-')[2].upper()})" for name, text in said.items())


def _is_table(entry: Entry) -> bool:
    return entry.path.endswith(".{i}.")


def syntax_facts(syntax: Syntax) -> Iterator[tuple[str, str]]:
    """Type and legal values, as labels and texts."""
    named = f" ({syntax.named})" if syntax.named and not syntax.named.startswith("_") else ""
    yield "type", ("list of " if syntax.list else "") + syntax.type + named
    if syntax.list is not None and syntax.list.items != ANY_SIZE:
        yield "items", size_in_words(syntax.list.items)
    if syntax.units:
        yield "units", syntax.units
    yield from _legal_values(syntax)
    if syntax.default is not None:
        yield "default", syntax.default or "empty"
    if syntax.command_like:
        yield "effect", "a write triggers an action, and it reads back false"


def _legal_values(syntax: Syntax) -> Iterator[tuple[str, str]]:
    if syntax.enumeration:
        yield "values", ", ".join(_value(each, syntax) for each in syntax.enumeration)
    if reference := syntax.enumeration_reference:
        also = f", or {reference.null!r}" if reference.null is not None else ""
        yield "values", f"those the device lists in {reference.parameter}{also}"
    if syntax.ranges and syntax.type in INTEGERS:
        yield "range", " or ".join(map(range_in_words, syntax.ranges))
    if syntax.sizes:
        yield "length", " or ".join(map(size_in_words, syntax.sizes)) + _unit(syntax.type)
    if syntax.patterns:
        yield "pattern", " or ".join(each or "nothing" for each in syntax.patterns)
    if target := syntax.path_reference:
        yield "points to", f"a {target.kind} of {', '.join(target.targets) or 'any table'}"


def _value(value: str, syntax: Syntax) -> str:
    shown = value or '""'
    return f"{shown} (set by the device alone)" if value in syntax.device_only else shown


def _unit(kind: ParameterType) -> str:
    binary = kind in (ParameterType.HEX_BINARY, ParameterType.BASE64)
    return " octets" if binary else " characters"


def _object_facts(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry.entries is not None:
        yield "rows", "any number" if not any(entry.entries) else size_in_words(entry.entries)
    if entry.entries_parameter:
        yield "counted by", entry.entries_parameter
    for key in entry.unique_keys:
        yield "unique", " + ".join(key)
    if entry.kind is Kind.COMMAND:
        yield "answers", "later, with OperationComplete" if entry.asynchronous else "at once"


def _argument_facts(label: str, arguments: tuple[Argument, ...]) -> Iterator[tuple[str, str]]:
    for each in arguments:
        kind, *rest = (f"{name} {text}" for name, text in syntax_facts(each.syntax))
        needed = " (mandatory)" if each.mandatory else ""
        told = "; ".join([kind.removeprefix("type "), *rest])
        yield label, f"{each.name}{needed}: {told}"


def _counterparts(template: str) -> Iterator[tuple[str, str]]:
    """The parameters of the other model that stand for it, translated or not."""
    for row in rows():
        kept = "" if row.rule != "none" else f" (not translated: {row.argument})"
        if template_of(template) == row.target_template:
            yield "in TR-098", row.native_template + kept
        elif template_of(template) == row.native_template:
            yield "in TR-181", row.target_template + kept
    for who, row in vendor_rows():
        if template_of(template) == row.target_template:
            yield "in TR-098", f"{row.native_template} ({who})"


def _children(entry: Entry, book: Catalogue) -> tuple[str, ...]:
    if entry.kind is not Kind.OBJECT:
        return ()
    below = (each.removeprefix(entry.path) for each in book.paths if each.startswith(entry.path))
    names = (f"{name}{dot}" for name, dot, _ in (each.partition(".") for each in below))
    return tuple(dict.fromkeys(name for name in names if name))
