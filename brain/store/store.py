"""The store: opens the database, brings its schema up to date, hands out transactions."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from brain.store.cipher import Cipher
from brain.store.connection import Connection, our_errors, transaction
from brain.store.engine import Engines, engines
from brain.store.key_check import KeyCheck
from brain.store.migrate import pending, upgrade
from brain.store.only_server import only_server
from brain.store.transaction import Transaction


class Store:
    """One database. Open it once in a process and use it from one event loop.

    Its errors: Conflict when a constraint was broken, StoreUnavailable when the database does not
    answer, Unreadable when what it answers cannot be trusted.
    """

    def __init__(self, engines: Engines, cipher: Cipher) -> None:
        self._engines = engines
        self._cipher = cipher
        self.events_came = asyncio.Event()
        """Set when events for the rules were committed here; whoever reads them clears it."""

    @classmethod
    async def open(cls, url: str, cipher: Cipher) -> "Store":
        """Connect to ``sqlite:///FILE`` or ``postgresql://USER@HOST/NAME``.

        InvalidInput for another URL, StoreUnavailable when nobody answers there, Unreadable when
        its data was written under another key. A SQLite file that does not exist is made, readable
        to its owner only. The schema is left as it is.
        """
        store = cls(engines(url), cipher)
        try:
            async with transaction(store._engines.read, cipher, writing=False) as connection:
                await KeyCheck(connection).verify()
            return store
        except BaseException:
            await store.close()
            raise

    async def close(self) -> None:
        """Close every connection."""
        await self._engines.dispose()

    def only_server(self, *, lost: Callable[[], None]) -> AbstractAsyncContextManager[None]:
        """Hold the database as its one server; see ``brain.store.only_server``."""
        return only_server(self._engines.write, lost=lost)

    @asynccontextmanager
    async def begin(self, *, brief: bool = False) -> AsyncIterator[Transaction]:
        """A read-write transaction: committed at the end, rolled back on any error.

        On SQLite writers take turns, so do not begin another one inside, and await nothing inside
        but the store. ``brief``: all of its statements find a few rows by their keys; on SQLite
        they are carried out by the event loop, some milliseconds at a time.
        """
        async with transaction(
            self._engines.write, self._cipher, writing=True, brief=brief
        ) as connection:
            made = Transaction(connection)
            yield made
        if made.unread_events.added:  # not before: whoever looks then finds them
            self.events_came.set()

    @asynccontextmanager
    async def read(self, *, brief: bool = False) -> AsyncIterator[Transaction]:
        """A read-only transaction that sees one moment of the database; writing in it fails.

        ``brief`` as for ``begin``.
        """
        async with transaction(
            self._engines.read, self._cipher, writing=False, brief=brief
        ) as connection:
            yield Transaction(connection)

    async def migrate(self) -> None:
        """Bring the schema up to date, whole or not at all; nothing changes when it is.

        From then on the data is under the newest key that the cipher was given.
        """
        with our_errors():
            async with self._engines.write.begin() as connection:
                await connection.run_sync(upgrade, self._cipher)
                await KeyCheck(Connection(connection, self._cipher, writing=True)).renew()

    async def pending_migrations(self) -> list[str]:
        """The revisions that the database still lacks, oldest first."""
        with our_errors():
            async with self._engines.read.connect() as connection:
                return await connection.run_sync(pending)
