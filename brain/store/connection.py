"""One open transaction. SQLAlchemy's exceptions end here and become ours."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import CursorResult, Executable, Row, Table, inspect
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from brain.domain.errors import Conflict, GatewrightError, InvalidInput, StoreUnavailable
from brain.store.cipher import Cipher
from brain.store.one_hop import here

Values = Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""Named values for a statement, or several sets of them."""


class Connection:
    """What every repository works with: statements in, rows out, and the cipher."""

    __slots__ = ("_sql", "cipher", "dialect", "writing")

    def __init__(self, sql: AsyncConnection, cipher: Cipher, *, writing: bool) -> None:
        self._sql = sql
        self.cipher = cipher
        self.dialect = sql.dialect.name
        self.writing = writing

    async def run(self, statement: Executable, values: Values | None = None) -> int:
        """Carry it out; how many rows it touched."""
        return int((await self._execute(statement, values)).rowcount)

    async def rows(self, statement: Executable, values: Values | None = None) -> Sequence[Row[Any]]:
        """All rows."""
        result = await self._execute(statement, values)
        with our_errors():
            return result.all()

    async def row(self, statement: Executable, values: Values | None = None) -> Row[Any] | None:
        """The first row, or None."""
        result = await self._execute(statement, values)
        with our_errors():
            return result.first()

    async def has(self, table: Table) -> bool:
        """Whether the database has this table yet."""
        with our_errors():
            return await self._sql.run_sync(lambda sync: inspect(sync).has_table(table.name))

    async def apart(self, work: Callable[[], Awaitable[None]]) -> Exception | None:
        """Do this behind a savepoint: what it failed with, all of it taken back, or None.

        StoreUnavailable when it cannot be taken back: then the transaction cannot stand either.
        """
        with our_errors():
            savepoint = await self._sql.begin_nested()
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - whatever broke, the rest of it stands
            with our_errors():
                await savepoint.rollback()
            return error
        with our_errors():
            await savepoint.commit()
        return None

    async def _execute(self, statement: Executable, values: Values | None) -> CursorResult[Any]:
        with our_errors():
            return await self._sql.execute(statement, values)


@asynccontextmanager
async def transaction(
    engine: AsyncEngine, cipher: Cipher, *, writing: bool, brief: bool = False
) -> AsyncIterator[Connection]:
    """A transaction on one pooled connection: committed at the end, rolled back on any error.

    ``brief``: see ``brain.store.one_hop.here``.
    """
    with our_errors():
        async with engine.connect() as sql, sql.begin():
            raw = (await sql.get_raw_connection()).driver_connection if brief else None
            with here(raw):
                yield Connection(sql, cipher, writing=writing)


_LOST_TO_ANOTHER = frozenset({"40001", "40P01"})
"""SQLSTATE of PostgreSQL: could not serialize, and deadlock. Nothing was kept: try again."""


def _failed(error: StatementError) -> StoreUnavailable:
    """Not in the driver's own words, which may quote a value or a password."""
    return StoreUnavailable(
        f"the database failed: {type(error.orig).__name__}",
        remedy="See that it runs, and that GATEWRIGHT_DATABASE_URL names it, if set.",
    )


@contextmanager
def our_errors() -> Iterator[None]:
    """Conflict for a broken constraint, InvalidInput for a value that no column can hold, and
    StoreUnavailable for the rest. No values in the text.
    """
    try:
        yield
    except IntegrityError as error:
        raise Conflict("it is stored already, or refers to what is not stored") from error
    except DataError:  # the driver's own words quote the value
        raise InvalidInput("the database cannot keep such a value") from None
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) in _LOST_TO_ANOTHER:
            raise Conflict("somebody else wrote at the same moment", remedy="Try again.") from error
        raise _failed(error) from error
    except PoolTimeout as error:
        raise StoreUnavailable(
            "no connection to the database became free", remedy="Try again."
        ) from error
    except StatementError as error:
        if isinstance(error.orig, GatewrightError):
            raise error.orig from None
        raise _failed(error) from error
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"the database failed: {type(error).__name__}") from error
