"""Alembic's environment: runs on the connection and in the transaction that it is handed."""

from alembic import context

from brain.store import key_check, transaction  # noqa: F401 - importing them names every table
from brain.store.columns import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
)
context.run_migrations()
