"""Set aside: what remediation did not take in or could not work on, for people to see."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, Table, bindparam, delete, select

from brain.domain.identity import TenantId
from brain.domain.remediation import SetAside
from brain.store.columns import metadata, moment, words
from brain.store.repository import Repository, columns_of, insert_for

set_aside = Table(
    "set_aside",
    metadata,
    words("tenant", key=True),
    words("what", key=True),
    words("reason"),
    Column("count", Integer, nullable=False),
    moment("at"),
    Index(None, "tenant", "at"),
)
_newest = (
    select(set_aside)
    .where(set_aside.c.tenant == bindparam("tenant"))
    .order_by(set_aside.c.at.desc(), set_aside.c.what)
    .limit(bindparam("most"))
)
_prune = delete(set_aside).where(set_aside.c.at < bindparam("before"))


class SetAsides(Repository):
    """One row a thing, with how often and when last."""

    __slots__ = ()

    async def add(self, found: SetAside) -> None:
        """Keep it; what was set aside before counts on, with the newest reason."""
        insert = insert_for(set_aside, self._db.dialect).values(columns_of(found))
        new: dict[str, Any] = {name: insert.excluded[name] for name in ("reason", "at")}
        new["count"] = set_aside.c["count"] + insert.excluded["count"]
        keys = list(set_aside.primary_key)
        await self._db.run(insert.on_conflict_do_update(index_elements=keys, set_=new))

    async def newest(self, tenant: TenantId, *, limit: int = 20) -> Sequence[SetAside]:
        """The newest first."""
        rows = await self._db.rows(_newest, {"tenant": tenant, "most": limit})
        return [SetAside(**row._mapping) for row in rows]

    async def prune(self, before: datetime) -> int:
        """Forget what was last set aside before then."""
        return await self._db.run(_prune, {"before": before})
