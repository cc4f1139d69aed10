"""What the repositories have in common."""

from dataclasses import fields
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from brain.store.connection import Connection


class Repository:
    """The rows of one noun, within one transaction."""

    __slots__ = ("_db",)

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    async def _upsert(self, table: Table, values: dict[str, Any]) -> None:
        await self._db.run(_upsert(table, self._db.dialect), values)


def columns_of(record: Any) -> dict[str, Any]:  # any dataclass of the domain
    """The fields of a domain dataclass as column values."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def insert_for(table: Table, dialect: str) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT that knows ON CONFLICT, which SQLAlchemy keeps apart for each database."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _upsert(table: Table, dialect: str) -> Insert:
    """Insert, or replace everything but the key."""
    insert = insert_for(table, dialect)
    new = {
        column.name: insert.excluded[column.name] for column in table.c if not column.primary_key
    }
    return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=new)
