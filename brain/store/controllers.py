"""What a controller needs to reach a device: its URL and credentials, encrypted."""

from sqlalchemy import ForeignKeyConstraint, Table, bindparam, select

from brain.domain.credentials import ConnectionRequest
from brain.domain.errors import NotFound
from brain.domain.identity import DeviceId
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
        document = self._seal(_codec, request, "controllers", owner.tenant, device)
        values = {"device": device, "tenant": owner.tenant, "sealed": document}
        await self._upsert(controllers, values)

    async def get(self, device: DeviceId) -> ConnectionRequest | None:
        """How to ask the device to call in, or None when it never said."""
        row = await self._db.row(_get, {"device": device})
        if row is None:
            return None
        return self._open(_codec, row.sealed, "controllers", row.tenant, device)
