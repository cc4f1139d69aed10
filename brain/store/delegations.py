"""Delegations: who stands in for whom. Sealed: a row of somebody else's making lends nothing."""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Index, Row, Table, bindparam, delete, insert, select

from brain.domain.absence import Delegation
from brain.domain.errors import Unreadable
from brain.domain.identity import TenantId
from brain.store.codec import Codec
from brain.store.columns import metadata, moment, sealed, words
from brain.store.repository import Repository

delegations = Table(
    "delegations",
    metadata,
    words("tenant", key=True),
    words("id", key=True),
    moment("ends_at"),
    sealed("sealed"),
    Index(None, "tenant", "ends_at"),
)
_codec = Codec(Delegation, "delegation")
_log = structlog.get_logger(__name__)
_add = insert(delegations)
_ends_after = (
    select(delegations)
    .where(delegations.c.tenant == bindparam("tenant"), delegations.c.ends_at > bindparam("now"))
    .order_by(delegations.c.ends_at, delegations.c.id)
)
_remove = delete(delegations).where(
    delegations.c.tenant == bindparam("tenant"), delegations.c.id == bindparam("id")
)


class Delegations(Repository):
    """Each ends by itself; ended earlier, it is taken out, and the audit trail keeps it."""

    __slots__ = ()

    async def add(self, delegation: Delegation) -> None:
        """Keep it. Conflict when there is one of its id."""
        tenant, known = delegation.tenant, delegation.id
        values = {
            "tenant": tenant,
            "id": known,
            "ends_at": delegation.span.ends_at,
            "sealed": self._seal(_codec, delegation, "delegations", tenant, known),
        }
        await self._db.run(_add, values)

    async def not_over(self, tenant: TenantId, now: datetime) -> list[Delegation]:
        """Those that end after ``now``, also what has not begun, the first to end first."""
        rows = await self._db.rows(_ends_after, {"tenant": tenant, "now": now})
        opened = [each for row in rows if (each := self._opened(row)) is not None]
        return [each for each in opened if now < each.span.ends_at]

    async def remove(self, tenant: TenantId, delegation: str) -> None:
        """End it now."""
        await self._db.run(_remove, {"tenant": tenant, "id": delegation})

    def _opened(self, row: Row[Any]) -> Delegation | None:
        try:
            return self._open(_codec, row.sealed, "delegations", row.tenant, row.id)
        except Unreadable as error:
            _log.error("delegation_unreadable", delegation=row.id, why=str(error))
            return None
