"""What tests of every room share: a store, a clock that is set by hand, ids that repeat."""

import asyncio
import os
import shutil
import warnings
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import uuid4

import psycopg
import pytest

from brain.domain.ports import NewId
from brain.store.cipher import Cipher
from brain.store.store import Store

KEY = bytes(range(32))


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def set(self, now: datetime) -> None:
        self.now = now.astimezone(UTC)

    def advance(self, by: timedelta = timedelta(), **parts: float) -> datetime:
        """Move on by a timedelta, or by its parts: ``clock.advance(minutes=5)``."""
        self.now += by + timedelta(**parts)
        return self.now


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 1, 1, 12, 0, tzinfo=UTC))


@pytest.fixture
def new_id() -> NewId:
    """Counts up: ``chg_00000000000000000000000001``."""
    count = 0

    def number(prefix: str) -> str:
        nonlocal count
        count += 1
        return f"{prefix}_{count:026d}"

    return number


@pytest.fixture
def key() -> bytes:
    """The key of every store in these tests."""
    return KEY


@pytest.fixture
def cipher(key: bytes) -> Cipher:
    return Cipher(key)


@pytest.fixture(scope="session")
def _empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy, since migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("store") / "empty.db"
    asyncio.run(_migrate(f"sqlite:///{file}"))
    return file


async def _migrate(url: str) -> None:
    store = await Store.open(url, Cipher(KEY))
    try:
        await store.migrate()
    finally:
        await store.close()


@pytest.fixture
async def store(tmp_path: Path, _empty_database: Path, cipher: Cipher) -> AsyncIterator[Store]:
    """A migrated, empty store in a SQLite file."""
    file = tmp_path / "gatewright.db"
    shutil.copy(_empty_database, file)
    store = await Store.open(f"sqlite:///{file}", cipher)
    yield store
    await store.close()


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of our own for the session, as a URL for psycopg and for ``Store.open``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR
            from pgserver.postgres_server import get_server

            server = get_server(tmp_path_factory.mktemp("postgres"))
    except Exception as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"PostgreSQL does not start here: {error}")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def _empty_postgres(postgres_url: str) -> str:
    """The name of a migrated database to copy."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE empty")
    asyncio.run(_migrate(_named(postgres_url, "empty")))
    return "empty"


@pytest.fixture
async def postgres_store(
    postgres_url: str, _empty_postgres: str, cipher: Cipher
) -> AsyncIterator[Store]:
    """A migrated, empty store in a PostgreSQL database of its own."""
    name = f"t{uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {_empty_postgres}")
        store = await Store.open(_named(postgres_url, name), cipher)
        yield store
        await store.close()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _named(url: str, database: str) -> str:
    return url.replace("/postgres?", f"/{database}?")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def any_new_store(
    request: pytest.FixtureRequest, tmp_path: Path, cipher: Cipher
) -> AsyncIterator[Store]:
    """A store on each of the databases with nothing in it, not even tables."""
    if request.param == "sqlite":
        store = await Store.open(f"sqlite:///{tmp_path / 'new.db'}", cipher)
        yield store
        await store.close()
        return
    url: str = request.getfixturevalue("postgres_url")
    name = f"t{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        store = await Store.open(_named(url, name), cipher)
        yield store
        await store.close()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_store(request: pytest.FixtureRequest) -> Store:
    """A store on each of the databases, one after the other."""
    kind: Literal["sqlite", "postgres"] = request.param
    store: Store = request.getfixturevalue("store" if kind == "sqlite" else "postgres_store")
    return store
