"""Ends connections whose time is up, looked for once a second.

A timer of its own would be set and cancelled four times in a session; to look through all that are
open costs less, and none has to be ended to the moment.
"""

import asyncio
from typing import Protocol


class Timed(Protocol):
    """Something that is to end at a moment of its event loop's clock."""

    until: float

    def late(self) -> None:
        """Its time is up."""


class Deadlines:
    """Looks through what was added for as long as there is any."""

    def __init__(self, every: float = 1.0) -> None:
        """``every``: seconds from one look to the next."""
        self.every = every
        self._open: set[Timed] = set()
        self._looking = False

    def add(self, one: Timed, loop: asyncio.AbstractEventLoop) -> None:
        """Have it told when its time is up, until it is discarded."""
        self._open.add(one)
        if not self._looking:
            self._looking = True
            loop.call_later(self.every, self._look, loop)

    def discard(self, one: Timed) -> None:
        """It has ended, or is somebody else's."""
        self._open.discard(one)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._looking = bool(self._open)
        if self._looking:
            loop.call_later(self.every, self._look, loop)
        now = loop.time()
        for one in [each for each in self._open if each.until <= now]:
            one.late()
