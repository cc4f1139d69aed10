"""Versions: when each software of each make was first met in the field."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Table, bindparam, select

from brain.domain.identity import TenantId
from brain.store.columns import metadata, moment, words
from brain.store.repository import Repository, insert_for

versions = Table(
    "versions", metadata, words("tenant", key=True), words("version", key=True), moment("met_at")
)
_met = select(versions.c.met_at).where(
    versions.c.tenant == bindparam("tenant"), versions.c.version == bindparam("version")
)


class Versions(Repository):
    """Manufacturer, model and firmware as one. The first time stays."""

    __slots__ = ()

    async def met(self, found: Sequence[tuple[TenantId, str]], at: datetime) -> None:
        """They are in the field at this time."""
        if found:
            statement = insert_for(versions, self._db.dialect).on_conflict_do_nothing()
            rows = [{"tenant": each, "version": version, "met_at": at} for each, version in found]
            await self._db.run(statement, rows)

    async def first_met(self, tenant: TenantId, version: str) -> datetime | None:
        """When it was first met, or None."""
        row = await self._db.row(_met, {"tenant": tenant, "version": version})
        return None if row is None else row.met_at
