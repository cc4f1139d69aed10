"""Asks for many rows by a list of words that is one parameter, however long it is.

A parameter for each word would make another statement of each length: compiled by SQLAlchemy anew,
and planned by PostgreSQL anew.
"""

from collections.abc import Collection
from json import dumps
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Words(TypeDecorator[Collection[str]]):
    """A list of words: an array where the database has arrays, JSON where it has not."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Text()) if _has_arrays(dialect) else Text())

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> Any:
        words = [*(value or ())]
        return words if _has_arrays(dialect) else dumps(words)


class _Among(FunctionElement[bool]):
    # Of no type: of a Boolean SQLite, which has none, would be asked whether it is 1, and would go
    # through the whole table to see.
    inherit_cache = True
    name = "among"


def among(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Whether a column is one of the words given under this name; false for no words."""
    return _Among(column, bindparam(name, type_=_Words()))


@compiles(_Among)
def _in_json(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, words = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({words}))"  # noqa: S608 - names of ours


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, words = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} = ANY ({words})"


def _has_arrays(dialect: Dialect) -> bool:
    return dialect.name == "postgresql"
