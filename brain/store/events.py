"""Events: each device's timeline."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, Row, Table, bindparam, insert, select, text

from brain.domain.history import Event, EventKind
from brain.domain.identity import DeviceId, TenantId
from brain.store.columns import metadata, moment, one_of, row_number, words
from brain.store.repository import Repository, columns_of

# Written out: a database uses a partial index only for a condition that it can read.
TROUBLES = text("kind IN ('boot', 'value_change')")
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
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
    Index(None, "tenant", "device", "at"),
    # Without the Informs, which are most of them and no trouble.
    Index("ix_events_troubles", "tenant", "at", sqlite_where=TROUBLES, postgresql_where=TROUBLES),
)
_add = insert(events)
_of_device = (
    select(events)
    .where(events.c.tenant == bindparam("tenant"), events.c.device == bindparam("device"))
    .order_by(events.c.at.desc(), events.c.row.desc())
    .limit(bindparam("count"))
)
_since = events.c.at >= bindparam("since")
_kinds = events.c.kind.in_(bindparam("kinds", expanding=True))


class Events(Repository):
    """Added as they happen, read newest first."""

    __slots__ = ()

    async def add(self, *happened: Event) -> None:
        """Keep them. Conflict for a device that is not stored in the event's tenant."""
        if happened:
            await self._db.run(_add, [columns_of(event) for event in happened])

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
        statement = _of_device
        values: dict[str, Any] = {"tenant": tenant, "device": device, "count": limit}
        if since is not None:
            statement, values["since"] = statement.where(_since), since
        if kinds is not None:
            statement, values["kinds"] = statement.where(_kinds), list(kinds)
        return [_event(row) for row in await self._db.rows(statement, values)]


def _event(row: Row[Any]) -> Event:
    return Event(
        tenant=row.tenant,
        device=row.device,
        kind=row.kind,
        at=row.at,
        path=row.path,
        value=row.value,
        detail=row.detail,
    )
