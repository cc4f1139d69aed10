"""How most RPCs are laid out: by the fields of their classes, so that one rule does for all.

A field ``file_type: str`` is the element ``FileType``; ``named`` gives another name. A tuple is a
SOAP array of structs called after their class, and one marked ``repeated`` is that many elements
beside each other, each with its class as ``xsi:type`` (TR-069 A.4.1.10). What is missing has the
field's default.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from executors.acs.elements import (
    Element,
    array,
    child,
    flag,
    items,
    local,
    number,
    tag,
    text,
    type_of,
    word,
)

_T = TypeVar("_T")

_UPPER = {"url": "URL", "uuid": "UUID", "sn": "SN"}
_AS_IT_CAME = frozenset({"password", "username", "fault_string", "user_message", "value"})
"""Text of somebody's, in which blanks count. All else are names, codes, keys and times."""


def named(element: str, *, item: str = "", default: Any = MISSING) -> Any:
    """A field whose element, or the items in it, bear another name than the rule gives."""
    return field(default=default, metadata={"element": element, "item": item})


def repeated() -> Any:
    """A field of several elements beside each other, with their classes as ``xsi:type``."""
    return field(metadata={"repeated": True})


def optional() -> Any:
    """A text that is left out when it is empty: an empty UUID is no UUID."""
    return field(default="", metadata={"optional": True})


def written(message: object) -> str:
    """The elements of all fields of this message or struct."""
    return "".join([part.write(getattr(message, part.field)) for part in _parts(type(message))])


def read(kind: type[_T], element: Element) -> _T:
    """The message or struct of this class that the element is."""
    said = {part.field: part.read(element) for part in _parts(kind)}
    return kind(**{name: value for name, value in said.items() if value is not _UNSAID})


@dataclass(frozen=True, slots=True)
class _Part:
    """One field: what it is called, and both ways between it and XML."""

    field: str
    write: Callable[[Any], str]
    read: Callable[[Element], Any]
    """From the element that the field's own is in."""


_UNSAID = object()


_KNOWN: dict[type, tuple[_Part, ...]] = {}


def _parts(kind: type) -> tuple[_Part, ...]:
    if kind not in _KNOWN:
        hints, said = get_type_hints(kind), fields(cast(Any, kind))
        _KNOWN[kind] = tuple(_part(each, hints[each.name]) for each in said)
    return _KNOWN[kind]


def _part(said: Field[Any], hint: Any) -> _Part:
    name = said.metadata.get("element") or _element_name(said.name)
    if get_origin(hint) is tuple:
        (item, _) = get_args(hint)
        if said.metadata.get("repeated"):
            return _repeated(said.name, name, item)
        return _array(said.name, name, item, said.metadata.get("item", ""))
    if is_dataclass(hint):
        struct: Any = hint
        return _Part(
            said.name,
            lambda value: f"<{name}>{written(value)}</{name}>",
            lambda element: _or_unsaid(element, name, lambda found: read(struct, found)),
        )
    return _plain(said, name, hint)


def _plain(said: Field[Any], name: str, hint: Any) -> _Part:
    take = text if said.name in _AS_IT_CAME else _TAKES[hint]
    missing = hint() if said.default is MISSING else _UNSAID

    def write(value: str | int) -> str:
        if value == "" and said.metadata.get("optional"):
            return ""
        return tag(name, int(value) if isinstance(value, bool) else value)

    return _Part(said.name, write, lambda element: _or_unsaid(element, name, take, missing))


def _array(field_name: str, name: str, item: Any, item_name: str) -> _Part:
    if item is str:
        called = item_name or "string"
        kind = f"soap-enc:{called}" if item_name else "xsd:string"
        return _Part(
            field_name,
            lambda value: array(name, kind, [tag(called, each) for each in value]),
            lambda element: tuple(word(each) for each in items(element, name)),
        )
    called = item_name or f"{item.__name__}Struct"
    return _Part(
        field_name,
        lambda value: array(
            name, f"cwmp:{called}", [f"<{called}>{written(each)}</{called}>" for each in value]
        ),
        lambda element: tuple(read(item, each) for each in items(element, name)),
    )


def _repeated(field_name: str, name: str, item: Any) -> _Part:
    kinds: Mapping[str, type] = {
        f"{kind.__name__}Struct": kind
        for kind in (get_args(item) if isinstance(item, UnionType) else (item,))
    }
    only = item if len(kinds) == 1 else None

    def one(value: object) -> str:
        kind = f"cwmp:{type(value).__name__}Struct"
        return f'<{name} xsi:type="{kind}">{written(value)}</{name}>'

    def take(element: Element) -> tuple[object, ...]:
        found = [(kinds.get(type_of(each), only), each) for each in element if local(each) == name]
        return tuple(read(kind, each) for kind, each in found if kind is not None)

    return _Part(field_name, lambda value: "".join(map(one, value)), take)


def _or_unsaid(
    element: Element, name: str, take: Callable[[Element], Any], unsaid: Any = _UNSAID
) -> Any:
    found = child(element, name)
    return unsaid if found is None else take(found)


def _element_name(field_name: str) -> str:
    return "".join(_UPPER.get(each, each.capitalize()) for each in field_name.split("_"))


_TAKES: dict[Any, Callable[[Element], Any]] = {str: word, int: number, bool: flag}
