"""Halts: a kill switch for each tenant."""

from datetime import datetime

from sqlalchemy import Boolean, Column, Executable, Table, bindparam, func, select

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
_PURPOSE = 0x6861_6C74  # of all that may lock by this tenant's name
_name = func.hashtextextended(bindparam("tenant"), bindparam("purpose"))
_nobody_turns_it = select(func.pg_advisory_xact_lock_shared(_name))
_nobody_looks = select(func.pg_advisory_xact_lock(_name))
_get = select(halts.c.halted).where(halts.c.tenant == bindparam("tenant"))


class Halts(Repository):
    """Off until somebody throws it; then on until somebody takes it back."""

    __slots__ = ()

    async def is_halted(self, tenant: TenantId) -> bool:
        """Whether nothing may be carried out for this tenant.

        Asked in a transaction that writes, it stays so until that ends: whoever turns the switch
        waits for it. On SQLite writers take turns anyhow.
        """
        if self._db.writing:
            await self._lock(_nobody_turns_it, tenant)
        row = await self._db.row(_get, {"tenant": tenant})
        return row is not None and bool(row.halted)

    async def set(self, tenant: TenantId, halted: bool, by: PrincipalId, at: datetime) -> None:
        """Throw the switch, or take it back, after all who look at it in order to write."""
        await self._lock(_nobody_looks, tenant)
        await self._upsert(halts, {"tenant": tenant, "halted": halted, "by": by, "at": at})

    async def _lock(self, how: Executable, tenant: TenantId) -> None:
        if self._db.dialect == "postgresql":
            await self._db.row(how, {"tenant": tenant, "purpose": _PURPOSE})
