"""The audit chain's rows: only ever added. The chain itself is made in ``brain.ledger.audit``."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    LargeBinary,
    Table,
    Text,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.types import TypeDecorator

from brain.domain.audit import AuditHead, AuditRecord
from brain.domain.canonical import jsonable
from brain.domain.errors import Conflict, Unreadable
from brain.domain.identity import TenantId
from brain.store.columns import metadata, words
from brain.store.repository import Repository, columns_of, insert_for


class Stamp(TypeDecorator[datetime]):
    """A time as the text it is hashed as: a DATETIME column would read altered text alike."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Canonical: ISO 8601 in UTC."""
        return None if value is None else str(jsonable(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """UTC, aware; Unreadable for text in any other form."""
        try:
            time = None if value is None else datetime.fromisoformat(value)
        except (ValueError, TypeError) as error:
            raise Unreadable("the time of an audit entry is none") from error
        if jsonable(time) != value:
            raise Unreadable("the time of an audit entry is not as it was written")
        return time


records = Table(
    "audit_records",
    metadata,
    words("tenant", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Stamp, nullable=False),
    words("actor"),
    words("kind"),
    words("payload"),
    words("prev_hash"),
    words("hash"),
)
heads = Table(
    "audit_heads",
    metadata,
    words("tenant", key=True),
    Column("seq", BigInteger, nullable=False),
    words("hash"),
    Column("signature", LargeBinary, nullable=False),
)

_head = select(heads).where(heads.c.tenant == bindparam("tenant"))
_head_locked = _head.with_for_update()
_add = insert(records)
_move = (
    update(heads)
    .where(heads.c.tenant == bindparam("of"), heads.c.seq == bindparam("last"))
    .values(seq=bindparam("seq"), hash=bindparam("hash"), signature=bindparam("signature"))
)
_sign = (
    update(heads)
    .where(heads.c.tenant == bindparam("of"), heads.c.seq == bindparam("last"))
    .values(signature=bindparam("signature"))
)
_tenants = select(heads.c.tenant).where(heads.c.seq > 0).order_by(heads.c.tenant)
_range = (
    select(records)
    .where(records.c.tenant == bindparam("tenant"), records.c.seq > bindparam("after"))
    .order_by(records.c.seq)
    .limit(bindparam("count"))
)
_of_kind = (
    select(records.c.seq)
    .where(
        records.c.tenant == bindparam("tenant"),
        records.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .limit(1)
)


class Audit(Repository):
    """Append-only: the database itself refuses to change or remove a record."""

    __slots__ = ()

    async def head(self, tenant: TenantId) -> AuditHead | None:
        """The newest entry, or None before the first.

        In a read-write transaction it is locked until the end, so that those who append to one
        tenant's chain queue up.
        """
        if not self._db.writing:
            row = await self._db.row(_head, {"tenant": tenant})
        else:
            row = await self._db.row(_head_locked, {"tenant": tenant})
            if row is None:
                await self._first(tenant)
                row = await self._db.row(_head_locked, {"tenant": tenant})
        return AuditHead(**row._mapping) if row is not None and row.seq else None

    async def append(self, record: AuditRecord, signature: bytes) -> None:
        """Add the entry that follows the head and move the head to it; Conflict for any other."""
        if record.seq == 1:
            await self._first(record.tenant)
        moved = await self._db.run(
            _move,
            {
                "of": record.tenant,
                "last": record.seq - 1,
                "seq": record.seq,
                "hash": record.hash,
                "signature": signature,
            },
        )
        if moved != 1:
            raise Conflict(f"audit entry {record.seq} does not follow the last one")
        await self._db.run(_add, columns_of(record))

    async def sign_head(self, head: AuditHead, signature: bytes) -> None:
        """Another signature for the newest entry; Conflict when it is no longer the newest."""
        values = {"of": head.tenant, "last": head.seq, "signature": signature}
        if await self._db.run(_sign, values) != 1:
            raise Conflict(f"audit entry {head.seq} is not the newest any more")

    async def tenants(self) -> list[TenantId]:
        """Whoever has a trail."""
        return [row.tenant for row in await self._db.rows(_tenants)]

    async def range(
        self, tenant: TenantId, after_seq: int = 0, limit: int = 1000
    ) -> list[AuditRecord]:
        """The entries after ``after_seq``, in order."""
        values = {"tenant": tenant, "after": after_seq, "count": limit}
        rows = await self._db.rows(_range, values)
        return [AuditRecord(**row._mapping) for row in rows]

    async def holds(self, tenant: TenantId, kinds: Collection[str]) -> bool:
        """Whether there is an entry of one of these kinds."""
        values = {"tenant": tenant, "kinds": tuple(kinds)}
        return await self._db.row(_of_kind, values) is not None

    async def _first(self, tenant: TenantId) -> None:
        """A head that counts 0, so that there is a row to lock before the first entry."""
        statement = insert_for(heads, self._db.dialect).on_conflict_do_nothing()
        await self._db.run(statement, {"tenant": tenant, "seq": 0, "hash": "", "signature": b""})
