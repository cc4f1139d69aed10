"""What the tables are made of: one MetaData, and columns that give back domain types."""

from datetime import UTC, datetime
from enum import StrEnum
from json import dumps, loads
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Dialect, Integer, LargeBinary, MetaData, Text
from sqlalchemy.types import TypeDecorator

from brain.domain.errors import InvalidInput, Unreadable

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A time, kept as UTC and given back aware of it; SQLite would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC, or InvalidInput for a time that does not say its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvalidInput("a time without its zone cannot be kept", remedy="Pass UTC.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """One word of an enumeration; a word it does not have is Unreadable."""

    impl = Text
    cache_ok = True

    def __init__(self, enumeration: type[StrEnum]) -> None:
        super().__init__()
        self.enumeration = enumeration
        # Found many times faster than by calling the enumeration, and each row has some.
        self._members: dict[str, StrEnum] = {member.value: member for member in enumeration}

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """The word itself."""
        return None if value is None else self.enumeration(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """The member of the enumeration."""
        try:
            return None if value is None else self._members[value]
        except KeyError:
            name = self.enumeration.__name__
            raise Unreadable(f"a stored {name} is none that this version knows") from None


class WordSet(TypeDecorator[frozenset[str]]):
    """A set of words, or of members of an enumeration, as a sorted JSON list."""

    impl = Text
    cache_ok = True

    def __init__(self, enumeration: type[StrEnum] | None = None) -> None:
        super().__init__()
        self.enumeration = enumeration

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str | None:
        """The list."""
        return None if value is None else dumps(sorted(str(word) for word in value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[str] | None:
        """The set; Unreadable when it is not a list of such words."""
        try:
            return (
                None if value is None else frozenset(map(self.enumeration or _text, loads(value)))
            )
        except (ValueError, TypeError) as error:
            raise Unreadable("a stored set of words is damaged") from error


def words(name: str, *, key: bool = False, default: str | None = None) -> Column[str]:
    """A text column that is never null."""
    return Column(name, Text, primary_key=key, nullable=False, server_default=default)


def moment(name: str) -> Column[datetime]:
    """A time that is always known."""
    return Column(name, Moment, nullable=False)


def one_of(name: str, enumeration: type[StrEnum]) -> Column[Any]:
    """A word of an enumeration, never null."""
    return Column(name, Word(enumeration), nullable=False)


def sealed(name: str) -> Column[bytes]:
    """Encrypted bytes, never null."""
    return Column(name, LargeBinary, nullable=False)


def row_number() -> Column[int]:
    """A number that the database gives, in the order of adding."""
    return Column("row", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not text")
    return value
