"""Absences: who is away, and until when. Sealed, for when somebody is away is their own affair."""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Index, Row, Table, bindparam, delete, insert, select

from brain.domain.absence import Absence
from brain.domain.errors import Unreadable
from brain.domain.identity import TenantId
from brain.store.codec import Codec
from brain.store.columns import metadata, moment, sealed, words
from brain.store.repository import Repository

absences = Table(
    "absences",
    metadata,
    words("tenant", key=True),
    words("id", key=True),
    moment("ends_at"),
    sealed("sealed"),
    Index(None, "tenant", "ends_at"),
)
_codec = Codec(Absence, "absence")
_log = structlog.get_logger(__name__)
_add = insert(absences)
_ends_after = (
    select(absences)
    .where(absences.c.tenant == bindparam("tenant"), absences.c.ends_at > bindparam("now"))
    .order_by(absences.c.ends_at, absences.c.id)
)
_remove = delete(absences).where(
    absences.c.tenant == bindparam("tenant"), absences.c.id == bindparam("id")
)


class Absences(Repository):
    """Each ends by itself; ended earlier, it is taken out, and the audit trail keeps it."""

    __slots__ = ()

    async def add(self, absence: Absence) -> None:
        """Keep it. Conflict when there is one of its id."""
        tenant, known = absence.tenant, absence.id
        values = {
            "tenant": tenant,
            "id": known,
            "ends_at": absence.span.ends_at,
            "sealed": self._seal(_codec, absence, "absences", tenant, known),
        }
        await self._db.run(_add, values)

    async def not_over(self, tenant: TenantId, now: datetime) -> list[Absence]:
        """Those that end after ``now``, also what has not begun, the first to end first."""
        rows = await self._db.rows(_ends_after, {"tenant": tenant, "now": now})
        opened = [each for row in rows if (each := self._opened(row)) is not None]
        return [each for each in opened if now < each.span.ends_at]

    async def remove(self, tenant: TenantId, absence: str) -> None:
        """End it now."""
        await self._db.run(_remove, {"tenant": tenant, "id": absence})

    def _opened(self, row: Row[Any]) -> Absence | None:
        try:
            return self._open(_codec, row.sealed, "absences", row.tenant, row.id)
        except Unreadable as error:
            _log.error("absence_unreadable", absence=row.id, why=str(error))
            return None
