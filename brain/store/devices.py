"""Devices: the inventory of boxes in homes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypedDict, Unpack

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Insert,
    Integer,
    Row,
    Table,
    Text,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from brain.domain.device import ControllerName, DataModelRoot, Device
from brain.domain.errors import NotFound
from brain.domain.identity import DeviceId, NodeId, SiteId, TenantId
from brain.store.among import among
from brain.store.columns import Moment, metadata, one_of, words
from brain.store.repository import Repository, columns_of, insert_for, pattern

devices = Table(
    "devices",
    metadata,
    words("tenant", key=True),
    # Unique in all tenants: a device that calls in says who it is, not whose.
    Column("id", Text, primary_key=True, unique=True),
    words("oui"),
    words("product_class"),
    words("serial"),
    words("manufacturer"),
    words("model"),
    words("firmware"),
    words("hardware"),
    words("data_model_version"),
    one_of("root", DataModelRoot),
    one_of("controller", ControllerName),
    words("country"),
    Column("site", Text),
    Column("subscriber", Text),
    Column("access_node", Text),
    Column("ring", Text),
    Column("last_seen", Moment),
    Column("inform_every", Integer),
    ForeignKeyConstraint(["tenant", "site"], ["sites.tenant", "sites.id"]),
    ForeignKeyConstraint(["tenant", "subscriber"], ["subscribers.tenant", "subscribers.id"]),
    ForeignKeyConstraint(["tenant", "access_node"], ["nodes.tenant", "nodes.id"]),
    Index(None, "tenant", "access_node", "id"),
    Index(None, "tenant", "site"),
    Index(None, "tenant", "subscriber"),
    # Some of one version of the software, without going through the fleet.
    Index("ix_devices_software", "tenant", "manufacturer", "model", "firmware", "id"),
)
_SEARCHED = ("id", "serial", "manufacturer", "model", "firmware", "subscriber", "site")

_COLUMNS = tuple(column.name for column in devices.c)

_of_tenant = devices.c.tenant == bindparam("tenant")
_find = select(devices).where(devices.c.id == bindparam("id"))
_get = _find.where(_of_tenant)
# In one order, so that two who hold the same devices do not wait for each other for ever.
_hold = (
    select(devices)
    .where(among(devices.c.id, "ids"))
    .order_by(devices.c.id)
    .with_for_update(key_share=True)
)
_next_tenant = select(func.min(devices.c.tenant).label("tenant")).where(
    devices.c.tenant > bindparam("after")
)
_are = select(devices.c.tenant, devices.c.id).where(among(devices.c.id, "ids"))
_known = select(devices).where(among(devices.c.id, "ids"))
_heard = (
    update(devices)
    .where(
        among(devices.c.id, "ids"),
        or_(devices.c.last_seen.is_(None), devices.c.last_seen < bindparam("at", type_=Moment())),
    )
    .values(last_seen=bindparam("at", type_=Moment()))
)
_running = (
    select(devices.c.firmware, func.count().label("number"))
    .where(
        _of_tenant,
        devices.c.manufacturer == bindparam("manufacturer"),
        devices.c.model == bindparam("model"),
    )
    .group_by(devices.c.firmware)
)
_page = (
    select(devices)
    .where(_of_tenant, devices.c.id > bindparam("after"))
    .order_by(devices.c.id)
    .limit(bindparam("count"))
)
_search = _page.where(
    or_(*(devices.c[name].ilike(bindparam("like"), escape="\\") for name in _SEARCHED))
)
_some = select(devices).where(_of_tenant, among(devices.c.id, "ids")).order_by(devices.c.id)
_place = func.row_number().over(partition_by=devices.c.access_node, order_by=devices.c.id)
_below = (
    select(devices.c.access_node, devices.c.id, _place.label("place"))
    .where(_of_tenant, among(devices.c.access_node, "nodes"))
    .subquery("below")
)
_first_below = (
    select(_below.c.access_node, _below.c.id)
    .where(_below.c.place <= bindparam("each"))
    .order_by(_below.c.id)
)
_at_site = (
    select(devices).where(_of_tenant, devices.c.site == bindparam("site")).order_by(devices.c.id)
)


class Said(TypedDict, total=False):
    """What a device says of itself when it is heard from."""

    manufacturer: str | None
    model: str | None
    firmware: str | None
    hardware: str | None
    data_model_version: str | None
    root: DataModelRoot | None
    inform_every: int | None


class Devices(Repository):
    """Kept by id; found by what they are and by where they hang."""

    __slots__ = ()

    async def get(self, tenant: TenantId, device: DeviceId) -> Device | None:
        """The device, or None when the tenant has none of that id."""
        row = await self._db.row(_get, {"tenant": tenant, "id": device})
        return None if row is None else _device(row)

    async def find(self, device: DeviceId) -> Device | None:
        """The device in whichever tenant has it. For controllers only: a device says who it is."""
        row = await self._db.row(_find, {"id": device})
        return None if row is None else _device(row)

    async def hold(self, ids: Collection[DeviceId]) -> dict[DeviceId, Device]:
        """``find`` for many, and nobody else changes them until the transaction ends."""
        rows = await self._db.rows(_hold, {"ids": list(ids)})
        return {row.id: _device(row) for row in rows}

    async def known(self, ids: Collection[DeviceId]) -> Sequence[Device]:
        """Those of these that are stored, in whichever tenant: see ``find``."""
        if not ids:
            return []
        return [_device(row) for row in await self._db.rows(_known, {"ids": sorted(ids)})]

    async def are(self, ids: Collection[DeviceId]) -> set[tuple[TenantId, DeviceId]]:
        """Which of these are stored, and whose they are."""
        if not ids:
            return set()
        rows = await self._db.rows(_are, {"ids": sorted(ids)})
        return {(row.tenant, row.id) for row in rows}

    async def tenants(self) -> "list[TenantId]":
        """All that have a device, by id: from one to the next, and not through the fleet."""
        found: list[TenantId] = []
        while True:
            row = await self._db.row(_next_tenant, {"after": found[-1] if found else ""})
            if row is None or row.tenant is None:
                return found
            found.append(TenantId(row.tenant))

    async def running(self, tenant: TenantId, manufacturer: str, model: str) -> Mapping[str, int]:
        """How many devices of this make there are, by their firmware."""
        values = {"tenant": tenant, "manufacturer": manufacturer, "model": model}
        return {row.firmware: int(row.number) for row in await self._db.rows(_running, values)}

    async def put(self, *given: Device) -> None:
        """Add each, or replace the one of the same id; when it was last seen never goes back.

        Conflict when another tenant has the id, or when a site, subscriber or access node is not
        stored in the device's own tenant.
        """
        if given:
            await self._db.run(_put(self._db.dialect), [columns_of(device) for device in given])

    async def heard(self, ids: Collection[DeviceId], at: datetime) -> None:
        """They were heard from, and nothing else of them is new; an unknown one is left out.

        When they were last seen never goes back.
        """
        if ids:
            await self._db.run(_heard, {"ids": [*ids], "at": at})

    async def touch(self, device: DeviceId, *, at: datetime, **said: Unpack[Said]) -> None:
        """It was heard from, and ``said`` what it is; what is None or left out stays as it was.

        When it was last seen never goes back. NotFound for an unknown device.
        """
        new = {name: value for name, value in said.items() if value is not None}
        latest = case((devices.c.last_seen > at, devices.c.last_seen), else_=at)
        statement = update(devices).where(devices.c.id == device).values(last_seen=latest, **new)
        if not await self._db.run(statement):
            raise NotFound(f"there is no device {device}", field="device")

    async def some(self, tenant: TenantId, ids: Collection[DeviceId]) -> "list[Device]":
        """Those of these devices that the tenant has, by id."""
        rows = await self._db.rows(_some, {"tenant": tenant, "ids": [*ids]})
        return [_device(row) for row in rows]

    async def first_below(
        self, tenant: TenantId, nodes: Collection[NodeId], *, each: int
    ) -> "list[tuple[NodeId, DeviceId]]":
        """Node and id of the first devices that hang directly from each of these nodes, by id."""
        values = {"tenant": tenant, "nodes": [*nodes], "each": each}
        return [(row.access_node, row.id) for row in await self._db.rows(_first_below, values)]

    async def at_site(self, tenant: TenantId, site: SiteId) -> list[Device]:
        """The devices of one home, by id."""
        rows = await self._db.rows(_at_site, {"tenant": tenant, "site": site})
        return [_device(row) for row in rows]

    async def list(
        self, tenant: TenantId, *, search: str = "", limit: int = 100, after: str = ""
    ) -> list[Device]:
        """A page by id, beginning after the id ``after``.

        ``search`` is looked for anywhere in the id, serial number, make, model, firmware,
        subscriber's or site's id.
        """
        values = {"tenant": tenant, "after": after, "count": limit}
        if search.strip():
            values["like"] = pattern(search.strip())
        rows = await self._db.rows(_search if search.strip() else _page, values)
        return [_device(row) for row in rows]


def _device(row: Row[Any]) -> Device:
    return Device(**dict(zip(_COLUMNS, row, strict=True)))


@cache
def _put(dialect: str) -> Insert:
    insert = insert_for(devices, dialect)
    new: dict[str, Any] = {
        column.name: insert.excluded[column.name] for column in devices.c if not column.primary_key
    }
    kept, given = devices.c.last_seen, insert.excluded.last_seen
    new["last_seen"] = case((or_(given.is_(None), given < kept), kept), else_=given)
    return insert.on_conflict_do_update(index_elements=["tenant", "id"], set_=new)
