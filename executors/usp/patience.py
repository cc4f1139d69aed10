"""Ends what waits too long: one timer for all of it, since one each costs as much as to ask."""

import asyncio
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Patience(Generic[T]):
    """Futures that get None after so many ``seconds``, each as long as the others; on one loop."""

    seconds: float
    _until: "dict[asyncio.Future[T | None], float]" = field(default_factory=dict)
    """By the loop's clock; whoever began first stands first."""
    _timer: asyncio.TimerHandle | None = None
    _loop: asyncio.AbstractEventLoop | None = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The one that all of it runs on; to ask for it each time is a system call."""
        self._loop = self._loop or asyncio.get_running_loop()
        return self._loop

    async def outlast(self, waiting: "asyncio.Future[T | None]") -> T | None:
        """What it is given, or None when it was given nothing in time."""
        self._until[waiting] = until = self.loop.time() + self.seconds
        if self._timer is None:
            self._timer = self.loop.call_at(until, self._look)
        try:
            return await waiting
        finally:
            del self._until[waiting]

    def _look(self) -> None:
        self._timer = None
        for waiting, until in self._until.items():
            if until > self.loop.time():
                self._timer = self.loop.call_at(until, self._look)
                return
            if not waiting.done():
                waiting.set_result(None)
