"""Replays on the server: one at a time, on its own log, while its progress is followed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from brain.domain.errors import Conflict
from policies.replay.replay import Progress

T = TypeVar("T")
Work = Callable[[Progress], Awaitable[T]]


class Replays:
    """All processors work on a replay, so a second one waits for its turn to be asked again."""

    def __init__(self) -> None:
        self._busy = asyncio.Lock()

    def check_free(self) -> None:
        """Raise Conflict while one is under way."""
        if self._busy.locked():
            raise Conflict("a replay is under way", remedy="Ask again when it is done.")

    async def follow(self, work: Work[T]) -> AsyncIterator[int | T]:
        """How many decisions are done, again and again, and what came of it at last.

        Whoever stops following stops the work.
        """
        self.check_free()
        async with self._busy:
            heard: asyncio.Queue[int | None] = asyncio.Queue()
            task = asyncio.ensure_future(_told(work, heard))
            try:
                while (done := await heard.get()) is not None:
                    yield done
                yield await task
            finally:
                task.cancel()
                await asyncio.wait({task})


async def _told(work: Work[T], heard: "asyncio.Queue[int | None]") -> T:
    try:
        return await work(heard.put_nowait)
    finally:
        heard.put_nowait(None)
