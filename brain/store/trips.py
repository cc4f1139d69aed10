"""Trips: devices that met a rule's condition, until it is judged how far the trouble reaches."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Insert,
    Row,
    Table,
    Text,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)

from brain.domain.identity import DeviceId, NodeId, TenantId
from brain.domain.remediation import Seen, Trip
from brain.store.among import among
from brain.store.codec import Codec
from brain.store.columns import Moment, metadata, moment, words
from brain.store.repository import Repository, insert_for, pattern

trips = Table(
    "trips",
    metadata,
    words("tenant", key=True),
    words("rule", key=True),
    words("device", key=True),
    Column("node", Text),
    words("version"),
    moment("at"),
    moment("judge_at"),
    Column("judged_at", Moment),
    words("said"),
    words("seen"),
    Index(None, "judged_at", "judge_at"),
    Index(None, "tenant", "rule", "node"),
    Index(None, "tenant", "rule", "version"),
)
SEEN: Codec[tuple[Seen, ...]] = Codec(tuple[Seen, ...], "trip")
_of_tenant = trips.c.tenant == bindparam("tenant")
_of_rule = (_of_tenant, trips.c.rule == bindparam("rule"), trips.c.at >= bindparam("since"))
_due = (
    select(trips)
    .where(trips.c.judged_at.is_(None), trips.c.judge_at <= bindparam("now"))
    .order_by(trips.c.judge_at, trips.c.device)
    .limit(bindparam("count"))
)
_still = select(trips).where(
    _of_tenant,
    trips.c.rule == bindparam("rule"),
    trips.c.device == bindparam("device"),
    trips.c.judged_at.is_(None),
)
_by_version = (
    select(trips.c.version, func.count().label("devices"))
    .where(*_of_rule, trips.c.version.like(bindparam("make"), escape="\\"))
    .group_by(trips.c.version)
)
_this = update(trips).where(
    trips.c.tenant == bindparam("of"),
    trips.c.rule == bindparam("by"),
    trips.c.device == bindparam("on"),
)
_judged = _this.values(judged_at=bindparam("then"))
_later = _this.values(judge_at=bindparam("then"))
_on_devices = select(trips).where(*_of_rule, among(trips.c.device, "devices"))
_prune = delete(trips).where(trips.c.judged_at < bindparam("before"))
_waiting = select(func.count()).select_from(trips).where(trips.c.judged_at.is_(None))


class Trips(Repository):
    """One a device and rule, the newest; kept for a while, for others are judged by them too."""

    __slots__ = ()

    async def put(self, tripped: Sequence[Trip]) -> None:
        """Have them judged. One that still waits keeps its time, and takes what was seen since."""
        if tripped:
            await self._db.run(_put(self._db.dialect), [_row(each) for each in tripped])

    async def due(self, now: datetime, *, limit: int) -> list[Trip]:
        """Whose time to be judged has come, of all tenants, the longest waiting first.

        Without what was seen: ``still`` reads that, so that a damaged one holds up no other.
        """
        return [
            _trip(row, seen=()) for row in await self._db.rows(_due, {"now": now, "count": limit})
        ]

    async def judged(self, trip: Trip, at: datetime) -> None:
        """It was judged: what follows from it is kept in the same transaction."""
        values = {"of": trip.tenant, "by": trip.rule, "on": trip.device, "then": at}
        await self._db.run(_judged, values)

    async def later(self, trip: Trip, at: datetime) -> None:
        """Have it judged then instead."""
        values = {"of": trip.tenant, "by": trip.rule, "on": trip.device, "then": at}
        await self._db.run(_later, values)

    async def still(self, trip: Trip) -> Trip | None:
        """The same as it is now; None when somebody judged it meanwhile."""
        values = {"tenant": trip.tenant, "rule": trip.rule, "device": trip.device}
        row = await self._db.row(_still, values)
        return None if row is None else _trip(row, seen=SEEN.decode(row.seen))

    async def by_version(
        self, tenant: TenantId, rule: str, make: str, *, since: datetime
    ) -> dict[str, int]:
        """How many devices of this make (what its versions begin with), by version."""
        like = pattern(make, anywhere=False)
        values = {"tenant": tenant, "rule": rule, "make": like, "since": since}
        return {row.version: int(row.devices) for row in await self._db.rows(_by_version, values)}

    async def on(
        self, tenant: TenantId, rule: str, devices: Collection[DeviceId], *, since: datetime
    ) -> list[Trip]:
        """On any of these devices, since then, without what was seen."""
        if not devices:
            return []
        values = {"tenant": tenant, "rule": rule, "devices": sorted(devices), "since": since}
        return [_trip(row, seen=()) for row in await self._db.rows(_on_devices, values)]

    async def waiting(self) -> int:
        """How many were not judged yet."""
        row = await self._db.row(_waiting)
        return 0 if row is None else int(row[0])

    async def prune(self, before: datetime) -> int:
        """Forget those that were judged before then."""
        return await self._db.run(_prune, {"before": before})


def _trip(row: Row[Any], *, seen: tuple[Seen, ...]) -> Trip:
    return Trip(
        tenant=row.tenant,
        rule=row.rule,
        device=row.device,
        node=None if row.node is None else NodeId(row.node),
        version=row.version,
        at=row.at,
        judge_at=row.judge_at,
        said=row.said,
        seen=seen,
    )


def _row(trip: Trip) -> dict[str, Any]:
    return {
        "tenant": trip.tenant,
        "rule": trip.rule,
        "device": trip.device,
        "node": trip.node,
        "version": trip.version,
        "at": trip.at,
        "judge_at": trip.judge_at,
        "judged_at": None,
        "said": trip.said,
        "seen": SEEN.encode(trip.seen).decode(),
    }


@cache
def _put(dialect: str) -> Insert:
    insert = insert_for(trips, dialect)
    new: dict[str, Any] = {
        column.name: insert.excluded[column.name] for column in trips.c if not column.primary_key
    }
    still = trips.c.judged_at.is_(None)
    new["judge_at"] = case((still, trips.c.judge_at), else_=insert.excluded.judge_at)
    return insert.on_conflict_do_update(index_elements=list(trips.primary_key), set_=new)
