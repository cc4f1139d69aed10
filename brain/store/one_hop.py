"""SQLite with one trip to its thread a statement, or with none.

aiosqlite goes there and back for the cursor, for the statement, for its rows and for the end of the
cursor. Measured, those trips were half the time from a proposal to its permit.

And in the thread each row is a moment without Python's lock, which a busy event loop takes and
gives back only when it likes: an Inform among others took six changes of thread to store. A brief
transaction goes to the thread for what may take long, its beginning and its end, and is else
carried out here, with a turn for everybody else every few milliseconds.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

import aiosqlite

_HELD = 0.01
"""Seconds that the event loop is held at a time."""
_Work = Callable[[sqlite3.Cursor], object]


async def connect(file: str) -> aiosqlite.Connection:
    """A connection for SQLAlchemy's adapter of aiosqlite."""
    # Not in two threads at once: what it is asked here is asked between two trips to its thread.
    connection = _Connection(
        lambda: sqlite3.connect(file, check_same_thread=False), iter_chunk_size=64
    )
    # Before aiosqlite 0.22 it was a thread itself. As SQLAlchemy has it: a process may end without
    # closing its store.
    thread: Any = getattr(connection, "_thread", connection)
    thread.daemon = True
    return await connection


@contextmanager
def here(connection: object) -> Iterator[None]:
    """Carry out its statements in the thread of the event loop, if it is one of SQLite's.

    Others wait for each: it has to be one that takes a moment, in a transaction that has begun. Of
    many together one goes to the connection's thread every ``_HELD`` seconds, and others go on.
    """
    if not isinstance(connection, _Connection):
        yield
        return
    connection.here_until = monotonic() + _HELD
    try:
        yield
    finally:
        connection.here_until = None


class _Connection(aiosqlite.Connection):
    here_until: float | None = None
    """On the monotonic clock; None: all goes to the thread."""

    def cursor(self) -> "_Cursor":  # type: ignore[override]  # all that SQLAlchemy uses of one
        return _Cursor(self)

    async def worked(self, work: _Work) -> None:
        """Do this to a new cursor: here, or in the thread that this connection lives in."""
        if self.here_until is not None and monotonic() < self.here_until:
            self._work(work)
            return
        await self._execute(self._work, work)  # type: ignore[no-untyped-call]
        if self.here_until is not None:
            self.here_until = monotonic() + _HELD

    def _work(self, work: _Work) -> None:
        cursor = self._conn.cursor()
        try:
            work(cursor)
        finally:
            cursor.close()


class _Cursor:
    """A cursor whose rows are here when the statement is done."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> "_Cursor":
        return self

    async def execute(self, statement: str, values: Sequence[Any] = ()) -> None:
        await self._connection.worked(lambda at: self._take(at.execute(statement, values)))

    async def executemany(self, statement: str, values: Sequence[Sequence[Any]]) -> None:
        await self._connection.worked(lambda at: self._take(at.executemany(statement, values)))

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []

    def _take(self, done: sqlite3.Cursor) -> None:
        self.description = done.description
        self._rows = done.fetchall() if done.description else []
        self.rowcount = done.rowcount
        self.lastrowid = done.lastrowid
