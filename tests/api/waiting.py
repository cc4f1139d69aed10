"""Two transactions of PostgreSQL at once: says when the second waits for the first."""

import asyncio

from sqlalchemy import text

from brain.store.store import Store

_WAITING = text(
    "SELECT count(*) AS number FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def until_it_waits(store: Store, second: "asyncio.Task[object]") -> None:
    """Until a transaction waits for a lock; an error when ``second`` came to its end without."""
    async with asyncio.timeout(20):
        while not second.done():
            async with store.read() as tx:
                row = await tx.principals._db.row(_WAITING)
            if row is not None and row.number:
                return
            await asyncio.sleep(0.01)
    raise AssertionError("it did not wait")
