"""Requests at which a device's sessions died, and how often in a row."""

from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Integer,
    Table,
    bindparam,
    delete,
    select,
)

from brain.domain.device import Device
from brain.domain.identity import DeviceId, TenantId
from brain.store.columns import Moment, metadata, words
from brain.store.repository import Repository

deadly_requests = Table(
    "deadly_requests",
    metadata,
    words("tenant", key=True),
    words("device", key=True),
    words("request", key=True),
    words("firmware"),
    Column("times", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
)
_of_device = (
    deadly_requests.c.tenant == bindparam("of"),
    deadly_requests.c.device == bindparam("id"),
)
_of_request = (*_of_device, deadly_requests.c.request == bindparam("what"))
_times = select(deadly_requests.c.times, deadly_requests.c.firmware).where(*_of_request)
_forget = delete(deadly_requests).where(*_of_request)
_forget_all = delete(deadly_requests).where(*_of_device)


class DeadlyRequests(Repository):
    """A request is named by a digest of what it asks for. Another firmware counts anew."""

    __slots__ = ()

    async def times(self, device: Device, request: str) -> int:
        """How often in a row the device's session died at it under the firmware that it has."""
        row = await self._db.row(_times, _key(device, request))
        return int(row.times) if row is not None and row.firmware == device.firmware else 0

    async def died(self, device: Device, request: str, at: datetime) -> int:
        """Count one more; how many it makes."""
        times = await self.times(device, request) + 1
        row = {"tenant": device.tenant, "device": device.id, "request": request}
        await self._upsert(
            deadly_requests, row | {"firmware": device.firmware, "times": times, "at": at}
        )
        return times

    async def survived(self, device: Device, request: str) -> None:
        """The device answered it, so what was counted was something else."""
        await self._db.run(_forget, _key(device, request))

    async def forget(self, tenant: TenantId, device: DeviceId) -> None:
        """All of them: the device was reset."""
        await self._db.run(_forget_all, {"of": tenant, "id": device})


def _key(device: Device, request: str) -> dict[str, str]:
    return {"of": device.tenant, "id": device.id, "what": request}
