"""Approvals: people's answers, kept as they were given."""

from dataclasses import fields

from sqlalchemy import Column, ForeignKeyConstraint, Index, Table, bindparam, insert, select

from brain.domain.approval import Answer, Approval
from brain.domain.identity import ChangeId, TenantId
from brain.store.columns import WordSet, metadata, moment, one_of, row_number, words
from brain.store.repository import Repository, columns_of

approvals = Table(
    "approvals",
    metadata,
    row_number(),
    words("tenant"),
    words("change"),
    one_of("answer", Answer),
    words("by"),
    Column("groups", WordSet, nullable=False),
    words("plan_digest"),
    words("fingerprint"),
    words("policy_revision"),
    moment("answered_at"),
    moment("expires_at"),
    words("comment"),
    ForeignKeyConstraint(["tenant", "change"], ["changes.tenant", "changes.id"]),
    Index(None, "tenant", "change"),
)
_add = insert(approvals)
_of_change = (
    select(*(approvals.c[field.name] for field in fields(Approval)))
    .where(approvals.c.tenant == bindparam("tenant"), approvals.c.change == bindparam("change"))
    .order_by(approvals.c.row)
)


class Approvals(Repository):
    """Only ever added: a later answer of a person stands beside the earlier one."""

    __slots__ = ()

    async def add(self, tenant: TenantId, approval: Approval) -> None:
        """Keep an answer. Conflict when the tenant has no such change."""
        await self._db.run(_add, {"tenant": tenant, **columns_of(approval)})

    async def of_change(self, tenant: TenantId, change: ChangeId) -> list[Approval]:
        """Every answer to one change, in the order they came."""
        rows = await self._db.rows(_of_change, {"tenant": tenant, "change": change})
        return [Approval(**row._mapping) for row in rows]
