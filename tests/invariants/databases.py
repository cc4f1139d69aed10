"""Fresh databases, cheaply: a copied file, or one PostgreSQL emptied between examples."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg

from brain.store.cipher import Cipher
from brain.store.store import Store

KEY = bytes(range(32))


class Databases(Protocol):
    """Where the examples of a machine live, one after the other."""

    def fresh(self) -> str:
        """The URL of a migrated and empty database; the one before is gone."""

    def tamper(self, *statements: str) -> int:
        """Run SQL as the owner of the database could, past every trigger; how many rows it hit."""


@dataclass
class Files:
    """SQLite: one migrated file, copied for each example."""

    folder: Path

    def __post_init__(self) -> None:
        """Migrate once."""
        self.template = self.folder / "empty.db"
        self.file = self.folder / "gatewright.db"
        asyncio.run(migrated(f"sqlite:///{self.template}"))

    def fresh(self) -> str:
        for old in self.folder.glob(f"{self.file.name}*"):
            old.unlink()
        shutil.copy(self.template, self.file)
        return f"sqlite:///{self.file}"

    def tamper(self, *statements: str) -> int:
        with closing(sqlite3.connect(self.file, isolation_level=None)) as raw:
            kept = raw.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall()
            raw.execute("BEGIN IMMEDIATE")
            for name, _ in kept:
                raw.execute(f"DROP TRIGGER {name}")
            hit = sum(max(raw.execute(each).rowcount, 0) for each in statements)
            for _, sql in kept:
                raw.execute(sql)
            raw.execute("COMMIT")
        return hit


@dataclass
class Postgres:
    """One database, whose tables are emptied for each example."""

    server: str

    def __post_init__(self) -> None:
        """Make and migrate it once, and remember which tables hold rows of their own."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS invariants WITH (FORCE)")
            connection.execute("CREATE DATABASE invariants")
        self.url = self.server.replace("/postgres?", "/invariants?")
        asyncio.run(migrated(self.url))
        with psycopg.connect(self.url) as connection:
            found = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
        self.tables = sorted(
            name for (name,) in found if name not in {"alembic_version", "key_checks"}
        )

    def fresh(self) -> str:
        self.tamper(*(f"DELETE FROM {name}" for name in self.tables))
        return self.url

    def tamper(self, *statements: str) -> int:
        with psycopg.connect(self.url) as connection:
            connection.execute("SET session_replication_role = replica")
            return sum(max(connection.execute(each).rowcount, 0) for each in statements)


async def migrated(url: str) -> None:
    """Bring the schema up to date."""
    store = await Store.open(url, Cipher(KEY))
    try:
        await store.migrate()
    finally:
        await store.close()
