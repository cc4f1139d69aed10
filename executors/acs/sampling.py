"""Looks at a device now and then, while it is here anyway: what nobody reads, nobody knows.

A device is not woken for it, and what it left unanswered when it went is asked at its next call.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from brain.domain.device import Device
from brain.domain.errors import GatewrightError
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, template_of
from brain.domain.ports import Clock
from brain.store.store import Store
from executors.acs.looking import MEASURED, Looks, Wants, turned

_log = structlog.get_logger(__name__)

_ANEW: Final = timedelta(hours=12)
"""How often it is worked out what a device has to look at: rows come and go."""
_REMEMBERED: Final = timedelta(days=2)
"""A device that did not call for longer is looked at whole."""


class Read(Protocol):
    """Reads these of a device that is here, and keeps what it says."""

    async def __call__(
        self, device: Device, paths: Sequence[ParameterPath], *, points: bool
    ) -> None:
        """Without ``points`` its numbers go to the rules alone. Raises GatewrightError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A device that was looked at."""

    looks: Looks
    firmware: str
    since: datetime
    """When ``looks`` were worked out."""
    at: datetime | None = None
    """The last look."""

    def due(self, device: DeviceId, wants: Wants, now: datetime) -> list[ParameterPath]:
        """What to look at now."""
        points = wants.points(device, self.at, now)
        return [
            each.path
            for each in self.looks
            if turned(device, each.every, self.at, now)
            or (points and template_of(each.path) in MEASURED)
        ]


@dataclass(slots=True, kw_only=True)
class Sampling:
    """Runs beside the sessions, some at a time; whoever finds no place is looked at next time."""

    store: Store
    clock: Clock
    read: Read
    wants: Wants
    hold: Callable[[DeviceId], AbstractContextManager[None]] = lambda device: nullcontext()
    """Has a device that is here wait a moment for what is about to be asked."""
    at_once: int = 32
    _known: dict[DeviceId, _Known] = field(default_factory=dict)
    _running: dict[DeviceId, asyncio.Task[None]] = field(default_factory=dict)

    def begin(self, device: Device) -> None:
        """Look at it, if there is anything whose time has come."""
        if not self.wants.anything:
            return
        now = self.clock()
        self._forget(now)
        if device.id in self._running or len(self._running) >= self.at_once:
            return
        known = self._known.get(device.id)
        if known is not None and not known.due(device.id, self.wants, now):
            return
        task = asyncio.create_task(self._look(device, now), name=f"sampling {device.id}")
        self._running[device.id] = task
        task.add_done_callback(lambda _: self._running.pop(device.id, None))

    async def settled(self) -> None:
        """Wait for those under way."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def close(self) -> None:
        """Stop them all."""
        for task in self._running.values():
            task.cancel()
        await self.settled()

    def _forget(self, now: datetime) -> None:
        """Those that did not call for long; the oldest stand first."""
        while self._known:
            oldest = next(iter(self._known))
            last = self._known[oldest].at
            if last is not None and now - last < _REMEMBERED:
                return
            del self._known[oldest]

    async def _look(self, device: Device, now: datetime) -> None:
        try:
            known = await self._worked_out(device, now)
            paths = known.due(device.id, self.wants, now)
            if paths:
                points = self.wants.points(device.id, known.at, now)
                await self.read(device, paths, points=points)
        except GatewrightError as error:
            _log.info("sampling_failed", device=device.id, reason=str(error))
            return
        self._known.pop(device.id, None)
        self._known[device.id] = replace(known, at=now)

    async def _worked_out(self, device: Device, now: datetime) -> _Known:
        known = self._known.get(device.id)
        if known and known.firmware == device.firmware and now - known.since < _ANEW:
            return known
        with self.hold(device.id):
            async with self.store.read() as tx:
                said = await tx.snapshots.latest(device.tenant, device.id)
        looks = self.wants.looks(said.values if said else {})
        at = known.at if known else None
        return _Known(looks=looks, firmware=device.firmware, since=now, at=at)
