"""Remediation as one thing: reads events, judges what met a rule, works incidents off."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from brain.domain.cancelling import cancelled
from brain.domain.ports import Clock
from brain.remediation.evaluating import Evaluation
from brain.remediation.judging import Judging
from brain.remediation.taking_in import NAMES_KEPT
from brain.remediation.watching import Watch
from brain.remediation.working import Working
from brain.store.store import Store

_PAUSE: Final = 1.0
"""Seconds between two looks where there was nothing to do, and nobody said that there is."""
_COMPANY: Final = 0.03
"""Seconds that the first event waits for others, so that a crowd is one transaction."""
_TIDY_EVERY: Final = 3_600.0
_SPENDINGS_KEPT: Final = timedelta(days=1)
_SET_ASIDE_KEPT: Final = timedelta(days=7)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remediation:
    """What ``serve`` runs. Each part takes up its work from the store, wherever that was left."""

    store: Store
    evaluation: Evaluation
    judging: Judging
    workers: Sequence[Working]
    watch: Watch | None
    clock: Clock
    pause: float = _PAUSE
    _counted: asyncio.Event = field(default_factory=asyncio.Event)
    _judged: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            came = self.store.events_came
            group.create_task(self._forever(self._read, self.pause, came, _COMPANY))
            group.create_task(self._forever(self._judge, self.pause, self._counted))
            group.create_task(self._forever(self._tidy, _TIDY_EVERY))
            if self.watch is not None:
                every = self.watch.look.every.total_seconds()
                group.create_task(self._forever(partial(_once, self.watch), every))
            for worker in self.workers:
                group.create_task(self._forever(worker.next, self.pause, self._judged))

    async def settle(self) -> None:
        """Do all that can be done now: for tests, and whoever steps through time by hand."""
        while await self._read() or await self._judge() or await self.workers[0].next():
            pass

    async def _read(self) -> bool:
        busy = await self.evaluation.batch() > 0
        if busy:
            self._counted.set()
        return busy

    async def _judge(self) -> bool:
        busy = await self.judging.due() > 0
        if busy:
            self._judged.set()
        return busy

    async def _tidy(self) -> bool:
        now, longest = self.clock(), self.evaluation.rulebook.longest
        async with self.store.begin() as tx:
            await tx.tallies.prune(now - longest)
            await tx.trips.prune(now - longest)
            await tx.unattended.prune(now - _SPENDINGS_KEPT)
            await tx.event_calls.prune(now - NAMES_KEPT)
            await tx.set_aside.prune(now - _SET_ASIDE_KEPT)
        return False

    async def _forever(
        self,
        work: Callable[[], Awaitable[bool]],
        pause: float,
        woken: asyncio.Event | None = None,
        company: float = 0.0,
    ) -> None:
        """Again at once where there was something to do; a failed pass is followed by another.

        Between two that found nothing it rests, until ``woken`` and ``company`` seconds more.
        """
        while not cancelled():
            try:
                busy = await work()
            except Exception:  # noqa: BLE001 - nobody above would hear of it
                _log.exception("remediation_failed")
                busy = False
            await (asyncio.sleep(0) if busy else _rest(pause, woken, company))


async def _rest(pause: float, woken: asyncio.Event | None, company: float) -> None:
    """Other processes say nothing to this one: what they leave is found after the pause."""
    if woken is None:
        await asyncio.sleep(pause)
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(pause):
            await woken.wait()
        await asyncio.sleep(company)
    woken.clear()


async def _once(watch: Watch) -> bool:
    await watch.now()
    return False  # two looks at once would be one
