"""Does in one go what comes at once.

A transaction costs more than what an Inform adds to it, and SQLite has one writer at a time. So
while one batch is being kept the next one gathers, and where several came together others are
given a moment to come too; a single Inform after a quiet moment never waits for company. In a crowd
hundreds stand before whoever comes: one that somebody waits for goes before them.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Gathering(Generic[T, R]):
    """Hands what is waiting to ``work`` together, at most ``most`` at a time.

    In the order in which it came, but for what is to go before others.
    """

    def __init__(
        self,
        work: Callable[[Sequence[T]], Awaitable[Sequence[R]]],
        *,
        most: int,
        pause: float = 0.0,
    ) -> None:
        """``pause``: the seconds that others have to come in, once several came together."""
        self._work = work
        """All or nothing: when it raises, it has done nothing."""
        self._most, self._pause = most, pause
        self._first: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._enough = asyncio.Event()
        """So many wait that nobody has to come any more."""
        self._worker: asyncio.Task[None] | None = None

    async def do(self, item: T, *, first: bool = False) -> R:
        """What came of this one. An error is this one's own, not that of its company.

        ``first``: before all that are not, and without waiting for company.
        """
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        (self._first if first else self._waiting).append((item, future))
        if first or len(self._waiting) >= self._most:
            self._enough.set()
        if self._worker is None:
            self._worker = asyncio.create_task(self._run(), name="gathering")
        return await future

    async def close(self) -> None:
        """Stop; whoever still waits is cancelled."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.wait({self._worker})
        for _, future in self._next(len(self._first) + len(self._waiting)):
            future.cancel()

    async def _run(self) -> None:
        try:
            while batch := self._next(self._most):
                await self._together(batch)
                if len(batch) > 1 and self._pause:
                    await self._company()
        finally:
            self._worker = None

    def _next(self, most: int) -> list[tuple[T, asyncio.Future[R]]]:
        ahead = min(most, len(self._first))
        others = min(most - ahead, len(self._waiting))
        return [
            *(self._first.popleft() for _ in range(ahead)),
            *(self._waiting.popleft() for _ in range(others)),
        ]

    async def _company(self) -> None:
        if not self._first and len(self._waiting) < self._most:
            self._enough.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause):
                    await self._enough.wait()

    async def _together(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._work([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - whoever waits behind it is not to hang
            if len(batch) == 1:
                _settle(batch[0][1], error)
            else:
                for one in batch:
                    await self._together([one])
        except BaseException as error:
            for _, future in batch:
                _settle(future, error)
            raise
        else:
            for (_, future), result in zip(batch, results, strict=True):
                if not future.done():
                    future.set_result(result)


def _settle(future: asyncio.Future[R], error: BaseException) -> None:
    if future.done():
        return
    if isinstance(error, asyncio.CancelledError):
        future.cancel()
    else:
        future.set_exception(error)
