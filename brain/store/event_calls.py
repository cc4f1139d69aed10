"""Event calls: which calls with events were taken, by the key that the caller gave each of them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Index, LargeBinary, Table, bindparam, delete, select

from brain.domain.identity import PrincipalId, TenantId
from brain.store.columns import metadata, moment, words
from brain.store.repository import Repository, context, insert_for

event_calls = Table(
    "event_calls",
    metadata,
    words("tenant", key=True),
    words("by", key=True),
    words("key", key=True),
    Column("said", LargeBinary, nullable=False),  # a keyed digest: events may hold anything
    moment("at"),
    Index(None, "at"),
)
_said = select(event_calls.c.said).where(
    *(event_calls.c[name] == bindparam(name) for name in ("tenant", "by", "key"))
)
_prune = delete(event_calls).where(event_calls.c.at < bindparam("before"))


class Before(StrEnum):
    """Whether a call was taken before."""

    NEVER = "never"
    SAME = "same"
    OTHER = "other"
    """With the same key, and something else in it."""


class EventCalls(Repository):
    """A key is kept in the transaction of its events, and longer than these are taken."""

    __slots__ = ()

    async def take(
        self, tenant: TenantId, by: PrincipalId, key: str, said: str, at: datetime
    ) -> Before:
        """Keep a key with what was said under it, unless it is there; of two at once one is first.

        Callers do not share keys.
        """
        row = {"tenant": tenant, "by": by, "key": key}
        digest = self._db.cipher.blind(said, context("event_calls", tenant))
        insert = insert_for(event_calls, self._db.dialect).values(row | {"said": digest, "at": at})
        first = insert.on_conflict_do_nothing().returning(event_calls.c.key)
        if await self._db.row(first) is not None:
            return Before.NEVER
        there = await self._db.row(_said, row)
        return Before.SAME if there is not None and there.said == digest else Before.OTHER

    async def prune(self, before: datetime) -> int:
        """Forget those that were taken before then."""
        return await self._db.run(_prune, {"before": before})
