"""Absences and delegations: who is away, and who stands in for whom, each until its end.

Sealed: when somebody is away is their own affair, and a row of another's making lends nothing.
"""

from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

import structlog
from sqlalchemy import Delete, Index, Insert, Row, Select, Table, bindparam, delete, insert, select

from brain.domain.absence import Absence, Delegation
from brain.domain.errors import Unreadable
from brain.domain.identity import TenantId
from brain.store.codec import Codec
from brain.store.columns import metadata, moment, sealed, words
from brain.store.repository import Repository

Spanned = TypeVar("Spanned", Absence, Delegation)
_log = structlog.get_logger(__name__)


def _table(name: str) -> Table:
    return Table(
        name,
        metadata,
        words("tenant", key=True),
        words("id", key=True),
        moment("ends_at"),
        sealed("sealed"),
        Index(None, "tenant", "ends_at"),
    )


def _not_over(table: Table) -> Select[Any]:
    mine = (table.c.tenant == bindparam("tenant"), table.c.ends_at > bindparam("now"))
    return select(table).where(*mine).order_by(table.c.ends_at, table.c.id)


def _removal(table: Table) -> Delete:
    return delete(table).where(table.c.tenant == bindparam("tenant"), table.c.id == bindparam("id"))


class _Spans(Repository, Generic[Spanned]):
    """Each ends by itself; ended earlier, it is taken out, and the audit trail keeps it."""

    __slots__ = ()
    _table: ClassVar[Table]
    _codec: Codec[Spanned]
    _add: ClassVar[Insert]
    _ends_after: ClassVar[Select[Any]]
    _remove: ClassVar[Delete]

    async def add(self, span: Spanned) -> None:
        """Keep it. Conflict when there is one of its id."""
        tenant, known = span.tenant, span.id
        values = {
            "tenant": tenant,
            "id": known,
            "ends_at": span.span.ends_at,
            "sealed": self._seal(self._codec, span, self._table.name, tenant, known),
        }
        await self._db.run(self._add, values)

    async def not_over(self, tenant: TenantId, now: datetime) -> list[Spanned]:
        """Those that end after ``now``, also what has not begun, the first to end first."""
        rows = await self._db.rows(self._ends_after, {"tenant": tenant, "now": now})
        opened = [each for row in rows if (each := self._opened(row)) is not None]
        return [each for each in opened if now < each.span.ends_at]

    async def remove(self, tenant: TenantId, span: str) -> None:
        """End it now."""
        await self._db.run(self._remove, {"tenant": tenant, "id": span})

    def _opened(self, row: Row[Any]) -> Spanned | None:
        try:
            return self._open(self._codec, row.sealed, self._table.name, row.tenant, row.id)
        except Unreadable as error:
            _log.error("span_unreadable", table=self._table.name, id=row.id, why=str(error))
            return None


class Absences(_Spans[Absence]):
    """Who is away, and until when."""

    __slots__ = ()
    _table = _table("absences")
    _codec = Codec(Absence, "absence")
    _add, _ends_after, _remove = insert(_table), _not_over(_table), _removal(_table)


class Delegations(_Spans[Delegation]):
    """Who stands in for whom."""

    __slots__ = ()
    _table = _table("delegations")
    _codec = Codec(Delegation, "delegation")
    _add, _ends_after, _remove = insert(_table), _not_over(_table), _removal(_table)
