"""What devices authenticate with, encrypted; found by the name that a device gives at the door."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Row, Table, Text, select

from brain.domain.credentials import DeviceCredentials
from brain.domain.errors import Unreadable
from brain.domain.identity import DeviceId
from brain.store.among import among
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.repository import Repository

credentials = Table(
    "device_credentials",
    metadata,
    words("tenant"),
    words("device", key=True),
    # Unique in all tenants: at the door a device says its name, and not whose it is.
    Column("username", Text, nullable=False, unique=True),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
)
_codec = Codec(DeviceCredentials, "device's credentials")
_named = select(credentials).where(among(credentials.c.username, "names"))
_of = select(credentials).where(among(credentials.c.device, "ids"))


class Credentials(Repository):
    """One a device at most. For controllers only, which know devices and not tenants."""

    __slots__ = ()

    async def named(self, names: Collection[str]) -> dict[str, DeviceCredentials]:
        """Those of these names."""
        rows = await self._db.rows(_named, {"names": sorted(names)})
        return {row.username: self._credentials(row) for row in rows}

    async def of(self, ids: Collection[DeviceId]) -> dict[DeviceId, DeviceCredentials]:
        """Those of these devices."""
        if not ids:
            return {}
        rows = await self._db.rows(_of, {"ids": sorted(ids)})
        return {row.device: self._credentials(row) for row in rows}

    async def put(self, *given: DeviceCredentials) -> None:
        """Keep each instead of what was kept of it. Conflict for a name that another has."""
        if given:
            await self._upsert(credentials, [self._row(each) for each in given])

    def _row(self, given: DeviceCredentials) -> dict[str, Any]:
        return {
            "tenant": given.tenant,
            "device": given.device,
            "username": given.username,
            "sealed": self._seal(_codec, given, "device_credentials", given.tenant, given.device),
        }

    def _credentials(self, row: Row[Any]) -> DeviceCredentials:
        found = self._open(_codec, row.sealed, "device_credentials", row.tenant, row.device)
        if (found.tenant, found.device, found.username) != (row.tenant, row.device, row.username):
            raise Unreadable(f"the credentials of {row.device} do not agree with their columns")
        return found
