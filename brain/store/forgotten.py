"""Forgotten: what a device said before it was reset, until it is known what it says now."""

import zlib
from dataclasses import replace

from sqlalchemy import ForeignKeyConstraint, Table, bindparam, delete, select

from brain.domain.errors import Unreadable
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import Snapshot
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.repository import Repository, context

forgotten = Table(
    "forgotten",
    metadata,
    words("tenant", key=True),
    words("device", key=True),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
)
_codec = Codec(Snapshot, "snapshot")
_here = (forgotten.c.tenant == bindparam("of"), forgotten.c.device == bindparam("id"))
_get, _drop = select(forgotten.c.sealed).where(*_here), delete(forgotten).where(*_here)


class Forgotten(Repository):
    """One a device at most."""

    __slots__ = ()

    async def put(self, tenant: TenantId, before: Snapshot) -> None:
        """Keep what it said, in place of what was kept of an earlier reset."""
        plain = replace(before, values=dict(before.values), writable=dict(before.writable))
        packed = zlib.compress(_codec.encode(plain), level=1)
        place = context("forgotten", tenant, before.device)
        document = self._db.cipher.encrypt(packed, place)
        row = {"tenant": tenant, "device": before.device, "sealed": document}
        await self._upsert(forgotten, row)

    async def take(self, tenant: TenantId, device: DeviceId) -> Snapshot | None:
        """What was kept, and it is kept no longer; None where nothing was."""
        key = {"of": tenant, "id": device}
        row = await self._db.row(_get, key)
        if row is None:
            return None
        await self._db.run(_drop, key)
        packed = self._db.cipher.decrypt(row.sealed, context("forgotten", tenant, device))
        try:
            return _codec.decode(zlib.decompress(packed))
        except zlib.error as error:
            raise Unreadable("a stored snapshot is damaged") from error
