"""Broken glasses: who went ahead without waiting, and what somebody else said of it afterwards.

Ticket, reason and comment may name a subscriber, so the document is encrypted.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Row,
    Table,
    UniqueConstraint,
    bindparam,
    func,
    insert,
    select,
    update,
)

from brain.domain.break_glass import BrokenGlass
from brain.domain.errors import Unreadable
from brain.domain.identity import BrokenGlassId, ChangeId, TenantId
from brain.store.codec import Codec
from brain.store.columns import Moment, metadata, moment, sealed, words
from brain.store.repository import Repository

broken_glasses = Table(
    "broken_glasses",
    metadata,
    words("tenant", key=True),
    words("id", key=True),
    words("change"),
    moment("opened_at"),
    moment("due_at"),
    Column("reviewed_at", Moment),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "change"], ["changes.tenant", "changes.id"]),
    # A glass is broken for one change, once.
    UniqueConstraint("tenant", "change"),
    Index(None, "reviewed_at", "due_at"),
)
_codec = Codec(BrokenGlass, "broken glass")
_log = structlog.get_logger(__name__)
_of_tenant = broken_glasses.c.tenant == bindparam("tenant")
_open = broken_glasses.c.reviewed_at.is_(None)
_add = insert(broken_glasses)
_get = select(broken_glasses).where(_of_tenant, broken_glasses.c.id == bindparam("id"))
_newest = (
    select(broken_glasses)
    .where(_of_tenant)
    .order_by(broken_glasses.c.opened_at.desc(), broken_glasses.c.id.desc())
    .limit(bindparam("count"))
)
_unreviewed = (
    select(func.count())
    .select_from(broken_glasses)
    .where(_of_tenant, _open, broken_glasses.c.change != bindparam("besides"))
)
_overdue = (
    select(broken_glasses)
    .where(_open, broken_glasses.c.due_at <= bindparam("now"))
    .order_by(broken_glasses.c.due_at, broken_glasses.c.id)
)
_this_one = (
    broken_glasses.c.tenant == bindparam("of"),
    broken_glasses.c.id == bindparam("named"),
    _open,
)
_review = (
    update(broken_glasses)
    .where(*_this_one)
    .values(reviewed_at=bindparam("at"), sealed=bindparam("document"))
)
_put_off = (
    update(broken_glasses)
    .where(*_this_one, broken_glasses.c.due_at <= bindparam("now"))
    .values(due_at=bindparam("until"))
)


class BrokenGlasses(Repository):
    """Added when the glass is broken, reviewed once, and never removed."""

    __slots__ = ()

    async def add(self, broken: BrokenGlass, *, due_at: datetime) -> None:
        """Keep it, to be reviewed by ``due_at``. Conflict when its change has one already."""
        values = {
            "tenant": broken.tenant,
            "id": broken.id,
            "change": broken.change,
            "opened_at": broken.glass.at,
            "due_at": due_at,
            "sealed": self._sealed(broken),
        }
        await self._db.run(_add, values)

    async def get(self, tenant: TenantId, broken: BrokenGlassId) -> BrokenGlass | None:
        """One of them, or None when the tenant has none of that id."""
        row = await self._db.row(_get, {"tenant": tenant, "id": broken})
        return None if row is None else self._broken(row)

    async def list(
        self, tenant: TenantId, *, unreviewed: bool = False, limit: int = 100
    ) -> Sequence[BrokenGlass]:
        """Newest first; only those that nobody reviewed, when asked so."""
        statement = _newest.where(_open) if unreviewed else _newest
        rows = await self._db.rows(statement, {"tenant": tenant, "count": limit})
        return [self._broken(row) for row in rows]

    async def unreviewed(self, tenant: TenantId, *, besides: ChangeId) -> int:
        """How many wait for their review, not counting that of this change."""
        row = await self._db.row(_unreviewed, {"tenant": tenant, "besides": besides})
        return int(row[0]) if row is not None else 0

    async def overdue(self, now: datetime) -> Sequence[BrokenGlass]:
        """Those of all tenants that should have been reviewed by now, the oldest first.

        One that is damaged is passed over, so that it does not keep the others from being seen.
        """
        found = []
        for row in await self._db.rows(_overdue, {"now": now}):
            try:
                found.append(self._broken(row))
            except Unreadable as error:
                _log.error("broken_glass_unreadable", broken_glass=row.id, reason=str(error))
        return found

    async def review(self, broken: BrokenGlass) -> bool:
        """Keep its review. False when it has one already, which stays as it is."""
        if broken.review is None:
            raise ValueError("there is no review to keep")
        values = {
            "of": broken.tenant,
            "named": broken.id,
            "at": broken.review.at,
            "document": self._sealed(broken),
        }
        return await self._db.run(_review, values) == 1

    async def put_off(self, broken: BrokenGlass, *, now: datetime, until: datetime) -> bool:
        """Be silent about an overdue one until then. True for one of all who ask at once."""
        values = {"of": broken.tenant, "named": broken.id, "now": now, "until": until}
        return await self._db.run(_put_off, values) == 1

    def _sealed(self, broken: BrokenGlass) -> bytes:
        return self._seal(_codec, broken, "broken_glasses", broken.tenant, broken.id)

    def _broken(self, row: Row[Any]) -> BrokenGlass:
        broken = self._open(_codec, row.sealed, "broken_glasses", row.tenant, row.id)
        reviewed_at = broken.review and broken.review.at
        if (broken.id, broken.change, reviewed_at) != (row.id, row.change, row.reviewed_at):
            raise Unreadable(f"broken glass {row.id} does not agree with its columns")
        return broken
