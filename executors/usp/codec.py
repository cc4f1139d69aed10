"""Between the frozen types of this room and protobuf messages whose fields bear the same names.

A type is bound to its schema once: each of its fields is a field of the schema, or a oneof whose
members stand in the order of the union. What does not fit is an error when the module is imported.
Reading and writing a type are then one function each, whose text is made of its fields, as
``dataclasses`` makes constructors: to go through the fields at each message took twice as long.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from enum import IntEnum
from typing import Any, Generic, TypeVar, cast, get_args, get_origin, get_type_hints

from google.protobuf.descriptor import Descriptor, FieldDescriptor, OneofDescriptor
from google.protobuf.message import DecodeError, EncodeError, Message
from google.protobuf.message_factory import GetMessageClass

from executors.usp.errors import UspError

T = TypeVar("T")
_Read = Callable[[Any], Any]
_Write = Callable[[Any, Any], None]
_MOST_PARTS = 100_000
"""In one message: two bytes of the wire make an object, so its size alone does not bound it."""
_BAD = (DecodeError, EncodeError, TypeError, ValueError, KeyError, AttributeError, RecursionError)


class _Parts:
    """Counts what a message is made of while it is read."""

    def __init__(self) -> None:
        self.left = _MOST_PARTS

    def taken(self, found: Sequence[Any]) -> Sequence[Any]:
        """The same as a list, counted: protobuf's own ends by an exception when gone through."""
        self.left -= len(found)
        if self.left < 0:
            raise UspError(f"is made of more than {_MOST_PARTS} parts", field="message")
        return found[:]


class _Known(dict[int, IntEnum]):
    """The members of an enumeration by their numbers."""

    def __init__(self, kind: type[IntEnum], name: str) -> None:
        super().__init__((member.value, member) for member in kind)
        self._name = name

    def __missing__(self, number: int) -> IntEnum:
        raise UspError("has a value that is not known", field=self._name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bound:
    """One field in Python: an expression that reads it from ``message``, and a statement that
    writes it there from ``value``; ``needs`` is what both name."""

    read: str
    write: str
    needs: dict[str, Any] = field(default_factory=dict)


class Codec(Generic[T]):
    """Reads and writes one type."""

    read: Callable[[Message], T]
    """From a parsed message; UspError where a field that must be there is not."""
    write: Callable[[Message, T], None]
    """Into an empty message."""

    def __init__(self, kind: type[T], schema: Descriptor, parts: _Parts | None = None) -> None:
        assert is_dataclass(kind)
        self._kind = kind
        self._parts = parts or _Parts()
        self._new = GetMessageClass(schema)
        binding = _Binding(schema, get_type_hints(kind), self._parts)
        bound = {each.name: binding.field(each.name) for each in fields(kind)}
        self.read, self.write = _compiled(kind, bound)

    def decode(self, content: bytes) -> T:
        """The message that these bytes are; UspError for all others."""
        self._parts.left = _MOST_PARTS
        try:
            return self.read(self._new.FromString(content))
        except _BAD:
            raise UspError("is no message of this kind", field=self._kind.__name__) from None

    def encode(self, value: T) -> bytes:
        """As bytes; UspError for what cannot be written."""
        try:
            message = self._new()
            self.write(message, value)
            return message.SerializeToString()
        except _BAD:
            raise UspError("cannot be written", field=self._kind.__name__) from None


def _compiled(kind: type, bound: Mapping[str, _Bound]) -> tuple[_Read, _Write]:
    by_name = {each.name for each in fields(kind) if each.kw_only}
    reads = ", ".join(
        f"{name}={each.read}" if name in by_name else each.read for name, each in bound.items()
    )
    writes = "; ".join(each.write for each in bound.values()) or "pass"
    space: dict[str, Any] = {"kind": kind}
    for each in bound.values():
        space |= each.needs
    text = f"def read(message): return kind({reads})\ndef write(message, value): {writes}\n"
    exec(text, space)  # noqa: S102 - it is made of names in our own code, when that is imported
    return space["read"], space["write"]


class _Binding:
    """How each field of one type is read and written."""

    def __init__(self, schema: Descriptor, hints: Mapping[str, Any], parts: _Parts) -> None:
        self._schema, self._hints, self._parts = schema, hints, parts

    def field(self, name: str) -> _Bound:
        """The field, or the oneof, of this name."""
        hint = self._hints[name]
        oneof = self._schema.oneofs_by_name.get(name)
        if oneof is not None:
            return _called(name, self._oneof(oneof, hint), part="message")
        field = self._schema.fields_by_name[name]
        inner = field.message_type
        if inner is not None and inner.GetOptions().map_entry:
            return _map(name)
        repeated = get_origin(hint) is tuple
        if inner is None:
            return _scalars(name) if repeated else _scalar(name, hint)
        if repeated:
            return self._messages(name, get_args(hint)[0], inner)
        return _called(name, self._wrapped(hint, inner), part=f"message.{name}")

    def _messages(self, name: str, kind: type, inner: Descriptor) -> _Bound:
        codec: Codec[Any] = Codec(kind, inner, self._parts)

        def write(found: Any, values: Any) -> None:
            for each in values:
                codec.write(found.add(), each)

        return _Bound(
            read=f"tuple([read_{name}(each) for each in taken(message.{name})])",
            write=f"write_{name}(message.{name}, value.{name})",
            needs={
                f"read_{name}": codec.read,
                f"write_{name}": write,
                "taken": self._parts.taken,
            },
        )

    def _wrapped(self, hint: Any, inner: Descriptor) -> tuple[_Read, _Write]:
        """One message. One that holds a oneof and nothing else may be the oneof itself here."""
        if is_dataclass(hint):
            whole: Codec[Any] = Codec(cast(type, hint), inner, self._parts)
            return whole.read, whole.write
        return self._oneof(inner.oneofs[0], hint)

    def _oneof(self, oneof: OneofDescriptor, hint: Any) -> tuple[_Read, _Write]:
        """A member that holds a oneof and nothing else stands in the union by its own members."""
        members = [*get_args(hint)]
        reads, writes = self._members(oneof, members)
        if members:
            raise TypeError(f"{oneof.full_name} has too few members")

        def write(message: Any, value: Any) -> None:
            writes[type(value)](message, value)

        return reads, write

    def _members(
        self, oneof: OneofDescriptor, members: list[Any]
    ) -> tuple[_Read, dict[type, _Write]]:
        """Takes from ``members`` those that are this oneof's."""
        title, reads, writes = oneof.name, dict[str, _Read](), dict[type, _Write]()
        for member in oneof.fields:
            inner = _only_oneof(member)
            if inner is None:
                kind = members.pop(0)
                reads[member.name], writes[kind] = self._member(member, kind)
            else:
                reads[member.name], below = self._members(inner, members)
                writes |= {kind: _within(member.name, write) for kind, write in below.items()}

        def read(message: Any) -> Any:
            which = message.WhichOneof(title)
            if which is None:
                raise UspError("is missing", field=title)
            return reads[which](getattr(message, which))

        return read, writes

    def _member(self, field: FieldDescriptor, kind: type) -> tuple[_Read, _Write]:
        name = field.name
        if field.message_type is None:
            return lambda said: said, lambda message, value: setattr(message, name, value)
        codec: Codec[Any] = Codec(kind, field.message_type, self._parts)

        def write(message: Any, value: Any) -> None:
            part = getattr(message, name)
            part.SetInParent()  # also where it has no fields
            codec.write(part, value)

        return codec.read, write


def _called(name: str, pair: tuple[_Read, _Write], *, part: str) -> _Bound:
    """What functions of its own read from, and write into, this part of the message."""
    return _Bound(
        read=f"read_{name}({part})",
        write=f"write_{name}({part}, value.{name})",
        needs={f"read_{name}": pair[0], f"write_{name}": pair[1]},
    )


def _only_oneof(field: FieldDescriptor) -> OneofDescriptor | None:
    """The oneof that this member holds, where it holds nothing else."""
    inner = field.message_type
    if inner is None or len(inner.oneofs) != 1:
        return None
    oneof: OneofDescriptor = inner.oneofs[0]
    return oneof if len(oneof.fields) == len(inner.fields) else None


def _within(name: str, write: _Write) -> _Write:
    return lambda message, value: write(getattr(message, name), value)


def _scalar(name: str, kind: type) -> _Bound:
    write = f"message.{name} = value.{name}"
    if issubclass(kind, IntEnum):
        known = {f"known_{name}": _Known(kind, name)}
        return _Bound(read=f"known_{name}[message.{name}]", write=write, needs=known)
    return _Bound(read=f"message.{name}", write=write)


def _scalars(name: str) -> _Bound:
    return _Bound(read=f"tuple(message.{name})", write=f"message.{name}.extend(value.{name})")


def _map(name: str) -> _Bound:
    return _Bound(
        read=f"mapped(message.{name})",
        write=f"message.{name}.update(value.{name})",
        needs={"mapped": _mapped},
    )


def _mapped(found: Mapping[str, Any]) -> dict[str, Any]:
    return {key: found[key] for key in found}  # protobuf gives ``dict`` the keys by Python's detour
