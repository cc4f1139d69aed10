"""Households: the things that speak in a home beside its gateway, one row a gateway, encrypted."""

from sqlalchemy import ForeignKeyConstraint, Table, bindparam, select

from brain.domain.identity import DeviceId, TenantId
from brain.domain.thing import Household
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.repository import Repository

households = Table(
    "households",
    metadata,
    words("tenant", key=True),
    words("device", key=True),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
)
_codec = Codec(Household, "household")
_get = select(households.c.sealed).where(
    households.c.tenant == bindparam("tenant"), households.c.device == bindparam("device")
)


class Households(Repository):
    """Kept and looked up by gateway."""

    __slots__ = ()

    async def get(self, tenant: TenantId, device: DeviceId) -> Household | None:
        """What is known; None where nothing ever spoke."""
        row = await self._db.row(_get, {"tenant": tenant, "device": device})
        return None if row is None else self._open(_codec, row.sealed, "households", tenant, device)

    async def put(self, household: Household) -> None:
        """Keep it instead of what was known before. Conflict for a device that is not stored."""
        place = (household.tenant, household.device)
        document = self._seal(_codec, household, "households", *place)
        row = {"tenant": household.tenant, "device": household.device, "sealed": document}
        await self._upsert(households, row)
