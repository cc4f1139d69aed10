"""Measures: numbers that devices said over time, encrypted.

Four weeks of one device are one row. Rows of single points would be ten times as large, and a
device's week would lie scattered over the table. When people are at home can be read in them, so
they are encrypted as snapshots are.
"""

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Row,
    Table,
    bindparam,
    delete,
    select,
    tuple_,
)

from brain.domain.errors import Unreadable
from brain.domain.history import Measured, Point
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.repository import Repository, context

_log = structlog.get_logger(__name__)

Page = dict[str, tuple[list[int], str]]
"""By path: the seconds from one point to the next, the first from the page's beginning; and the
values with blanks between."""
Owner = tuple[TenantId, DeviceId]

measures = Table(
    "measures",
    metadata,
    words("tenant", key=True),
    words("device", key=True),
    Column("page", Integer, primary_key=True, autoincrement=False),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
    Index(None, "page"),
)
_codec: Codec[Page] = Codec(Page, "page of measures")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
PAGE = 28 * 86_400
"""Seconds of one page."""
_LAST = 2**31 - 1
_FULL = 200_000
"""Points of one page: what a device reports by itself must not grow it for ever."""

_key = tuple_(measures.c.tenant, measures.c.device, measures.c.page)
_some = select(measures).where(_key.in_(bindparam("places", expanding=True)))
_of_device = (
    select(measures)
    .where(
        measures.c.tenant == bindparam("tenant"),
        measures.c.device == bindparam("device"),
        measures.c.page.between(bindparam("first"), bindparam("last")),
    )
    .order_by(measures.c.page)
)
_old = select(measures.c.tenant, measures.c.device, measures.c.page).where(
    measures.c.page < bindparam("page")
)
_forget = delete(measures).where(_key.in_(_old.limit(bindparam("count"))))


class Measures(Repository):
    """Added to as devices speak, read by device and time, forgotten by whole pages."""

    __slots__ = ()

    async def add(self, given: Mapping[Owner, Measured]) -> None:
        """Keep these points; one of the same second replaces the one before.

        Whoever adds holds the device until the transaction ends (``snapshots.merge`` and
        ``devices.hold`` do), so that no two add to one page at once. Conflict for a device that is
        not stored. A page that cannot be read gives way to one that begins with these points.
        """
        new = {
            (*owner, page): points
            for owner, measured in given.items()
            for page, points in _by_page(measured).items()
        }
        if not new:
            return
        rows = await self._db.rows(_some, {"places": list(new)})
        old = {(row.tenant, row.device, row.page): row for row in rows}
        values = [
            self._row(*place, self._grown(old.get(place), said)) for place, said in new.items()
        ]
        await self._upsert(measures, values)

    async def of_device(
        self,
        tenant: TenantId,
        device: DeviceId,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        paths: Collection[str] | None = None,
    ) -> dict[ParameterPath, list[Point]]:
        """The points from ``since`` on and before ``until``, by path, oldest first.

        Of these ``paths`` alone when given; a path without a point is absent.
        """
        first, last = (_seconds(each) if each else None for each in (since, until))
        key = {
            "tenant": tenant,
            "device": device,
            "first": 0 if first is None else first // PAGE,
            "last": _LAST if last is None else last // PAGE,
        }
        found: dict[ParameterPath, list[Point]] = {}
        for row in await self._db.rows(_of_device, key):
            for path, series in self._opened(row).items():
                if paths is None or path in paths:
                    said = [each for each in _points(row.page, series) if _in(each, since, until)]
                    found.setdefault(ParameterPath(path), []).extend(said)
        return {path: points for path, points in sorted(found.items()) if points}

    async def forget(self, before: datetime, *, limit: int) -> int:
        """Forget at most so many pages that ended before then, of all tenants; how many it were."""
        return await self._db.run(_forget, {"page": _seconds(before) // PAGE, "count": limit})

    def _grown(self, row: Row[Any] | None, said: Page) -> Page:
        if row is None:
            return said
        try:
            old = self._opened(row)
            if sum(len(steps) for steps, _ in old.values()) > _FULL:
                _log.warning("measures_full", device=row.device, page=row.page)
                return old
            return _joined(old, said)
        except Unreadable as error:  # or no number of this device could be kept any more
            _log.error("measures_begun_anew", device=row.device, page=row.page, reason=str(error))
            return said

    def _row(self, tenant: TenantId, device: DeviceId, page: int, said: Page) -> dict[str, Any]:
        place = context("measures", tenant, device, str(page))
        document = self._db.cipher.encrypt(sealable(said), place)
        return {"tenant": tenant, "device": device, "page": page, "sealed": document}

    def _opened(self, row: Row[Any]) -> Page:
        place = context("measures", row.tenant, row.device, str(row.page))
        packed = self._db.cipher.decrypt(row.sealed, place)
        try:
            return _codec.decode(zlib.decompress(packed))
        except zlib.error as error:
            raise Unreadable("a stored page of measures is damaged") from error


def sealable(said: Page) -> bytes:
    """A page as it is before it is sealed."""
    return zlib.compress(_codec.encode(said))


def _by_page(measured: Measured) -> dict[int, Page]:
    pages: dict[int, dict[str, dict[int, str]]] = {}
    for path, points in measured.items():
        for at, value in points:
            page, second = divmod(_seconds(at), PAGE)
            pages.setdefault(page, {}).setdefault(path, {})[second] = value
    return {
        page: {path: _series(said) for path, said in by_path.items()}
        for page, by_path in pages.items()
    }


def _joined(old: Page, new: Page) -> Page:
    return old | {
        path: _series(dict(_unpacked(old[path])) | dict(_unpacked(series)))
        if path in old
        else series
        for path, series in new.items()
    }


def _series(said: Mapping[int, str]) -> tuple[list[int], str]:
    seconds = sorted(said)
    steps = [at - before for before, at in zip([0, *seconds], seconds, strict=False)]
    return steps, " ".join(said[at] for at in seconds)


def _unpacked(series: tuple[list[int], str]) -> Iterator[tuple[int, str]]:
    steps, values = series[0], series[1].split(" ")
    if len(steps) != len(values):
        raise Unreadable("a stored page of measures is damaged")
    return zip(_sums(steps), values, strict=True)


def _sums(steps: Iterable[int]) -> Iterator[int]:
    at = 0
    for step in steps:
        at += step
        yield at


def _points(page: int, series: tuple[list[int], str]) -> Iterator[Point]:
    begin = _EPOCH + page * PAGE * _SECOND
    return (Point(begin + second * _SECOND, value) for second, value in _unpacked(series))


def _in(point: Point, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or point.at >= since) and (until is None or point.at < until)


def _seconds(at: datetime) -> int:
    return (at - _EPOCH) // _SECOND
