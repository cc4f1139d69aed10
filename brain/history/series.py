"""What parameters of a device were over time: its measures, and of all else the timeline."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from brain.domain.history import Point, Series, Window
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath
from brain.history import timeline as history

_LOOK_BACK: Final = timedelta(days=28)
"""How far before its beginning it is looked for what a measure was then."""
_MOST: Final = 2_000


class Measures(Protocol):
    """Numbers over time."""

    async def of_device(
        self,
        tenant: TenantId,
        device: DeviceId,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        paths: Collection[str] | None = None,
    ) -> Mapping[ParameterPath, Sequence[Point]]:
        """By path, oldest first."""


class Snapshots(Protocol):
    """What devices last said."""

    async def heard(
        self, tenant: TenantId, device: DeviceId, paths: Collection[str]
    ) -> Mapping[ParameterPath, Point]:
        """What each path was when it was last said."""


class Reads(history.Reads, Protocol):
    """``brain.store.transaction.Transaction`` is one."""

    @property
    def measures(self) -> Measures:
        """Numbers over time."""

    @property
    def snapshots(self) -> Snapshots:
        """What devices last said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From ``since`` on and before ``until``."""

    since: datetime
    until: datetime


async def measured(tx: Reads, tenant: TenantId, device: DeviceId, span: Span) -> list[Series]:
    """Every measure that the device told of in that time, in order of path."""
    found = await _measures(tx, tenant, device, span, None)
    return await _up_to_now(tx, tenant, device, span, found)


async def series(
    tx: Reads, tenant: TenantId, device: DeviceId, paths: Collection[str], span: Span
) -> list[Series]:
    """These parameters, whatever they are; what nothing is known of in that time is left out."""
    found = await _measures(tx, tenant, device, span, paths)
    for path in sorted(set(paths) - found.keys()):
        window = Window(since=span.since, until=span.until, path=path, limit=_MOST)
        told = await history.timeline(tx, tenant, device, window)
        points = [Point(each.at, each.value) for each in reversed(told) if each.value]
        found[ParameterPath(path)] = points
    return await _up_to_now(tx, tenant, device, span, found)


async def _measures(
    tx: Reads, tenant: TenantId, device: DeviceId, span: Span, paths: Collection[str] | None
) -> dict[ParameterPath, list[Point]]:
    read = await tx.measures.of_device(
        tenant, device, since=span.since - _LOOK_BACK, until=span.until, paths=paths
    )
    return {path: _from(points, span.since) for path, points in read.items()}


def _from(points: Sequence[Point], since: datetime) -> list[Point]:
    """What it was at ``since``, as it was said last before, and what it was later."""
    before = [each for each in points if each.at < since]
    held = [Point(since, before[-1].value)] if before else []
    return [*held, *points[len(before) :]]


async def _up_to_now(
    tx: Reads,
    tenant: TenantId,
    device: DeviceId,
    span: Span,
    found: Mapping[ParameterPath, list[Point]],
) -> list[Series]:
    """With what each was when it was last heard: unchanged since its last point."""
    heard = await tx.snapshots.heard(tenant, device, found.keys()) if found else {}
    for path, last in heard.items():
        points = found[path]
        if span.since <= last.at < span.until and (not points or last.at > points[-1].at):
            points.append(last)
    return [Series(path=path, points=each) for path, each in sorted(found.items()) if each]
