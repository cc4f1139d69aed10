"""One server at a time on a PostgreSQL database."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from brain.domain.errors import Conflict
from brain.store import only_server as module
from brain.store.engine import engines
from brain.store.only_server import only_server
from brain.store.store import Store

pytestmark = pytest.mark.postgres
_CUT_OFF = """
SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
WHERE l.locktype = 'advisory' AND l.granted AND d.datname = current_database()
"""


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(module, "PATIENCE", 0.3)


@pytest.fixture
async def engine(postgres_url: str) -> AsyncIterator[AsyncEngine]:
    made = engines(postgres_url).write
    yield made
    await made.dispose()


@pytest.fixture
async def other(postgres_url: str) -> AsyncIterator[AsyncEngine]:
    made = engines(postgres_url).write
    yield made
    await made.dispose()


def nobody_else() -> None:
    raise AssertionError("it was lost")


async def test_a_second_server_is_refused_and_may_begin_after_the_first(
    engine: AsyncEngine, other: AsyncEngine
) -> None:
    async with only_server(engine, lost=nobody_else):
        with pytest.raises(Conflict, match="another Gatewright works on this database"):
            async with only_server(other, lost=nobody_else):
                pass

    await asyncio.wait_for(_begin_and_end(other), 10)


async def test_one_that_is_just_ending_is_waited_for(
    engine: AsyncEngine, other: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 20)
    async with only_server(engine, lost=nobody_else):
        second = asyncio.create_task(_begin_and_end(other))
        await asyncio.sleep(0.3)
        assert not second.done()

    await asyncio.wait_for(second, 10)


async def test_a_lock_that_was_lost_with_its_connection_is_taken_again(
    engine: AsyncEngine, other: AsyncEngine, postgres_url: str
) -> None:
    async with only_server(engine, lost=nobody_else):
        await _cut_off(postgres_url)
        await asyncio.sleep(0.5)

        with pytest.raises(Conflict):
            async with only_server(other, lost=nobody_else):
                pass


async def test_who_finds_another_server_there_is_told_once(
    engine: AsyncEngine, postgres_url: str
) -> None:
    told = asyncio.Event()
    connected = await psycopg.AsyncConnection.connect(postgres_url, autocommit=True)
    async with only_server(engine, lost=told.set), connected as another:
        wait = asyncio.create_task(_take(another))
        await asyncio.sleep(0.1)
        await _cut_off(postgres_url)
        await wait
        assert await asyncio.wait_for(told.wait(), 10)


async def test_who_can_no_longer_look_counts_it_as_lost(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> bool:
        raise RuntimeError("whatever it is")

    told = asyncio.Event()
    monkeypatch.setattr(module._Seat, "_is_ours", broken)
    async with only_server(engine, lost=told.set):
        assert await asyncio.wait_for(told.wait(), 10)


async def test_on_sqlite_the_data_directory_is_what_is_locked(store: Store) -> None:
    async with store.only_server(lost=nobody_else), store.only_server(lost=nobody_else):
        assert await store.pending_migrations() == []


async def _begin_and_end(engine: AsyncEngine) -> None:
    async with only_server(engine, lost=nobody_else):
        pass


async def _take(connection: psycopg.AsyncConnection) -> None:
    await connection.execute("SELECT pg_advisory_lock(%s)", (module._KEY,))


async def _cut_off(url: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(_CUT_OFF)
