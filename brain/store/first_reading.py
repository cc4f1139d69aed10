"""One reading of a device for each change, encrypted: the first that is kept is the one."""

from dataclasses import replace
from typing import ClassVar

from sqlalchemy import ForeignKeyConstraint, Table, bindparam, select

from brain.domain.identity import ChangeId, TenantId
from brain.domain.parameter import Snapshot
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.repository import Repository, insert_for


def readings(name: str) -> Table:
    """A table of such readings."""
    return Table(
        name,
        metadata,
        words("tenant", key=True),
        words("change", key=True),
        sealed("sealed"),
        ForeignKeyConstraint(["tenant", "change"], ["changes.tenant", "changes.id"]),
    )


class FirstReading(Repository):
    """One a change; whatever is put later is left, for it may have seen our own writes."""

    __slots__ = ()
    table: ClassVar[Table]
    codec: ClassVar[Codec[Snapshot]]

    async def put(self, tenant: TenantId, change: ChangeId, snapshot: Snapshot) -> None:
        """Keep it unless one is kept already. Conflict when the tenant has no such change."""
        document = self._seal(self.codec, _plain(snapshot), self.table.name, tenant, change)
        statement = insert_for(self.table, self._db.dialect).on_conflict_do_nothing()
        await self._db.run(statement, {"tenant": tenant, "change": change, "sealed": document})

    async def get(self, tenant: TenantId, change: ChangeId) -> Snapshot | None:
        """The first one kept, or None."""
        columns = self.table.c
        this = select(columns.sealed).where(
            columns.tenant == bindparam("tenant"), columns.change == bindparam("change")
        )
        row = await self._db.row(this, {"tenant": tenant, "change": change})
        if row is None:
            return None
        return self._open(self.codec, row.sealed, self.table.name, tenant, change)


def _plain(snapshot: Snapshot) -> Snapshot:
    """With dicts for whatever mappings it came with: only those can be written as JSON."""
    return replace(snapshot, values=dict(snapshot.values), writable=dict(snapshot.writable))
