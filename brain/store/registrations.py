"""Registrations: what the operator said of devices before they shipped."""

from collections.abc import Collection

from sqlalchemy import ForeignKeyConstraint, Index, Table, bindparam, select

from brain.domain.enrolment import Registration
from brain.domain.identity import DeviceId, TenantId
from brain.store.among import among
from brain.store.columns import metadata, moment, words
from brain.store.repository import Repository, columns_of

registrations = Table(
    "registrations",
    metadata,
    words("tenant", key=True),
    words("device", key=True),
    words("mac"),
    words("firmware"),
    moment("at"),
    words("by"),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
    Index(None, "tenant", "mac"),
)
_of_tenant = registrations.c.tenant == bindparam("tenant")
_get = select(registrations).where(_of_tenant, registrations.c.device == bindparam("device"))
_with_macs = select(registrations).where(_of_tenant, among(registrations.c.mac, "macs"))


class Registrations(Repository):
    """One a device at most."""

    __slots__ = ()

    async def get(self, tenant: TenantId, device: DeviceId) -> Registration | None:
        """What was said of the device, or None when nobody registered it."""
        row = await self._db.row(_get, {"tenant": tenant, "device": device})
        return None if row is None else Registration(**row._mapping)

    async def with_macs(self, tenant: TenantId, macs: Collection[str]) -> dict[str, DeviceId]:
        """Which devices have these addresses."""
        rows = await self._db.rows(_with_macs, {"tenant": tenant, "macs": sorted(macs)})
        return {row.mac: row.device for row in rows}

    async def put(self, *given: Registration) -> None:
        """Keep each instead of what was said before. Conflict for a device that is not stored."""
        if given:
            await self._upsert(registrations, [columns_of(each) for each in given])
