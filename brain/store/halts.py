"""Halts: a kill switch for each tenant."""

from datetime import datetime

from sqlalchemy import Boolean, Column, Table, bindparam, select

from brain.domain.identity import PrincipalId, TenantId
from brain.store.columns import metadata, moment, words
from brain.store.repository import Repository

halts = Table(
    "halts",
    metadata,
    words("tenant", key=True),
    Column("halted", Boolean, nullable=False),
    words("by"),
    moment("at"),
)
_get = select(halts.c.halted).where(halts.c.tenant == bindparam("tenant"))


class Halts(Repository):
    """Off until somebody throws it; then on until somebody takes it back."""

    __slots__ = ()

    async def is_halted(self, tenant: TenantId) -> bool:
        """Whether nothing may be carried out for this tenant."""
        row = await self._db.row(_get, {"tenant": tenant})
        return row is not None and bool(row.halted)

    async def set(self, tenant: TenantId, halted: bool, by: PrincipalId, at: datetime) -> None:
        """Throw the switch, or take it back."""
        await self._upsert(halts, {"tenant": tenant, "halted": halted, "by": by, "at": at})
