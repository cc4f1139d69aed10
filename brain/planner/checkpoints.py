"""Where planner threads are kept: in SQLite beside the store, or in the operator's PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from langgraph.checkpoint.base import BaseCheckpointSaver
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


@asynccontextmanager
async def open_checkpoints(url: str) -> AsyncIterator[BaseCheckpointSaver[str]]:
    """The checkpointer for a database: a path of SQLite, or a ``postgresql://`` URL."""
    if url.startswith(_POSTGRES):
        from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

        plain = url.replace("postgresql+psycopg", _POSTGRES, 1)
        async with AsyncPostgresSaver.from_conn_string(plain, serde=strict_serializer()) as saver:
            await saver.setup()
            yield saver
        return
    async with AsyncSqliteSaver.from_conn_string(url) as saver:
        saver.serde = strict_serializer()
        await saver.setup()
        yield saver
