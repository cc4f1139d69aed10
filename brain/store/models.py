"""Supported data models: which paths each device has, in its own names, and which are writable."""

import zlib
from collections.abc import Collection, Mapping

from sqlalchemy import Column, ForeignKeyConstraint, LargeBinary, Table, bindparam, select

from brain.domain.device import Device
from brain.domain.errors import Unreadable
from brain.domain.identity import DeviceId, TenantId
from brain.store.among import among
from brain.store.codec import Codec
from brain.store.columns import metadata, words
from brain.store.repository import Repository

models = Table(
    "models",
    metadata,
    words("tenant", key=True),
    words("device", key=True),
    words("firmware"),
    Column("names", LargeBinary, nullable=False),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
)
_codec: Codec[dict[str, bool]] = Codec(dict[str, bool], "data model")
_get = select(models.c.names).where(
    models.c.tenant == bindparam("tenant"), models.c.device == bindparam("device")
)

_firmware = select(models.c.firmware).where(
    models.c.tenant == bindparam("tenant"), models.c.device == bindparam("device")
)

_firmwares = select(models.c.device, models.c.firmware).where(
    among(models.c.tenant, "tenants"),
    among(models.c.device, "devices"),
)


class Models(Repository):
    """What GetParameterNames (TR-069 A.3.2.3) answered, one a device."""

    __slots__ = ()

    async def put(
        self, tenant: TenantId, device: DeviceId, firmware: str, names: Mapping[str, bool]
    ) -> None:
        """Keep the names that the device has under this firmware, instead of those before."""
        packed = zlib.compress(_codec.encode(dict(names)), level=1)
        values = {"tenant": tenant, "device": device, "firmware": firmware, "names": packed}
        await self._upsert(models, values)

    async def get(self, tenant: TenantId, device: DeviceId) -> Mapping[str, bool] | None:
        """Each name, and whether it is writable; None when the device was never asked."""
        row = await self._db.row(_get, {"tenant": tenant, "device": device})
        if row is None:
            return None
        try:
            return _codec.decode(zlib.decompress(row.names))
        except zlib.error as error:
            raise Unreadable("a stored data model is damaged") from error

    async def firmware(self, tenant: TenantId, device: DeviceId) -> str | None:
        """Under which firmware the names were listed; None when the device was never asked."""
        row = await self._db.row(_firmware, {"tenant": tenant, "device": device})
        return None if row is None else str(row.firmware)

    async def firmwares(self, devices: Collection[Device]) -> dict[DeviceId, str]:
        """``firmware`` for many devices of any tenants; one that was never asked is left out."""
        values = {
            "tenants": sorted({device.tenant for device in devices}),
            "devices": [device.id for device in devices],
        }
        return {row.device: row.firmware for row in await self._db.rows(_firmwares, values)}
