"""Backups: what a device said of the touched objects before the first write, encrypted."""

from dataclasses import replace

from sqlalchemy import ForeignKeyConstraint, Table, bindparam, select

from brain.domain.identity import ChangeId, TenantId
from brain.domain.parameter import Snapshot
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.repository import Repository, insert_for

backups = Table(
    "backups",
    metadata,
    words("tenant", key=True),
    words("change", key=True),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "change"], ["changes.tenant", "changes.id"]),
)
_codec = Codec(Snapshot, "backup")
_get = select(backups.c.sealed).where(
    backups.c.tenant == bindparam("tenant"), backups.c.change == bindparam("change")
)


class Backups(Repository):
    """One a change, and the first is the one: a later look may see our own writes."""

    __slots__ = ()

    async def put(self, tenant: TenantId, change: ChangeId, snapshot: Snapshot) -> None:
        """Keep it unless one is kept already. Conflict when the tenant has no such change."""
        document = self._seal(_codec, _plain(snapshot), "backups", tenant, change)
        statement = insert_for(backups, self._db.dialect).on_conflict_do_nothing()
        await self._db.run(statement, {"tenant": tenant, "change": change, "sealed": document})

    async def get(self, tenant: TenantId, change: ChangeId) -> Snapshot | None:
        """The first one kept, or None."""
        row = await self._db.row(_get, {"tenant": tenant, "change": change})
        return None if row is None else self._open(_codec, row.sealed, "backups", tenant, change)


def _plain(snapshot: Snapshot) -> Snapshot:
    """With dicts for whatever mappings it came with: only those can be written as JSON."""
    return replace(snapshot, values=dict(snapshot.values), writable=dict(snapshot.writable))
