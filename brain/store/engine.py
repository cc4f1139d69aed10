"""The engines below the store: SQLite by default, PostgreSQL for large installations."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, AsyncAdaptedQueuePool, Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from brain.domain.errors import InvalidInput, StoreUnavailable
from brain.store.one_hop import connect

WAIT_SECONDS = 30
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # In WAL mode NORMAL leaves the last commits in the page cache: after a power cut an approval
    # would be gone that a person was told is kept, or a permit unspent that was carried out.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """One to write through and one to read through; with PostgreSQL both share the pool."""

    write: AsyncEngine
    read: AsyncEngine

    async def dispose(self) -> None:
        """Close every connection."""
        await self.read.dispose()
        await self.write.dispose()


def engines(url: str) -> Engines:
    """Engines for this database URL, or InvalidInput for one that is neither of the two."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    try:
        return _postgres(parsed)
    except ModuleNotFoundError:  # an extra that not everyone has
        raise InvalidInput(
            "PostgreSQL needs the extra postgres",
            field="GATEWRIGHT_DATABASE_URL",
            remedy="Run: pip install 'gatewright[postgres]', or unset it.",
        ) from None


def _parsed(url: str) -> URL:
    remedy = "Use sqlite:///FILE or postgresql://USER@HOST/NAME."
    try:
        parsed = make_url(url)
    except ArgumentError as error:  # its text may hold the password
        raise InvalidInput("not a database URL", field="url", remedy=remedy) from error
    driver = _DRIVERS.get(parsed.get_backend_name())
    if driver is None:
        raise InvalidInput("not a database this runs on", field="url", remedy=remedy)
    return parsed.set(drivername=driver)


def _sqlite(url: URL) -> Engines:
    if sqlite3.sqlite_version_info < (3, 35):  # the first with RETURNING
        raise StoreUnavailable(
            "SQLite is too old", remedy="Use a Python with SQLite 3.35 or newer."
        )
    if not url.database or url.database == ":memory:":
        raise InvalidInput("a database in memory forgets", field="url", remedy="Name a file.")
    file = url.database
    _only_for_us(Path(file))
    # SQLite has one writer at a time. One connection makes writers of this process queue in order
    # instead of polling for the lock; other processes are waited for with busy_timeout.
    write = _pooled(url, pool_size=1, max_overflow=0, async_creator=lambda: connect(file))
    read = _pooled(url, pool_size=4, max_overflow=4, async_creator=lambda: connect(file))
    _prepare(write, "BEGIN IMMEDIATE", _PRAGMAS)
    _prepare(read, "BEGIN", (*_PRAGMAS, "PRAGMA query_only=ON"))
    return Engines(write=write, read=read)


def _postgres(url: URL) -> Engines:
    write = _pooled(
        url,
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        connect_args={"options": f"-c timezone=UTC -c lock_timeout={WAIT_SECONDS}s"},
    )
    # One BEGIN says both; repeatable read gives what SQLite gives: every query sees one moment.
    read = write.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(write=write, read=read)


def _pooled(url: URL, **options: Any) -> AsyncEngine:  # the options of create_async_engine
    return create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_timeout=WAIT_SECONDS,
        hide_parameters=True,  # parameters are subscribers' data
        **options,
    )


def _prepare(engine: AsyncEngine, begin: str, pragmas: tuple[str, ...]) -> None:
    """Pragmas once a connection; and BEGIN said by us, for the driver would begin too late."""

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _record: object) -> None:  # the driver's own, untyped
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _only_for_us(file: Path) -> None:
    """Make the file, readable to its owner only; SQLite gives the files beside it the same mode."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnavailable(
            f"the database file cannot be opened: {error.strerror}",
            remedy="Check the path and who may write there.",
        ) from error
