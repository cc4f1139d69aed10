"""Alembic, run in process: the migrations are part of the package."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

_LOCATION = "brain.store:migrations"  # Alembic finds it through importlib.resources
_LOCK = 7_547_181_369


def upgrade(connection: Connection) -> None:
    """Bring the schema to the newest revision, in the caller's transaction: whole or not at all.

    Two processes that start together do not meet: SQLite's BEGIN IMMEDIATE and, here, an advisory
    lock of PostgreSQL let one go first.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def pending(connection: Connection) -> list[str]:
    """The revisions that have not been applied yet, oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    applied = MigrationContext.configure(connection).get_current_heads()
    waiting = scripts.iterate_revisions("heads", applied or "base")
    return [script.revision for script in waiting][::-1]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", _LOCATION)
    return config
