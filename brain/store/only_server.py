"""One server on a PostgreSQL database: a second one would go on with the rules it began with.

The lock is a session's: it goes with the connection, however that ends. A connection that breaks
is made anew, and the lock taken again unless somebody else has it by then.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import structlog
from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from brain.domain.errors import Conflict
from brain.store.connection import our_errors

LOOK_EVERY = 5.0
"""Seconds between two looks at whether the lock is still ours."""
PATIENCE = 10.0
"""Seconds in which the lock of a server that was killed should be free."""
_log = structlog.get_logger(__name__)
_AGAIN = 0.2
_KEY = 0x6761_7465
_take = select(func.pg_try_advisory_lock(bindparam("key")))
_leave = select(func.pg_advisory_unlock(bindparam("key")))
_alive = select(1)


@dataclass(slots=True)
class _Seat:
    engine: AsyncEngine
    _held: AsyncConnection | None = field(default=None, init=False)

    async def take(self) -> bool:
        """Whether it is ours, after waiting for one that is just ending."""
        until = asyncio.get_running_loop().time() + PATIENCE
        while not await self._try():
            if asyncio.get_running_loop().time() >= until:
                return False
            await asyncio.sleep(_AGAIN)
        return True

    async def keep(self) -> None:
        """Return once somebody else has it."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                if not await self._is_ours() and not await self.take():
                    return
            except SQLAlchemyError:  # nobody writes while the database is away: look again
                continue

    async def leave(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            with suppress(SQLAlchemyError):
                await held.execute(_leave, {"key": _KEY})
            await held.invalidate()
            await held.close()

    async def _is_ours(self) -> bool:
        try:
            if self._held is not None:
                await self._held.execute(_alive)
                return True
        except SQLAlchemyError:
            await self.leave()
        return False

    async def _try(self) -> bool:
        connection = await self.engine.connect()
        try:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            if await connection.scalar(_take, {"key": _KEY}):
                self._held = connection
                return True
            return False
        finally:
            if self._held is not connection:
                await connection.close()


@asynccontextmanager
async def only_server(engine: AsyncEngine, *, lost: Callable[[], None]) -> AsyncIterator[None]:
    """Hold the database for as long as the block lasts; SQLite's file is its data directory's.

    Raises Conflict when another server has it. ``lost`` is called once when one has it later on.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    seat = _Seat(engine)
    with our_errors():
        ours = await seat.take()
    if not ours:
        raise Conflict(
            "another Gatewright works on this database",
            field="GATEWRIGHT_DATABASE_URL",
            remedy="Stop that one, or name another database.",
        )
    keeper = asyncio.create_task(_keep(seat, lost))
    try:
        yield
    finally:
        keeper.cancel()
        await asyncio.wait({keeper})
        await seat.leave()


async def _keep(seat: _Seat, lost: Callable[[], None]) -> None:
    try:
        await seat.keep()
    except Exception:  # noqa: BLE001 - whoever cannot tell that it has the database has lost it
        _log.exception("database_not_watched")
    lost()
