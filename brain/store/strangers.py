"""Strangers: devices that came and were given nothing, until a person says what they are."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Column, Index, Integer, Row, Table, bindparam, delete, func, select

from brain.domain.enrolment import Answer, Stranger, Why
from brain.domain.identity import DeviceId, TenantId
from brain.store.columns import metadata, moment, one_of, words
from brain.store.repository import Repository, columns_of

MOST: Final = 10_000
"""Kept a tenant: whoever has the shared password can invent as many as they like."""

strangers = Table(
    "strangers",
    metadata,
    words("tenant", key=True),
    words("device", key=True),
    words("oui"),
    words("product_class"),
    words("serial"),
    words("manufacturer"),
    words("firmware"),
    words("root"),
    one_of("why", Why),
    one_of("answer", Answer),
    moment("first_at"),
    moment("last_at"),
    Column("times", Integer, nullable=False),
    Index(None, "tenant", "answer", "last_at"),
    Index(None, "tenant", "last_at", "device"),
)
_of_tenant = strangers.c.tenant == bindparam("tenant")
_this_one = (strangers.c.tenant == bindparam("of"), strangers.c.device == bindparam("named"))
_get = select(strangers).where(_of_tenant, strangers.c.device == bindparam("device"))
_list = (
    select(strangers)
    .where(_of_tenant)
    .order_by(strangers.c.answer.desc(), strangers.c.last_at.desc(), strangers.c.device)
    .limit(bindparam("count"))
)
_count = select(func.count().label("number")).select_from(strangers).where(_of_tenant)
_oldest = (
    select(strangers.c.device)
    .where(_of_tenant)
    .order_by(strangers.c.last_at, strangers.c.device)
    .limit(1)
)
_remove = delete(strangers).where(*_this_one)


class Strangers(Repository):
    """At most ``MOST`` a tenant: a new one takes the place of who was silent longest."""

    __slots__ = ()

    async def get(self, tenant: TenantId, device: DeviceId) -> Stranger | None:
        """One of them, or None when nobody of that id was turned away."""
        row = await self._db.row(_get, {"tenant": tenant, "device": device})
        return None if row is None else _stranger(row)

    async def list(self, tenant: TenantId, *, limit: int) -> Sequence[Stranger]:
        """Those that wait first, and of these who came last."""
        rows = await self._db.rows(_list, {"tenant": tenant, "count": limit})
        return [_stranger(row) for row in rows]

    async def came(self, stranger: Stranger) -> Answer:
        """Keep that it came, once more where it came before; what a person said of it."""
        before = await self.get(stranger.tenant, stranger.device)
        if before is not None:
            stranger = replace(
                stranger, answer=before.answer, first_at=before.first_at, times=before.times + 1
            )
        await self.put(stranger)
        return stranger.answer

    async def put(self, stranger: Stranger) -> None:
        """Keep it instead of what was kept of it."""
        if await self.get(stranger.tenant, stranger.device) is None:
            await self._make_room(stranger.tenant)
        await self._upsert(strangers, columns_of(stranger))

    async def remove(self, tenant: TenantId, device: DeviceId) -> bool:
        """Forget it: it was let in."""
        return await self._db.run(_remove, {"of": tenant, "named": device}) == 1

    async def _make_room(self, tenant: TenantId) -> None:
        count = await self._db.row(_count, {"tenant": tenant})
        if count is not None and count.number >= MOST:
            oldest = await self._db.row(_oldest, {"tenant": tenant})
            if oldest is not None:
                await self.remove(tenant, oldest.device)


def _stranger(row: Row[Any]) -> Stranger:
    return Stranger(**row._mapping)
