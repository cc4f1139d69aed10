"""Shadows: what was proposed and not applied, and what people did instead."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Index, Row, Table, bindparam, func, select
from sqlalchemy import insert as insert_into
from sqlalchemy import update as update_of

from brain.domain.autonomy import Subject
from brain.domain.identity import DeviceId, TenantId
from brain.domain.proposal import Author, Cause
from brain.domain.shadow import Agreement, Shadow
from brain.store.columns import Moment, metadata, moment, one_of, words
from brain.store.repository import Repository

shadows = Table(
    "shadows",
    metadata,
    words("tenant", key=True),
    words("proposal", key=True),
    words("device"),
    one_of("cause", Cause),
    words("manufacturer"),
    words("model"),
    one_of("author", Author),
    words("templates"),
    moment("made_at"),
    moment("until"),
    one_of("end", Agreement),
    Column("ended_at", Moment),
    words("seen"),
    ForeignKeyConstraint(["tenant", "proposal"], ["proposals.tenant", "proposals.id"]),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
    Index(None, "tenant", "device", "end"),
    Index(None, "end", "until"),
    Index(None, "tenant", "made_at"),
)
_of_tenant = shadows.c.tenant == bindparam("tenant")
_open = shadows.c.end == Agreement.OPEN
_of_device = select(shadows).where(_of_tenant, shadows.c.device == bindparam("device"), _open)
_due = (
    select(shadows)
    .where(_open, shadows.c.until <= bindparam("now"))
    .order_by(shadows.c.until)
    .limit(bindparam("count"))
)
_newest = (
    select(shadows)
    .where(_of_tenant)
    .order_by(shadows.c.made_at.desc(), shadows.c.proposal)
    .limit(bindparam("count"))
)
_by = (
    *(shadows.c[name] for name in ("cause", "manufacturer", "model", "author")),
    shadows.c.end,
)
_tally = select(*_by, func.count().label("many")).where(_of_tenant).group_by(*_by).order_by(*_by)
_add = insert_into(shadows)
_tell = (
    update_of(shadows)
    .where(shadows.c.tenant == bindparam("of"), shadows.c.proposal == bindparam("named"), _open)
    .values(end=bindparam("became"), ended_at=bindparam("at"), seen=bindparam("by"))
)


class Shadows(Repository):
    """Added open, ended once."""

    __slots__ = ()

    async def add(self, shadow: Shadow) -> None:
        """Keep a new one. Conflict when its proposal or device is not stored."""
        subject = shadow.subject
        named = ("tenant", "proposal", "device", "author", "templates", "made_at", "until")
        values = {name: getattr(shadow, name) for name in (*named, "end", "ended_at", "seen")}
        about = {n: getattr(subject, n) for n in ("cause", "manufacturer", "model")}
        await self._db.run(_add, {**values, **about})

    async def open_of(self, tenant: TenantId, device: DeviceId) -> Sequence[Shadow]:
        """Those of a device that nobody has ended yet."""
        rows = await self._db.rows(_of_device, {"tenant": tenant, "device": device})
        return [_shadow(row) for row in rows]

    async def due(self, now: datetime, *, limit: int = 100) -> Sequence[Shadow]:
        """Those whose time is up, of all tenants, oldest first."""
        return [_shadow(row) for row in await self._db.rows(_due, {"now": now, "count": limit})]

    async def tell(self, shadow: Shadow) -> bool:
        """Keep what was seen, and how it ended if it did; False when it had ended before."""
        values = {
            "of": shadow.tenant,
            "named": shadow.proposal,
            "became": shadow.end,
            "at": shadow.ended_at,
            "by": shadow.seen,
        }
        return bool(await self._db.run(_tell, values))

    async def list(self, tenant: TenantId, *, limit: int = 100) -> Sequence[Shadow]:
        """Newest first."""
        rows = await self._db.rows(_newest, {"tenant": tenant, "count": limit})
        return [_shadow(row) for row in rows]

    async def tally(self, tenant: TenantId) -> Sequence[tuple[Subject, Author, Agreement, int]]:
        """How many ended how, by playbook, model and planner."""
        rows = await self._db.rows(_tally, {"tenant": tenant})
        return [(_subject(row), row.author, row.end, row.many) for row in rows]


def _subject(row: Row[Any]) -> Subject:
    return Subject(cause=row.cause, manufacturer=row.manufacturer, model=row.model)


def _shadow(row: Row[Any]) -> Shadow:
    return Shadow(
        tenant=row.tenant,
        proposal=row.proposal,
        device=row.device,
        subject=_subject(row),
        author=row.author,
        templates=row.templates,
        made_at=row.made_at,
        until=row.until,
        end=row.end,
        ended_at=row.ended_at,
        seen=row.seen,
    )
