"""Replays the decision log under other rules, on all processors, and reports."""

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from time import perf_counter

from brain.domain.errors import PolicyUnavailable
from brain.store.verdicts import KeptVerdict
from policies.apart import processes_apart
from policies.bundle import Bundle
from policies.replay.reach import Reach, reach
from policies.replay.tally import Tally
from policies.replay.worker import begin, best_engine, count, tried

Pages = AsyncIterator[Sequence[KeptVerdict]]
Progress = Callable[[int], None]

_IN_FLIGHT = 2
"""Pages a process, so that none waits for the next and the log is not all in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a replay found, and how."""

    revision: str
    """Of the bundle that the past was held against."""
    tally: Tally
    engine: str
    seconds: float

    @property
    def loosens(self) -> bool:
        """Whether the rules let through what they did not, or nobody can tell that they do not."""
        return bool(self.tally.looser or self.tally.uncertain)


async def replay(
    bundle: Bundle,
    pages: Pages,
    *,
    base: Bundle | None = None,
    processes: int = 0,
    engine: str = "",
    progress: Progress = lambda done: None,
) -> Replayed:
    """Ask every decision of these pages again under ``bundle``, and compare.

    With ``base``, decisions of those rules are made anew only where they may come out different.
    ``progress`` is told how many are done. Raises PolicyUnavailable when an engine does not take
    the bundle, or crashes on it.
    """
    started, tally, engine = perf_counter(), Tally(), engine or best_engine()
    apart = await asyncio.to_thread(reach, base, bundle) if base else None
    given = (bundle.to_tar_gz(), engine, apart)
    async with _pool(given, processes or os.cpu_count() or 1) as (pool, width):
        # First of all, so that rules that cannot be used are an error for an empty log, too.
        waiting: deque[Future[Tally]] = deque([pool.submit(tried)])
        async for page in pages:
            waiting.append(pool.submit(count, page))
            if len(waiting) >= width:
                tally.add(await _done(waiting.popleft()))
                progress(tally.seen)
        while waiting:
            tally.add(await _done(waiting.popleft()))
            progress(tally.seen)
    return Replayed(
        revision=bundle.revision, tally=tally, engine=engine, seconds=perf_counter() - started
    )


async def _done(part: "Future[Tally]") -> Tally:
    try:
        return await asyncio.wrap_future(part)
    except BrokenProcessPool:
        raise PolicyUnavailable(
            "the policy engine does not take these rules",
            remedy="Run `gatewright policy check` on them.",
        ) from None


@asynccontextmanager
async def _pool(
    given: tuple[bytes, str, Reach | None], processes: int
) -> AsyncIterator[tuple[ProcessPoolExecutor, int]]:
    """Processes of their own: a rule may crash the embedded engine, and regopy shares nothing."""
    with TemporaryDirectory(prefix="gatewright-replay-") as folder:
        pool = processes_apart(processes, begin, (folder, *given))
        try:
            yield pool, processes * _IN_FLIGHT
        finally:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)
