"""Alembic, run in process: the migrations are part of the package."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import Connection, text

from brain.domain.errors import StoreUnavailable
from brain.store.cipher import Cipher

_LOCATION = "brain.store:migrations"  # Alembic finds it through importlib.resources
_LOCK = 7_547_181_369


def upgrade(connection: Connection, cipher: Cipher) -> None:
    """Bring the schema to the newest revision, in the caller's transaction: whole or not at all.

    Two processes that start together do not meet: SQLite's BEGIN IMMEDIATE and, here, an advisory
    lock of PostgreSQL let one go first. StoreUnavailable when a newer version migrated it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    config = _config()
    config.attributes["connection"] = connection
    config.attributes["cipher"] = cipher  # for what is sealed on the way
    with _known_revisions():
        command.upgrade(config, "head")


def pending(connection: Connection) -> list[str]:
    """The revisions that have not been applied yet, oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    applied = MigrationContext.configure(connection).get_current_heads()
    with _known_revisions():
        waiting = scripts.iterate_revisions("heads", applied or "base")
        return [script.revision for script in waiting][::-1]


@contextmanager
def _known_revisions() -> Iterator[None]:
    try:
        yield
    except (CommandError, RevisionError) as error:
        raise StoreUnavailable(
            "the database has a schema that this version does not know",
            remedy="Start the version that migrated it, or restore a backup from before.",
        ) from error


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", _LOCATION)
    return config
