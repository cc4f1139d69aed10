"""The errands that wait for one device: in order, each handed out at most as often as is safe.

One event loop runs all of it, and nothing here awaits between looking and marking, so an errand
is either still here or was handed to the device: never both, never neither.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from enum import Enum, auto

from brain.domain.errors import GatewrightError
from executors.acs import messages as m

Reply = m.Response | m.Fault | None
"""What the device said; None when nobody can tell whether it did as asked."""

Leave = Callable[[], Awaitable[None]]
"""Raises a GatewrightError when what was asked before may not be handed over any more."""

_MOST_TRIES = 2


class ErrandState(Enum):
    """Where an errand is."""

    WAITING = auto()
    SENT = auto()
    DONE = auto()


class Errand:
    """One request to a device, and what becomes of it."""

    def __init__(
        self,
        message: m.Request,
        *,
        said_id: str,
        repeatable: bool,
        patience: float,
        leave: Leave | None = None,
        here_only: bool = False,
    ) -> None:
        loop = asyncio.get_running_loop()
        self.message = message
        self.said_id = said_id
        self.repeatable = repeatable
        """Asking twice does no harm, so it may outlive a session that broke."""
        self.deadline = loop.time() + patience
        """On the loop's clock: from then on it is not handed over."""
        self.leave = leave
        """Asked again right before it is handed over."""
        self.here_only = here_only
        """It goes when the device goes."""
        self.refusal: GatewrightError | None = None
        """Why it was never handed over, when leave was taken away meanwhile."""
        self.state = ErrandState.WAITING
        self.tries = 0
        self.sent: asyncio.Future[Reply] = loop.create_future()
        self.reply: asyncio.Future[Reply] = loop.create_future()

    def settle(self, reply: Reply) -> None:
        """The end of it. A second end is ignored: whoever waited has been told."""
        self.state = ErrandState.DONE
        if not self.reply.done():
            self.reply.set_result(reply)

    async def _refused(self) -> GatewrightError | None:
        if self.leave is not None:
            try:
                await self.leave()
            except GatewrightError as refusal:
                return refusal
        return None

    def _hand_over(self) -> None:
        self.state = ErrandState.SENT
        self.tries += 1
        if not self.sent.done():
            self.sent.set_result(None)

    @property
    def _late(self) -> bool:
        return not self.tries and asyncio.get_running_loop().time() >= self.deadline


class Mailbox:
    """What waits for one device."""

    def __init__(self) -> None:
        self._waiting: deque[Errand] = deque()
        self._arrived = asyncio.Event()
        self._expected = 0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def idle(self) -> bool:
        """Whether nothing waits here, and nobody is about to put something in."""
        return not self._waiting and not self._expected

    def put(self, errand: Errand) -> None:
        """Behind all others."""
        self._waiting.append(errand)
        self._arrived.set()

    @contextmanager
    def expecting(self) -> Iterator[None]:
        """Something is about to be put in; at the end, whoever waited for it need not any more."""
        self._expected += 1
        try:
            yield
        finally:
            self._expected -= 1
            self._arrived.set()

    async def arrival(self, linger: float) -> None:
        """Wait until something is here, at most ``linger`` seconds."""
        await self._wait(linger, lambda: bool(self._waiting))

    async def expected(self, linger: float) -> None:
        """The same, and no longer than somebody is about to put something in."""
        await self._wait(linger, lambda: bool(self._waiting) or not self._expected)

    async def _wait(self, seconds: float, enough: Callable[[], bool]) -> None:
        if enough() or seconds <= 0:
            return
        try:
            async with asyncio.timeout(seconds):
                while not enough():
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            return

    async def take(self, still: Callable[[], bool] = lambda: True) -> Errand | None:
        """The first one still in time and allowed, from now on taken to be with the device.

        ``still`` says whether there is anybody to take it: leave is waited for.
        """
        while self._waiting and still():
            errand = self._waiting[0]
            refusal = await errand._refused()
            if not still() or not self._waiting or self._waiting[0] is not errand:
                continue
            self._waiting.popleft()
            if refusal or errand._late:
                errand.refusal = refusal
                errand.settle(None)
                continue
            errand._hand_over()
            return errand
        return None

    def withdraw(self, errand: Errand) -> None:
        """Take it out if it is still here; what was handed over stays handed over."""
        if errand.state is ErrandState.WAITING:
            self._waiting.remove(errand)
            errand.settle(None)

    def void_writes(self) -> None:
        """Take out what was meant for the device as it was before it forgot everything."""
        for errand in [each for each in self._waiting if not each.repeatable]:
            self.withdraw(errand)

    def void_passing(self) -> None:
        """Take out what is asked only of a device that is here anyway: it has gone."""
        for errand in [each for each in self._waiting if each.here_only]:
            self.withdraw(errand)

    def broken(self, errand: Errand) -> None:
        """The session broke while the device had it: first in line again, or never known."""
        if errand.state is not ErrandState.SENT:
            return
        if errand.repeatable and errand.tries < _MOST_TRIES:
            errand.state = ErrandState.WAITING
            self._waiting.appendleft(errand)
            self._arrived.set()
        else:
            errand.settle(None)
