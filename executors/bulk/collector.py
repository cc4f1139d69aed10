"""Keeps the numbers of bulk data reports in the history of the device that sent them.

Only numbers that the data model knows as such, and that this device has, at a time that can be:
what it says otherwise is counted and left out. What the device last said (its snapshot), which
plans and policy rest on, is not touched: nobody asked it, and its clock is its own.
"""

from collections import Counter, OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from brain.datamodel.catalogue import catalogue
from brain.datamodel.lexical import canonical
from brain.datamodel.traits import trait_of
from brain.domain.errors import Busy, InvalidValue, NotFound
from brain.domain.history import Point, Trait
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, Value
from brain.domain.ports import Clock
from brain.history.recording import is_plain_number
from brain.store.store import Store
from executors.bulk.reports import Malformed, Report, read
from executors.canonical import is_path
from executors.flood import Flood

_log = structlog.get_logger(__name__)

EVERY: Final = timedelta(minutes=15)
"""One point of each number in so long, the last one: four weeks of a device are one record."""
_MOST_NUMBERS: Final = 100
"""Of one report."""
_FUTURE: Final = timedelta(minutes=5)
"""So far a device's clock may be ahead."""
_PAST: Final = timedelta(days=7)
"""So long a device may have held back what it could not send."""
_RATE: Final = 1 / 60
"""Uploads a second of one device, over time."""
_BURST: Final = 30.0
_MOST_DEVICES: Final = 50_000
UPLOADS: Final = ("kept", "malformed", "floods", "lost")
"""What comes of an upload; ``lost``: it could not be kept, or nobody knows whose it is."""
VALUES: Final = ("numbers", "left_out")
"""What comes of the values of those that are kept."""
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one upload."""

    numbers: int
    left_out: int


@dataclass(slots=True, kw_only=True)
class Collector:
    """Takes uploads of devices whose identity is proven."""

    store: Store
    clock: Clock
    counts: Counter[str] = field(default_factory=Counter)
    """Of each of UPLOADS and VALUES."""
    _floods: "OrderedDict[DeviceId, Flood]" = field(default_factory=OrderedDict)

    async def take(self, device: DeviceId, content: bytes) -> Taken:
        """Keep what may be kept.

        Malformed for what is no report, Busy for a device that sends too often, NotFound for one
        that is not stored; nothing is kept then.
        """
        if not self._flood(device).takes(self.clock().timestamp()):
            self.counts["floods"] += 1
            raise Busy("this device reports too often")
        try:
            reports = read(content)
        except Malformed as error:
            self.counts["malformed"] += 1
            _log.info("bulk_report_refused", device=device, reason=str(error))
            raise
        taken = await self._keep(device, reports)
        self.counts.update(kept=1, numbers=taken.numbers, left_out=taken.left_out)
        return taken

    async def _keep(self, id: DeviceId, reports: Sequence[Report]) -> Taken:
        said = sum(len(each.values) for each in reports)
        async with self.store.begin() as tx:
            device = (await tx.devices.hold([id])).get(id)
            if device is None:
                raise NotFound("nobody knows this device", field="device")
            names = await tx.models.get(device.tenant, id)
            points = _points(reports, names or {}, self.clock())
            if points:
                await tx.measures.add({(device.tenant, id): points})
        numbers = sum(map(len, points.values()))
        return Taken(numbers, said - numbers)

    def _flood(self, device: DeviceId) -> Flood:
        found = self._floods.pop(device, None) or Flood(
            rate=_RATE, burst=_BURST, now=self.clock().timestamp()
        )
        self._floods[device] = found
        if len(self._floods) > _MOST_DEVICES:
            self._floods.popitem(last=False)
        return found


def _points(
    reports: Sequence[Report], names: Collection[str], now: datetime
) -> Mapping[ParameterPath, list[Point]]:
    found: dict[ParameterPath, dict[datetime, Value]] = {}
    for at, report in sorted(_timely(reports, now), key=lambda each: each[0]):
        numbers = {
            path: number
            for path, text in report.values.items()
            if path in names and (number := _number(path, text)) is not None
        }
        for path, number in [*numbers.items()][:_MOST_NUMBERS]:
            found.setdefault(ParameterPath(path), {})[at - (at - _START) % EVERY] = number
    return {
        path: [Point(at, value) for at, value in by_time.items()] for path, by_time in found.items()
    }


def _timely(reports: Sequence[Report], now: datetime) -> list[tuple[datetime, Report]]:
    """Those of a time that can be, with it."""
    moments = [(each.at or now, each) for each in reports]
    return [(at, each) for at, each in moments if now - _PAST <= at <= now + _FUTURE]


def _number(path: str, text: str) -> Value | None:
    """What a measure of this device is; None for what is none, or not of its type."""
    if not is_path(path) or trait_of(path) is not Trait.MEASURE:
        return None
    entry = catalogue().find(path)
    if entry is None or entry.type is None:
        return None
    try:
        value = canonical(entry.type, text)
    except InvalidValue:
        return None
    return value if is_plain_number(value) else None
