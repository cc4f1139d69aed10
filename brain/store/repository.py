"""What the repositories have in common."""

from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from brain.store.codec import Codec
from brain.store.connection import Connection

T = TypeVar("T")


class Repository:
    """The rows of one noun, within one transaction."""

    __slots__ = ("_db",)

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def _upsert(self, table: Table, values: dict[str, Any] | list[dict[str, Any]]) -> None:
        """Insert one row or several, or replace everything but their keys."""
        await self._db.run(_upsert(table, self._db.dialect), values)

    def _seal(self, codec: Codec[T], value: T, *place: str) -> bytes:
        """Encode and encrypt for one place: a table and the key of the row."""
        return self._db.cipher.encrypt(codec.encode(value), context(*place))

    def _open(self, codec: Codec[T], sealed: bytes, *place: str) -> T:
        """Decrypt and decode what was sealed for this place, or raise Unreadable."""
        return codec.decode(self._db.cipher.decrypt(sealed, context(*place)))


def context(*place: str) -> bytes:
    """The bytes that bind an encrypted value to its place."""
    return "\0".join(place).encode("utf-8", "surrogatepass")


def columns_of(record: Any) -> dict[str, Any]:  # any dataclass of the domain
    """The fields of a domain dataclass as column values."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def insert_for(table: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, which SQLAlchemy keeps apart for each database."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _upsert(table: Table, dialect: str) -> Insert:
    insert = insert_for(table, dialect)
    new = {
        column.name: insert.excluded[column.name] for column in table.c if not column.primary_key
    }
    return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=new)


def pattern(typed: str, *, anywhere: bool = True) -> str:
    """A LIKE pattern, with ``\\`` as its escape, for text that begins with or holds this."""
    plain = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%" if anywhere else f"{plain}%"
