"""Outcomes: what the device or controller said became of each attempt."""

from collections.abc import Collection
from dataclasses import fields

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Table,
    bindparam,
    insert,
    select,
)

from brain.domain.identity import ChangeId, PlanDigest, TenantId
from brain.domain.outcome import KeptOutcome, Outcome, Progress
from brain.store.among import among
from brain.store.columns import metadata, moment, one_of, row_number, words
from brain.store.repository import Repository

outcomes = Table(
    "outcomes",
    metadata,
    row_number(),
    words("tenant"),
    words("change"),
    words("plan_digest"),
    one_of("progress", Progress),
    moment("at"),
    words("detail"),
    words("fault"),
    Column("already", Boolean, nullable=False),
    Column("needs_reboot", Boolean, nullable=False),
    ForeignKeyConstraint(["tenant", "change"], ["changes.tenant", "changes.id"]),
    Index(None, "tenant", "change"),
)
_add = insert(outcomes)
_kept = [outcomes.c[field.name] for field in fields(KeptOutcome)]
_of_change = (
    select(*_kept)
    .where(outcomes.c.tenant == bindparam("tenant"), outcomes.c.change == bindparam("change"))
    .order_by(outcomes.c.row)
)
_of_changes = (
    select(outcomes.c.change, *_kept)
    .where(
        outcomes.c.tenant == bindparam("tenant"),
        among(outcomes.c.change, "changes"),
    )
    .order_by(outcomes.c.row)
)


class Outcomes(Repository):
    """Added as they become known."""

    __slots__ = ()

    async def add(
        self, tenant: TenantId, change: ChangeId, plan_digest: PlanDigest, outcome: Outcome
    ) -> None:
        """Keep what became of this plan. Conflict when the tenant has no such change."""
        about = {"tenant": tenant, "change": change, "plan_digest": plan_digest}
        said = {field.name: getattr(outcome, field.name) for field in fields(Outcome)}
        await self._db.run(_add, about | said)

    async def of_change(self, tenant: TenantId, change: ChangeId) -> list[KeptOutcome]:
        """What became of the plans of one change, in order."""
        rows = await self._db.rows(_of_change, {"tenant": tenant, "change": change})
        return [KeptOutcome(**row._mapping) for row in rows]

    async def of_changes(
        self, tenant: TenantId, changes: Collection[ChangeId]
    ) -> dict[ChangeId, list[KeptOutcome]]:
        """What became of the plans of many changes, each in order; only of those that have any."""
        found: dict[ChangeId, list[KeptOutcome]] = {}
        for row in await self._db.rows(_of_changes, {"tenant": tenant, "changes": list(changes)}):
            kept = dict(row._mapping)
            found.setdefault(kept.pop("change"), []).append(KeptOutcome(**kept))
        return found
