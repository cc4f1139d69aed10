"""Between the frozen types of this room and protobuf messages whose fields bear the same names.

A type is bound to its schema once: each of its fields is a field of the schema, or a oneof whose
members stand in the order of the union. What does not fit is an error when the module is imported.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
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

    def take(self, number: int) -> None:
        self.left -= number
        if self.left < 0:
            raise UspError(f"is made of more than {_MOST_PARTS} parts", field="message")


class Codec(Generic[T]):
    """Reads and writes one type."""

    def __init__(self, kind: type[T], schema: Descriptor, parts: _Parts | None = None) -> None:
        assert is_dataclass(kind)
        self._kind = kind
        self._parts = parts or _Parts()
        self._new = GetMessageClass(schema)
        bind = _Binding(schema, get_type_hints(kind), self._parts).field
        self._fields = [(each.name, *bind(each.name)) for each in fields(kind)]

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

    def read(self, message: Message) -> T:
        """From a parsed message; UspError where a field that must be there is not."""
        return self._kind(**{name: read(message) for name, read, _ in self._fields})

    def write(self, message: Message, value: T) -> None:
        """Into an empty message."""
        for name, _, write in self._fields:
            write(message, getattr(value, name))


class _Binding:
    """How each field of one type is read and written."""

    def __init__(self, schema: Descriptor, hints: Mapping[str, Any], parts: _Parts) -> None:
        self._schema, self._hints, self._parts = schema, hints, parts

    def field(self, name: str) -> tuple[_Read, _Write]:
        """The field, or the oneof, of this name."""
        hint = self._hints[name]
        oneof = self._schema.oneofs_by_name.get(name)
        if oneof is not None:
            return self._oneof(oneof, hint)
        field = self._schema.fields_by_name[name]
        inner = field.message_type
        if inner is not None and inner.GetOptions().map_entry:
            return _dict(name)
        repeated = get_origin(hint) is tuple
        if inner is None:
            return _scalars(name) if repeated else _scalar(name, hint)
        if repeated:
            return self._messages(name, get_args(hint)[0], inner)
        return self._wrapped(name, hint, inner)

    def _messages(self, name: str, kind: type, inner: Descriptor) -> tuple[_Read, _Write]:
        codec: Codec[Any] = Codec(kind, inner, self._parts)

        def read(message: Any) -> Any:
            found = getattr(message, name)
            self._parts.take(len(found))
            return tuple(codec.read(each) for each in found)

        def write(message: Any, values: Any) -> None:
            found = getattr(message, name)
            for each in values:
                codec.write(found.add(), each)

        return read, write

    def _wrapped(self, name: str, hint: Any, inner: Descriptor) -> tuple[_Read, _Write]:
        """One message. One that holds a oneof and nothing else may be the oneof itself here."""
        if is_dataclass(hint):
            whole: Codec[Any] = Codec(cast(type, hint), inner, self._parts)
            pair: tuple[_Read, _Write] = (whole.read, whole.write)
        else:
            pair = self._oneof(inner.oneofs[0], hint)
        read, write = pair
        return (
            lambda message: read(getattr(message, name)),
            lambda message, value: write(getattr(message, name), value),
        )

    def _oneof(self, oneof: OneofDescriptor, hint: Any) -> tuple[_Read, _Write]:
        members = get_args(hint)
        if len(members) != len(oneof.fields):
            raise TypeError(f"{oneof.full_name} has {len(oneof.fields)} members")
        pairs = [*zip(oneof.fields, members, strict=True)]
        parts = {field.name: self._member(field, kind) for field, kind in pairs}
        names = {kind: field.name for field, kind in pairs}

        def read(message: Any) -> Any:
            which = message.WhichOneof(oneof.name)
            if which is None:
                raise UspError("is missing", field=oneof.name)
            return parts[which][0](message)

        def write(message: Any, value: Any) -> None:
            parts[names[type(value)]][1](message, value)

        return read, write

    def _member(self, field: FieldDescriptor, kind: type) -> tuple[_Read, _Write]:
        name = field.name
        if field.message_type is None:
            return _scalar(name, kind)
        codec: Codec[Any] = Codec(kind, field.message_type, self._parts)

        def write(message: Any, value: Any) -> None:
            part = getattr(message, name)
            part.SetInParent()  # also where it has no fields
            codec.write(part, value)

        return lambda message: codec.read(getattr(message, name)), write


def _scalar(name: str, kind: type) -> tuple[_Read, _Write]:
    def write(message: Any, value: Any) -> None:
        setattr(message, name, value)

    def read_number(message: Any) -> Any:
        try:
            return kind(getattr(message, name))
        except ValueError:
            raise UspError("has a value that is not known", field=name) from None

    if issubclass(kind, IntEnum):
        return read_number, write
    return lambda message: getattr(message, name), write


def _scalars(name: str) -> tuple[_Read, _Write]:
    return (
        lambda message: tuple(getattr(message, name)),
        lambda message, values: getattr(message, name).extend(values),
    )


def _dict(name: str) -> tuple[_Read, _Write]:
    return (
        lambda message: dict(getattr(message, name)),
        lambda message, values: getattr(message, name).update(values),
    )
