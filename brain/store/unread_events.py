"""Unread events: taken in and safe, but no rule has looked at them yet."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
)

from brain.domain.history import Event, EventKind
from brain.domain.identity import DeviceId, TenantId
from brain.store.columns import metadata, row_number, words
from brain.store.connection import Connection
from brain.store.repository import Repository

unread_events = Table(
    "unread_events",
    metadata,
    row_number(),
    words("tenant"),
    words("device"),
    words("kind"),
    Column("at", BigInteger, nullable=False),  # microseconds since 1970
    words("path"),
    words("value"),
)
_NAMES = ("tenant", "device", "kind", "at", "path", "value")
_TICK = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_add = insert(unread_events)
_columns = [
    func.unnest(bindparam(name, type_=ARRAY(BigInteger if name == "at" else Text))).label(name)
    for name in _NAMES
]
_add_arrays = insert(unread_events).from_select(_NAMES, select(*_columns))
_oldest = (
    select(unread_events.c.row)
    .order_by(unread_events.c.row)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
    .cte("oldest")
)
_take = (
    delete(unread_events)
    .where(unread_events.c.row.in_(select(_oldest.c.row)))
    .returning(*(unread_events.c[name] for name in _NAMES))
)
_span = select(
    func.min(unread_events.c.row).label("first"), func.max(unread_events.c.row).label("last")
)


class UnreadEvents(Repository):
    """A queue: added in any order, taken by whoever evaluates, and gone once that is kept."""

    __slots__ = ("added",)

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.added = False
        """Whether this transaction keeps any."""

    async def add(self, events: Sequence[Event]) -> None:
        """Keep them for the rules. Whether the devices are known was looked at before."""
        if not events:
            return
        self.added = True
        if self._db.dialect == "postgresql":  # one statement, not one a row
            columns = zip(*map(_row, events), strict=True)
            await self._db.run(_add_arrays, dict(zip(_NAMES, map(list, columns), strict=True)))
        else:
            await self._db.run(
                _add, [dict(zip(_NAMES, _row(each), strict=True)) for each in events]
            )

    async def add_while_room(self, events: Sequence[Event], most: int) -> int:
        """Keep the first of them, so that no more than ``most`` wait; how many were left out."""
        if not events:
            return 0
        room = max(most - await self.backlog(), 0)
        await self.add(events[:room])
        return len(events[room:])

    async def take(self, count: int) -> list[Event]:
        """The oldest that nobody else takes just now; they are gone when this commits.

        Should it not, they are there again: none is evaluated in vain, and none twice.
        """
        rows = await self._db.rows(_take, {"count": count})
        return [
            Event(
                tenant=TenantId(row.tenant),
                device=DeviceId(row.device),
                kind=EventKind(row.kind),
                at=_EPOCH + row.at * _TICK,
                path=row.path,
                value=row.value,
            )
            for row in rows
        ]

    async def backlog(self) -> int:
        """About how many wait, from the numbers of the oldest and the newest: never too few."""
        row = await self._db.row(_span)
        return 0 if row is None or row.first is None else int(row.last - row.first + 1)


def _row(event: Event) -> tuple[str, str, str, int, str, str]:
    at = (event.at - _EPOCH) // _TICK
    return event.tenant, event.device, event.kind.value, at, event.path, event.value
