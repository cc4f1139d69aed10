"""Executions: the road of each change, step by step."""

from dataclasses import fields
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    bindparam,
    insert,
    select,
)

from brain.domain.identity import ChangeId, TenantId
from brain.domain.outcome import ExecutionStep
from brain.store.columns import metadata, moment, row_number, words
from brain.store.repository import Repository

executions = Table(
    "executions",
    metadata,
    row_number(),
    words("tenant"),
    words("change"),
    Column("attempt", Integer, nullable=False),
    words("step"),
    words("detail"),
    moment("at"),
    ForeignKeyConstraint(["tenant", "change"], ["changes.tenant", "changes.id"]),
    Index(None, "tenant", "change"),
)
_add = insert(executions)
_of_change = (
    select(*(executions.c[field.name] for field in fields(ExecutionStep)))
    .where(executions.c.tenant == bindparam("tenant"), executions.c.change == bindparam("change"))
    .order_by(executions.c.row)
)


class Executions(Repository):
    """Added as they are taken."""

    __slots__ = ()

    async def add(
        self,
        tenant: TenantId,
        change: ChangeId,
        attempt: int,
        step: str,
        detail: str,
        at: datetime,
    ) -> None:
        """Keep one step. Conflict when the tenant has no such change."""
        values = {
            "tenant": tenant,
            "change": change,
            "attempt": attempt,
            "step": step,
            "detail": detail,
            "at": at,
        }
        await self._db.run(_add, values)

    async def of_change(self, tenant: TenantId, change: ChangeId) -> list[ExecutionStep]:
        """The steps of one change, in order."""
        rows = await self._db.rows(_of_change, {"tenant": tenant, "change": change})
        return [ExecutionStep(**row._mapping) for row in rows]
