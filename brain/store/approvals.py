"""Approvals: people's answers, sealed, so that nobody gives one with SQL.

Each is encrypted and bound to its change and its number in it. The change, sealed as well, says how
many answers it got, so that none can be slipped in, altered, moved, put back or taken out unseen.
"""

from typing import Any

import structlog
from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Integer,
    Row,
    Table,
    bindparam,
    func,
    insert,
    select,
)

from brain.domain.approval import Approval
from brain.domain.errors import Unreadable
from brain.domain.identity import ChangeId, TenantId
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.repository import Repository

approvals = Table(
    "approvals",
    metadata,
    words("tenant", key=True),
    words("change", key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "change"], ["changes.tenant", "changes.id"]),
)
_codec = Codec(Approval, "answer")
_log = structlog.get_logger(__name__)
_add = insert(approvals)
_mine = (approvals.c.tenant == bindparam("tenant"), approvals.c.change == bindparam("change"))
_of_change = select(approvals).where(*_mine).order_by(approvals.c.number)
_kept = select(func.count().label("many")).select_from(approvals).where(*_mine)


class Approvals(Repository):
    """Only ever added: a later answer of a person stands beside the earlier one."""

    __slots__ = ()

    async def add(self, tenant: TenantId, approval: Approval) -> None:
        """Keep an answer. Conflict when its number is taken, or the tenant has no such change."""
        place = _place(tenant, approval.change, approval.number)
        values = {
            "tenant": tenant,
            "change": approval.change,
            "number": approval.number,
            "sealed": self._seal(_codec, approval, *place),
        }
        await self._db.run(_add, values)

    async def of_change(self, tenant: TenantId, change: ChangeId) -> list[Approval]:
        """Every answer to one change, in the order they came.

        A row that was not written here is not among them; the log says so.
        """
        rows = await self._db.rows(_of_change, {"tenant": tenant, "change": change})
        return [answer for row in rows if (answer := self._opened_or_none(row)) is not None]

    async def kept(self, tenant: TenantId, change: ChangeId) -> int:
        """How many rows there are, readable or not."""
        row = await self._db.row(_kept, {"tenant": tenant, "change": change})
        return int(row.many) if row is not None else 0

    def _opened_or_none(self, row: Row[Any]) -> Approval | None:
        try:
            answer = self._open(_codec, row.sealed, *_place(row.tenant, row.change, row.number))
        except Unreadable as error:
            _log.error("answer_unreadable", change=row.change, number=row.number, why=str(error))
            return None
        return answer


def _place(tenant: str, change: str, number: int) -> tuple[str, ...]:
    return "approvals", tenant, change, str(number)
