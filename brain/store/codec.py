"""Domain dataclasses as JSON documents, read back strictly: a damaged row is never guessed at."""

from json import JSONDecodeError, dumps, loads
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from brain.domain.canonical import Json
from brain.domain.errors import GatewrightError, InvalidInput, Unreadable

T = TypeVar("T")


class Codec(Generic[T]):
    """Between one type and its JSON. An unknown, missing or mistyped field is Unreadable.

    A field added to the type later reads older documents by its default; one without a default,
    renamed or taken away, needs a migration.
    """

    def __init__(self, kind: type[T], name: str) -> None:
        self._adapter = TypeAdapter(kind)
        self._name = name

    def encode(self, value: T, *, leave_out: set[str] | None = None) -> bytes:
        """UTF-8 JSON, without the fields that are kept elsewhere."""
        try:
            # A mistyped field would only be warned of, in words that quote it.
            return self._adapter.dump_json(value, exclude=leave_out, warnings="error")
        except PydanticSerializationError:
            raise InvalidInput(
                f"the {self._name} holds what cannot be written down",
                remedy="Use text that is Unicode.",
            ) from None

    def decode(self, document: bytes | str) -> T:
        """The very value that was encoded."""
        try:
            return self._adapter.validate_json(document, strict=True, extra="forbid")
        except ValidationError as error:  # it would quote the document
            first = error.errors(include_input=False, include_context=False, include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise Unreadable(f"a stored {self._name} is damaged at {where!r}") from None
        except GatewrightError as error:
            raise Unreadable(f"a stored {self._name} holds what cannot be") from error


def json_text(value: Json) -> str:
    """Plain JSON as text, or InvalidInput for what JSON does not have."""
    try:
        return dumps(value, ensure_ascii=True, allow_nan=False)
    except (TypeError, ValueError):
        raise InvalidInput("not plain JSON", remedy="Pass what JSON can say.") from None


def json_value(text: str) -> Json:
    """What ``json_text`` was given."""
    try:
        value: Json = loads(text)
    except JSONDecodeError:
        raise Unreadable("a stored JSON document is damaged") from None
    return value
