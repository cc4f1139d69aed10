"""Usages: where each change was given its first permit, so that changes are counted by scope."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Executable,
    ForeignKeyConstraint,
    Index,
    Row,
    Table,
    Text,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)

from brain.domain.identity import ChangeId, TenantId
from brain.domain.life import State
from brain.domain.usage import Count, Scopes, Usage
from brain.store.changes import changes
from brain.store.columns import metadata, moment, words
from brain.store.repository import Repository, columns_of, insert_for

usages = Table(
    "usages",
    metadata,
    words("tenant", key=True),
    words("change", key=True),
    words("device"),
    words("model"),
    Column("site", Text),
    Column("port", Text),
    Column("olt", Text),
    moment("began_at"),
    ForeignKeyConstraint(["tenant", "change"], ["changes.tenant", "changes.id"]),
    Index(None, "tenant", "began_at"),
)
_UNDER_WAY = (State.EXECUTING, State.VERIFYING)
_WITHIN = ("device", "model", "site", "port", "olt")
_queue = select(
    func.pg_advisory_xact_lock(func.hashtextextended(bindparam("tenant"), bindparam("purpose")))
)
_PURPOSE = 0x6761_7465  # of all that may lock by this tenant's name


def _of(scope: str, *but: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows lie in the same; none where it lies in none, for nothing equals NULL."""
    same = case((and_(usages.c[scope] == bindparam(scope), *but), 1), else_=0)
    return func.coalesce(func.sum(same), 0).label(scope)


_unplaced = and_(*(usages.c[name].is_(None) for name in ("site", "port", "olt")))
_in_the_pool = func.coalesce(func.sum(case((_unplaced, 1), else_=0)), 0).label("unplaced")
_counts = select(func.count().label("tenant"), *(_of(scope) for scope in _WITHIN), _in_the_pool)
_later = usages.alias("later")
_gone_on = exists().where(
    _later.c.tenant == usages.c.tenant,
    _later.c.device == usages.c.device,
    _later.c.began_at > usages.c.began_at,
)
_unsettled = and_(changes.c.state == State.UNKNOWN, ~_gone_on)
"""A device that fell silent is not done with: nobody knows what the change did, so what shares
anything with it is held back, until the device tells or a later change was begun on it. That one
is not held back on the device itself: it is how somebody puts it right."""
_known = changes.c.state != State.UNKNOWN
_counts_under_way = select(
    func.count().label("tenant"),
    *(_of(scope, _known) if scope == "device" else _of(scope) for scope in _WITHIN),
    _in_the_pool,
)
_others = and_(usages.c.tenant == bindparam("of"), usages.c.change != bindparam("but"))
_last_hour = _counts.select_from(usages).where(_others, usages.c.began_at > bindparam("since"))
_under_way = (
    _counts_under_way.select_from(usages)
    .join(changes, and_(changes.c.tenant == usages.c.tenant, changes.c.id == usages.c.change))
    .where(_others, or_(changes.c.state.in_(_UNDER_WAY), _unsettled))
)


class Usages(Repository):
    """A row is added once, with the first permit, and stays as it is."""

    __slots__ = ()

    async def queue(self, tenant: TenantId) -> None:
        """Wait until nobody else counts and begins in this tenant, and hold them up until the end.

        On SQLite writers take turns anyhow.
        """
        if self._db.dialect == "postgresql":
            await self._db.row(_queue, {"tenant": tenant, "purpose": _PURPOSE})

    async def begin(self, scopes: Scopes, change: ChangeId, at: datetime) -> None:
        """Keep where and when a change was given leave to write; only the first time counts."""
        row = {**columns_of(scopes), "change": change, "began_at": at}
        statement = insert_for(usages, self._db.dialect).on_conflict_do_nothing()
        await self._db.run(statement, row)

    async def count(self, scopes: Scopes, *, since: datetime, but: ChangeId | None) -> Usage:
        """How many changes are under way, and were begun after ``since``, in each scope.

        ``but`` is left out: the change that is being judged.
        """
        values = {**columns_of(scopes), "of": scopes.tenant, "but": but or "", "since": since}
        del values["tenant"]
        now = await self._one(_under_way, {k: v for k, v in values.items() if k != "since"})
        hour = await self._one(_last_hour, values)
        found: dict[str, Any] = {
            name: Count(under_way=getattr(now, name), last_hour=getattr(hour, name))
            for name in ("tenant", "unplaced", *_WITHIN)
            if name == "tenant" or getattr(scopes, name) not in (None, False)
        }
        return Usage(**found)

    async def _one(self, statement: Executable, values: dict[str, Any]) -> Row[Any]:
        (row,) = await self._db.rows(statement, values)
        return row
