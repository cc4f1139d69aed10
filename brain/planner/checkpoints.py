"""Where planner threads are kept: in SQLite beside the store, or in the operator's PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

_POSTGRES = "postgresql"


def strict_serializer() -> JsonPlusSerializer:
    """One that builds nothing but plain values, whatever a checkpoint says it is.

    The library's own default imports and calls what a stored checkpoint names. The switch that it
    reads from the environment counts only when set before its first import; this always counts.
    """
    return JsonPlusSerializer(
        pickle_fallback=False, allowed_json_modules=None, allowed_msgpack_modules=None
    )


def in_memory() -> BaseCheckpointSaver[str]:
    """One that is gone with whoever holds it: for a run that must leave nothing behind."""
    return InMemorySaver(serde=strict_serializer())


@asynccontextmanager
async def open_checkpoints(url: str) -> AsyncIterator[BaseCheckpointSaver[str]]:
    """The checkpointer for a database: a path of SQLite, or a ``postgresql://`` URL."""
    if url.startswith(_POSTGRES):
        async with _postgres(url.replace("postgresql+psycopg", _POSTGRES, 1)) as saver:
            yield saver
        return
    async with AsyncSqliteSaver.from_conn_string(url) as saver:
        saver.serde = strict_serializer()
        await saver.setup()
        yield saver


@asynccontextmanager
async def _postgres(url: str) -> AsyncIterator[BaseCheckpointSaver[str]]:
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver  # an extra
    from psycopg_pool import AsyncConnectionPool

    # The library's own single connection is never made anew after the server was restarted.
    pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
        url,
        min_size=1,
        max_size=4,
        kwargs={"autocommit": True, "prepare_threshold": 0},
        check=AsyncConnectionPool.check_connection,
        open=False,
    )
    async with pool:
        saver = AsyncPostgresSaver(pool, serde=strict_serializer())
        await saver.setup()
        yield saver
