"""Leases: one writer a device, each with a higher number than every one before it."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Table,
    UpdateBase,
    bindparam,
    case,
    literal,
    or_,
    select,
    update,
)

from brain.domain.errors import InvalidInput, NotFound
from brain.domain.identity import DeviceId
from brain.store.columns import Moment, metadata, words
from brain.store.devices import devices
from brain.store.repository import Repository, insert_for

leases = Table(
    "leases",
    metadata,
    words("device", key=True),
    words("tenant"),
    words("owner"),
    Column("until", Moment, nullable=False),
    Column("fence", BigInteger, nullable=False),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
)
_NOBODY = ""
_known = select(devices.c.id).where(devices.c.id == bindparam("device"))
_fence = select(leases.c.fence).where(leases.c.device == bindparam("device")).with_for_update()
_release = (
    update(leases)
    .where(leases.c.device == bindparam("of"), leases.c.owner == bindparam("by"))
    .values(owner=_NOBODY)
)


class Leases(Repository):
    """A row stays for ever, so that its number never starts again."""

    __slots__ = ()

    async def take(
        self, device: DeviceId, owner: str, now: datetime, until: datetime
    ) -> int | None:
        """Lease the device until then: the fence, or None while another owner has it.

        The owner renews and keeps its fence for as long as nobody else came between; every other
        lease of the device has a higher one. NotFound for an unknown device.
        """
        if owner == _NOBODY:
            raise InvalidInput("a lease has an owner", field="owner")
        values = {"device": device, "owner": owner, "now": now, "until": until}
        row = await self._db.row(_take(self._db.dialect), values)
        if row is None and await self._db.row(_known, {"device": device}) is None:
            raise NotFound(f"there is no device {device}", field="device")
        return None if row is None else int(row.fence)

    async def release(self, device: DeviceId, owner: str) -> None:
        """Give it back; does nothing when the owner does not have it."""
        await self._db.run(_release, {"of": device, "by": owner})

    async def hold(self, device: DeviceId) -> int:
        """The highest fence ever given out; 0 when the device was never leased.

        It stays so until this transaction ends: who leases the device, or holds it too, waits, and
        reads after that what this one kept.
        """
        row = await self._db.row(_fence, {"device": device})
        return 0 if row is None else int(row.fence)


@cache
def _take(dialect: str) -> UpdateBase:
    """One statement, so that of two who take at once one sees what the other did."""
    insert = insert_for(leases, dialect)
    new = insert.excluded
    first: Any = select(
        devices.c.id,
        devices.c.tenant,
        bindparam("owner"),
        bindparam("until", type_=Moment),
        literal(1),
    ).where(devices.c.id == bindparam("device"))
    same = leases.c.owner == new.owner
    return (
        insert.from_select(["device", "tenant", "owner", "until", "fence"], first)
        .on_conflict_do_update(
            index_elements=[leases.c.device],
            set_={
                "owner": new.owner,
                "until": new.until,
                "fence": case((same, leases.c.fence), else_=leases.c.fence + 1),
            },
            where=or_(
                same,
                leases.c.owner == _NOBODY,
                leases.c.until <= bindparam("now", type_=Moment),
            ),
        )
        .returning(leases.c.fence)
    )
