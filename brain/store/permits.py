"""Permits: each is spent once, for ever."""

from dataclasses import fields
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Table,
    bindparam,
    func,
    insert,
    select,
    update,
)

from brain.domain.identity import ChangeId, PermitId, PlanDigest, TenantId
from brain.domain.permit import Permit
from brain.store.columns import Moment, metadata, moment, words
from brain.store.repository import Repository, columns_of

permits = Table(
    "permits",
    metadata,
    words("id", key=True),
    words("tenant"),
    words("change"),
    words("device"),
    words("plan_digest"),
    words("policy_revision"),
    Column("fence", BigInteger, nullable=False),
    moment("minted_at"),
    moment("expires_at"),
    Column("signature", LargeBinary, nullable=False),
    Column("spent_at", Moment),
    ForeignKeyConstraint(["tenant", "change"], ["changes.tenant", "changes.id"]),
    Index(None, "tenant", "change"),
)
_add = insert(permits)
_spend = (
    update(permits)
    .where(permits.c.id == bindparam("permit"), permits.c.spent_at.is_(None))
    .values(spent_at=bindparam("at"))
)
_of_tenant = permits.c.tenant == bindparam("tenant")
_about = permits.c.change == bindparam("change")
_of_change = (
    select(*(permits.c[field.name] for field in fields(Permit)))
    .where(_of_tenant, _about)
    .order_by(permits.c.minted_at, permits.c.id)
)
_spent = select(func.count().label("n")).where(
    _of_tenant,
    _about,
    permits.c.plan_digest == bindparam("digest"),
    permits.c.spent_at.is_not(None),
)


class Permits(Repository):
    """Kept when minted; without a row there is nothing to spend."""

    __slots__ = ()

    async def add(self, permit: Permit) -> None:
        """Keep a minted permit, unspent. Conflict when it is kept, or there is no such change."""
        await self._db.run(_add, columns_of(permit))

    async def spend(self, permit: PermitId, at: datetime) -> bool:
        """Use it up. True once, for one caller; False ever after, and for one never kept."""
        return await self._db.run(_spend, {"permit": permit, "at": at}) == 1

    async def spent_for(self, tenant: TenantId, change: ChangeId, digest: PlanDigest) -> int:
        """How many permits for exactly this plan were spent: so often it may have been sent."""
        values = {"tenant": tenant, "change": change, "digest": digest}
        row = await self._db.row(_spent, values)
        return 0 if row is None else int(row.n)

    async def of_change(self, tenant: TenantId, change: ChangeId) -> list[Permit]:
        """The permits minted for one change, oldest first."""
        rows = await self._db.rows(_of_change, {"tenant": tenant, "change": change})
        return [Permit(**row._mapping) for row in rows]
