"""Audit rows follow each other, and the database itself refuses to alter them."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from brain.domain.audit import AuditHead, AuditRecord
from brain.domain.errors import Conflict, StoreUnavailable
from brain.domain.identity import TenantId
from brain.store.store import Store

TENANT = TenantId("north")
FIRST = AuditRecord(
    tenant=TENANT,
    seq=1,
    at=datetime(2026, 1, 1, 12, 0, 0, 123456, tzinfo=UTC),
    actor="ana",
    kind="change.approved",
    payload='{"name":"Žofie"}',
    prev_hash="",
    hash="h1",
)
SECOND = replace(FIRST, seq=2, prev_hash="h1", hash="h2")


async def test_entries_come_back_as_they_were_and_in_order(any_store: Store) -> None:
    async with any_store.begin() as tx:
        await tx.audit.append(FIRST, b"s1")
        await tx.audit.append(SECOND, b"s2")

    async with any_store.read() as tx:
        assert await tx.audit.range(TENANT) == [FIRST, SECOND]
        assert await tx.audit.range(TENANT, after_seq=1) == [SECOND]
        assert await tx.audit.range(TENANT, limit=1) == [FIRST]
        assert await tx.audit.head(TENANT) == AuditHead(
            tenant=TENANT, seq=2, hash="h2", signature=b"s2"
        )


async def test_an_empty_chain_has_no_head(any_store: Store) -> None:
    async with any_store.begin() as tx:
        assert await tx.audit.head(TENANT) is None
    async with any_store.read() as tx:
        assert await tx.audit.head(TENANT) is None


@pytest.mark.parametrize("seq", [1, 3])
async def test_an_entry_that_does_not_follow_the_last_is_refused(
    any_store: Store, seq: int
) -> None:
    async with any_store.begin() as tx:
        await tx.audit.append(FIRST, b"s1")

    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.audit.append(replace(FIRST, seq=seq), b"s")

    async with any_store.read() as tx:
        assert await tx.audit.range(TENANT) == [FIRST]


async def test_those_who_append_at_once_queue_up(any_store: Store) -> None:
    async def append() -> None:
        async with any_store.begin() as tx:
            head = await tx.audit.head(TENANT)
            seq = head.seq + 1 if head else 1
            await asyncio.sleep(0.001)
            await tx.audit.append(replace(FIRST, seq=seq, hash=f"h{seq}"), b"s")

    await asyncio.gather(*(append() for _ in range(12)))

    async with any_store.read() as tx:
        assert [record.seq for record in await tx.audit.range(TENANT)] == list(range(1, 13))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_records SET payload = '{}'",
        "DELETE FROM audit_records",
        "DELETE FROM audit_heads",
    ],
)
async def test_the_database_refuses_to_alter_or_remove(any_store: Store, statement: str) -> None:
    async with any_store.begin() as tx:
        await tx.audit.append(FIRST, b"s1")

    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.audit._db.run(text(statement))

    async with any_store.read() as tx:
        assert await tx.audit.range(TENANT) == [FIRST]


async def test_sqlite_refuses_to_replace_an_entry(store: Store) -> None:
    async with store.begin() as tx:
        await tx.audit.append(FIRST, b"s1")

    with pytest.raises(Conflict):
        async with store.begin() as tx:
            await tx.audit._db.run(
                text("INSERT OR REPLACE INTO audit_records SELECT * FROM audit_records")
            )


async def test_postgres_refuses_to_empty_the_chain(postgres_store: Store) -> None:
    async with postgres_store.begin() as tx:
        await tx.audit.append(FIRST, b"s1")

    with pytest.raises(Conflict):
        async with postgres_store.begin() as tx:
            await tx.audit._db.run(text("TRUNCATE audit_records"))


async def test_a_read_only_transaction_cannot_write(any_store: Store) -> None:
    with pytest.raises(StoreUnavailable):
        async with any_store.read() as tx:
            await tx.audit.append(FIRST, b"s1")

    async with any_store.read() as tx:
        assert await tx.audit.range(TENANT) == []
