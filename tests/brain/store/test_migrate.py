"""Migrations make the very tables that the code works with, once, on both databases."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect

from brain.domain.identity import NodeId, TenantId
from brain.domain.topology import AccessNode, NodeKind
from brain.store.cipher import Cipher
from brain.store.columns import metadata
from brain.store.store import Store


def _differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_the_migrated_database_and_the_tables_agree(any_store: Store) -> None:
    async with any_store._engines.read.connect() as connection:
        assert await connection.run_sync(_differences) == []
        tables = await connection.run_sync(_tables)

    assert tables == {*metadata.tables, "alembic_version"}


async def test_every_row_names_its_tenant() -> None:
    without = {name for name, table in metadata.tables.items() if "tenant" not in table.c}

    assert len(metadata.tables) > 20
    assert without == {"guesses"}  # whoever guesses has not said who they are
    for name in metadata.tables.keys() - without:
        assert not metadata.tables[name].c.tenant.nullable, name


async def test_migrating_again_changes_nothing(any_store: Store) -> None:
    node = AccessNode(id=NodeId("olt"), tenant=TenantId("north"), kind=NodeKind.OLT, name="OLT")
    async with any_store.begin() as tx:
        await tx.nodes.put(node)

    await any_store.migrate()

    assert await any_store.pending_migrations() == []
    async with any_store.read() as tx:
        assert await tx.nodes.list(TenantId("north")) == [node]


async def test_an_empty_database_lacks_every_migration(tmp_path: Path, cipher: Cipher) -> None:
    store = await Store.open(f"sqlite:///{tmp_path / 'new.db'}", cipher)

    before = await store.pending_migrations()
    await store.migrate()
    after = await store.pending_migrations()
    await store.close()

    assert before[:2] == ["0001", "0002"]
    assert after == []
