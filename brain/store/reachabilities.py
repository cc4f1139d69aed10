"""Reachability: what came of each way to wake a device, one row a device."""

from sqlalchemy import ForeignKeyConstraint, Table, bindparam, delete, select

from brain.domain.identity import DeviceId, TenantId
from brain.domain.reachability import Reachability
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.repository import Repository

reachabilities = Table(
    "reachabilities",
    metadata,
    words("tenant", key=True),
    words("device", key=True),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
)
_codec = Codec(Reachability, "reachability")
_get = select(reachabilities.c.sealed).where(
    reachabilities.c.tenant == bindparam("tenant"),
    reachabilities.c.device == bindparam("device"),
)
_drop = delete(reachabilities).where(
    reachabilities.c.tenant == bindparam("of"), reachabilities.c.device == bindparam("named")
)


class Reachabilities(Repository):
    """Kept and looked up by device."""

    __slots__ = ()

    async def get(self, tenant: TenantId, device: DeviceId) -> Reachability | None:
        """What is known; None when nobody ever tried."""
        row = await self._db.row(_get, {"tenant": tenant, "device": device})
        if row is None:
            return None
        return self._open(_codec, row.sealed, "reachabilities", tenant, device)

    async def put(self, known: Reachability) -> None:
        """Keep it instead of what was known before. Conflict for a device that is not stored."""
        place = (known.tenant, known.device)
        document = self._seal(_codec, known, "reachabilities", *place)
        row = {"tenant": known.tenant, "device": known.device, "sealed": document}
        await self._upsert(reachabilities, row)

    async def forget(self, tenant: TenantId, device: DeviceId) -> None:
        """It was reset: nothing that was known need hold."""
        await self._db.run(_drop, {"of": tenant, "named": device})
