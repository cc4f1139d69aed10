"""Forgets the timeline by age and kind, a little at a time, so that nobody waits for it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from brain.domain.errors import GatewrightError
from brain.domain.history import EventKind
from brain.domain.ports import Clock

_log = structlog.get_logger(__name__)

EVENTS: Final[Mapping[str, frozenset[EventKind]]] = {
    "changes": frozenset({EventKind.VALUE_CHANGE}),
    "boots": frozenset({EventKind.BOOT, EventKind.BOOTSTRAP, EventKind.TRANSFER_COMPLETE}),
    "sessions": frozenset({EventKind.INFORM}),
    "faults": frozenset({EventKind.FAULT}),
    "diagnostics": frozenset({EventKind.DIAGNOSTICS}),
    "firmware": frozenset({EventKind.FIRMWARE}),
}
"""What is kept for a time of its own. What the ledger did is the ledger's, and not forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long each is kept."""

    events: Mapping[str, timedelta]
    """By the names in EVENTS."""
    measures: timedelta


class Events(Protocol):
    """The timeline's entries."""

    async def forget(self, kinds: Collection[EventKind], before: datetime, *, limit: int) -> int:
        """Forget so many at most; how many it were."""


class Measures(Protocol):
    """Numbers over time."""

    async def forget(self, before: datetime, *, limit: int) -> int:
        """Forget so many pages at most; how many it were."""


class Writes(Protocol):
    """``brain.store.transaction.Transaction`` is one."""

    @property
    def events(self) -> Events:
        """The timeline's entries."""

    @property
    def measures(self) -> Measures:
        """Numbers over time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Forgets what is older than its retention, of all tenants."""

    begin: Callable[[], AbstractAsyncContextManager[Writes]]
    clock: Clock
    retention: Retention
    every: timedelta = timedelta(hours=1)
    batch: int = 500
    """Rows in one transaction: other writers wait for its end."""
    pause: float = 0.05
    """Seconds between two of them."""

    async def run(self) -> None:
        """For ever. What cannot be done now is done the next time."""
        while True:
            try:
                await self.forget()
            except GatewrightError as error:
                _log.warning("timeline_not_pruned", reason=str(error))
            await asyncio.sleep(self.every.total_seconds())

    async def forget(self) -> int:
        """All that is too old now, batch by batch; how many rows it were."""
        return sum([count async for count in self._batches()])

    async def _batches(self) -> AsyncIterator[int]:
        for name in (*EVENTS, ""):
            while count := await self._one(name):
                yield count
                if count < self.batch:
                    break
                await asyncio.sleep(self.pause)

    async def _one(self, name: str) -> int:
        async with self.begin() as tx:
            if not name:
                before = self.clock() - self.retention.measures
                return await tx.measures.forget(before, limit=self.batch)
            before = self.clock() - self.retention.events[name]
            return await tx.events.forget(EVENTS[name], before, limit=self.batch)
