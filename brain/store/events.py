"""Events: each device's timeline, and what many devices have in common.

Values of parameters are encrypted as they are in snapshots; codes and versions are not.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Row,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
)

from brain.domain.history import By, Event, EventKind, Pattern, Window
from brain.domain.identity import DeviceId, TenantId
from brain.store.columns import Word, metadata, moment, one_of, row_number, words
from brain.store.devices import devices
from brain.store.event_patterns import patterns_in
from brain.store.repository import Repository, columns_of, context, pattern

# Written out: a database uses a partial index only for a condition that it can read.
TROUBLES = text("kind IN ('boot', 'value_change')")
_STATES = frozenset({"Up", "Down", "Unknown", "Dormant", "NotPresent", "LowerLayerDown", "Error"})
"""TR-181: what the Status of an interface may be."""

events = Table(
    "events",
    metadata,
    row_number(),
    words("tenant"),
    words("device"),
    one_of("kind", EventKind),
    moment("at"),
    words("path"),
    words("value"),
    words("detail"),
    Column("by", Word(By)),
    Column("firmware", Text),
    Column("sealed", LargeBinary),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
    Index(None, "tenant", "device", "at"),
    Index("ix_events_troubles", "tenant", "at", sqlite_where=TROUBLES, postgresql_where=TROUBLES),
    Index(None, "kind", "at"),
)
_add = insert(events)
_of_device = (
    select(events)
    .where(events.c.tenant == bindparam("tenant"), events.c.device == bindparam("device"))
    .order_by(events.c.at.desc(), events.c.row.desc())
    .limit(bindparam("count"))
)
_since = events.c.at >= bindparam("since")
_until = events.c.at < bindparam("until")
_kinds = events.c.kind.in_(bindparam("kinds", expanding=True))
_path = events.c.path == bindparam("path")
_below = events.c.path.like(bindparam("path"), escape="\\")

_alike = (
    select(
        events.c.device,
        events.c.value,
        events.c.path,
        events.c.by,
        events.c.firmware,
        devices.c.manufacturer,
        devices.c.model,
        func.count().label("times"),
        func.min(events.c.at, type_=events.c.at.type).label("first"),
        func.max(events.c.at, type_=events.c.at.type).label("last"),
    )
    .join(devices, and_(devices.c.tenant == events.c.tenant, devices.c.id == events.c.device))
    .where(events.c.tenant == bindparam("tenant"), events.c.kind == bindparam("kind"), _since)
    .group_by(
        events.c.device,
        events.c.value,
        events.c.path,
        events.c.by,
        events.c.firmware,
        devices.c.manufacturer,
        devices.c.model,
    )
)
_old = select(events.c.row).where(_kinds, events.c.at < bindparam("before"))
_forget = delete(events).where(events.c.row.in_(_old.limit(bindparam("count"))))


_newest = func.row_number().over(
    partition_by=events.c.device, order_by=(events.c.at.desc(), events.c.row.desc())
)
_recent = (
    select(events, _newest.label("place"))
    .where(
        events.c.tenant == bindparam("tenant"),
        # Each by itself, so that SQLite sees how few they are and does not go through the fleet's.
        events.c.device.in_(bindparam("devices", expanding=True)),
        events.c.kind == EventKind.VALUE_CHANGE,
        events.c.value.in_(bindparam("values", expanding=True)),
        _since,
    )
    .subquery("recent")
)
_became = select(_recent).where(_recent.c.place <= bindparam("each"))


class Events(Repository):
    """Added as they happen, read newest first, forgotten by age and kind."""

    __slots__ = ()

    async def add(self, *happened: Event) -> None:
        """Keep them. Conflict for a device that is not stored in the event's tenant."""
        if happened:
            await self._db.run(_add, [self._columns(event) for event in happened])

    async def of_device(
        self,
        tenant: TenantId,
        device: DeviceId,
        *,
        since: datetime | None = None,
        kinds: Collection[EventKind] | None = None,
        limit: int = 200,
    ) -> list[Event]:
        """Newest first; those from ``since`` on, and of these ``kinds``, when given."""
        wanted = None if kinds is None else frozenset(kinds)
        return await self.in_window(tenant, device, Window(since=since, kinds=wanted, limit=limit))

    async def in_window(self, tenant: TenantId, device: DeviceId, window: Window) -> list[Event]:
        """Those that the window has, newest first."""
        statement = _of_device
        values: dict[str, Any] = {"tenant": tenant, "device": device, "count": window.limit}
        if window.since is not None:
            statement, values["since"] = statement.where(_since), window.since
        if window.until is not None:
            statement, values["until"] = statement.where(_until), window.until
        if window.kinds is not None:
            statement, values["kinds"] = statement.where(_kinds), list(window.kinds)
        if window.path.endswith("."):
            begins = pattern(window.path, anywhere=False)
            statement, values["path"] = statement.where(_below), begins
        elif window.path:
            statement, values["path"] = statement.where(_path), window.path
        return [self._event(row) for row in await self._db.rows(statement, values)]

    async def patterns(
        self, tenant: TenantId, kind: EventKind, *, since: datetime, least: int = 2
    ) -> list[Pattern]:
        """What happened since then to ``least`` devices or more of one make, model and firmware.

        Firmware is what each ran when it happened. The widest spread first.
        """
        values = {"tenant": tenant, "kind": kind, "since": since}
        return patterns_in(await self._db.rows(_alike, values), least=least)

    async def became(
        self,
        tenant: TenantId,
        devices: Collection[DeviceId],
        values: Collection[str],
        *,
        since: datetime,
        each: int = 50,
    ) -> list[Event]:
        """The changes of any parameter to one of these values, the newest of each device."""
        given = {"tenant": tenant, "devices": [*devices], "values": [*values]}
        rows = await self._db.rows(_became, {**given, "since": since, "each": each})
        return [self._event(row) for row in rows]

    async def forget(self, kinds: Collection[EventKind], before: datetime, *, limit: int) -> int:
        """Forget at most so many of these kinds from before then, of all tenants; how many."""
        values = {"kinds": list(kinds), "before": before, "count": limit}
        return await self._db.run(_forget, values)

    def _columns(self, event: Event) -> dict[str, Any]:
        columns: dict[str, Any] = columns_of(event) | {"sealed": None}
        if event.kind is EventKind.VALUE_CHANGE and event.value and not _is_open(event):
            value = event.value.encode("utf-8", "surrogatepass")
            columns |= {"value": "", "sealed": self._db.cipher.encrypt(value, _place(event))}
        return columns

    def _event(self, row: Row[Any]) -> Event:
        value = row.value
        if row.sealed is not None:
            opened = self._db.cipher.decrypt(row.sealed, _place(row))
            value = opened.decode("utf-8", "surrogatepass")
        return Event(
            tenant=row.tenant,
            device=row.device,
            kind=row.kind,
            at=row.at,
            path=row.path,
            value=value,
            detail=row.detail,
            by=row.by,
            firmware=row.firmware or "",
        )


def _is_open(event: Event) -> bool:
    """Whether an interface is up, in TR-181's own words: databases count that."""
    return event.path.endswith(".Status") and event.value in _STATES


def _place(of: Event | Row[Any]) -> bytes:
    return context("events", of.tenant, of.device, of.at.astimezone(UTC).isoformat(), of.path)
