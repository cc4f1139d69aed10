"""Finds the changes that may be carried out and starts their runs; woken at once, never relied on.

Waking only saves time: what is looked at is the ledger, so a lost wake-up or a killed process
loses no change.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from brain.domain.cancelling import cancelled
from brain.domain.identity import ChangeId
from brain.ledger.ledger import Ledger

_log = structlog.get_logger(__name__)
_TOLD_WITHIN = timedelta(hours=24)


@dataclass(slots=True, kw_only=True)
class Dispatch:
    """One pass: expire what is too late, start what is ready, tell what ended without a run,
    call somebody about a broken glass that nobody reviewed, end shadows whose time is up."""

    ledger: Ledger
    start: Callable[[ChangeId], Awaitable[None]]
    every: float
    """Seconds between passes when nobody wakes it."""
    rouse: Callable[[ChangeId], None] = lambda change: None
    """Cuts the pause of a run short that waits already."""
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _started: set[ChangeId] = field(default_factory=set)

    def wake(self, change: ChangeId) -> None:
        """A change became ready: look now, and so does its run."""
        self.rouse(change)
        self._wake.set()

    async def run(self) -> None:
        """Pass after pass, until cancelled.

        A cancellation that something below has taken for an error of its own still counts.
        """
        while not cancelled():
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - a failed pass is followed by another
                _log.exception("dispatch_failed")
            if cancelled():
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.every):
                    await self._wake.wait()
            self._wake.clear()

    async def look(self) -> None:
        """One pass over the ledger."""
        await self.ledger.expire_due()
        async with self.ledger.store.read() as tx:
            records = [
                *await tx.changes.unfinished(),
                # What ended without a run has one step left: whoever asked is told.
                *await tx.changes.closed_since(self.ledger.steps.clock() - _TOLD_WITHIN),
            ]
        wanted = [record.id for record in records]
        self._started &= set(wanted)
        for change in wanted:
            if change in self._started:
                continue
            try:
                await self.start(change)
            except Exception:  # noqa: BLE001 - the others are started, and this one at the next pass
                _log.exception("start_failed", change=change)
            else:
                self._started.add(change)
        await self.ledger.afterwards.remind()
        await self.ledger.shadows.close_due()
