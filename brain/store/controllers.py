"""What a controller needs to reach a device: its URL and credentials, encrypted."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Table, bindparam, select

from brain.domain.credentials import ConnectionRequest
from brain.domain.device import Device
from brain.domain.errors import NotFound
from brain.domain.identity import DeviceId, TenantId
from brain.store.among import among
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.devices import devices
from brain.store.repository import Repository

controllers = Table(
    "controllers",
    metadata,
    words("device", key=True),
    words("tenant"),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
)
_codec = Codec(ConnectionRequest, "connection request")
_tenant = select(devices.c.tenant).where(devices.c.id == bindparam("device"))
_get = select(controllers).where(controllers.c.device == bindparam("device"))
_get_all = select(controllers).where(among(controllers.c.device, "devices"))


class Controllers(Repository):
    """For controllers only, which know devices and not tenants."""

    __slots__ = ()

    async def put(
        self, device: DeviceId, connection_request_url: str, username: str, password: str
    ) -> None:
        """Keep them instead of those before. NotFound for an unknown device."""
        owner = await self._db.row(_tenant, {"device": device})
        if owner is None:
            raise NotFound(f"there is no device {device}", field="device")
        request = ConnectionRequest(
            url=connection_request_url, username=username, password=password
        )
        await self._upsert(controllers, self._row(owner.tenant, device, request))

    async def put_all(self, given: Sequence[tuple[Device, ConnectionRequest]]) -> None:
        """``put`` for many devices, which must be stored as they are given."""
        if given:
            await self._upsert(
                controllers, [self._row(each.tenant, each.id, request) for each, request in given]
            )

    async def get_all(self, ids: Collection[DeviceId]) -> dict[DeviceId, ConnectionRequest]:
        """``get`` for many; one that never said is left out."""
        rows = await self._db.rows(_get_all, {"devices": list(ids)})
        return {
            row.device: self._open(_codec, row.sealed, "controllers", row.tenant, row.device)
            for row in rows
        }

    async def get(self, device: DeviceId) -> ConnectionRequest | None:
        """How to ask the device to call in, or None when it never said."""
        row = await self._db.row(_get, {"device": device})
        if row is None:
            return None
        return self._open(_codec, row.sealed, "controllers", row.tenant, device)

    def _row(
        self, tenant: TenantId, device: DeviceId, request: ConnectionRequest
    ) -> dict[str, Any]:
        document = self._seal(_codec, request, "controllers", tenant, device)
        return {"device": device, "tenant": tenant, "sealed": document}
