"""A door's end of the line to the server behind it: asks, and matches answers to questions."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Final, cast

from executors.acs.asgi import CLOSE, PLAIN, Answer, busy
from executors.acs.connections import Met
from executors.acs.doors.carrying import answer_in, request_fields
from executors.acs.doors.frames import Frame, Garbled, Kind, Unpacker, number_in, packed
from executors.acs.glimpse import GLIMPSED
from executors.acs.request import Request

_PATIENCE = 60.0
"""Seconds; devices give up after thirty (TR-069 3.7.1.1)."""
_WAIT = 30
_LAST_NUMBER: Final = 0xFFFFFFFF


class Away(Exception):
    """The server behind the door cannot be asked, or does not answer."""


class Line(asyncio.Protocol):
    """The one connection of a door to its server. Without it nothing is ever a success."""

    def __init__(self, *, over: Callable[[], None]) -> None:
        """``over`` is called when the door is to end: told to, or because nobody is behind it."""
        self._over = over
        self._transport: asyncio.Transport | None = None
        self._unpacker = Unpacker()
        self._number = 0
        self._asked: dict[int, asyncio.Future[Answer]] = {}
        self._meeting: dict[int, tuple[Met, asyncio.TimerHandle]] = {}
        self._wait = _WAIT

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """From now on it can be asked."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Whatever is not understood ends the door: its server starts another."""
        try:
            for frame in self._unpacker.feed(data):
                self._heard(frame)
        except Garbled:
            assert self._transport is not None
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is behind this door any more."""
        self._transport = None
        for future in self._asked.values():
            if not future.done():
                future.set_exception(Away())
        self._over()
        for number in [*self._meeting]:
            self._answered(number, busy(_WAIT))

    async def ask(self, request: Request) -> Answer:
        """The server's own answer. Raises Away, and Garbled for a head that is not carried."""
        number = self._next()
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        try:
            self._say(Frame(Kind.REQUEST, number, request_fields(request)))
            async with asyncio.timeout(_PATIENCE):
                return await answer
        except TimeoutError:
            raise Away from None
        finally:
            del self._asked[number]

    def meet(self, request: Request, met: Met) -> None:
        """As ``connections.Meet``, with the server's own answer."""
        number = self._next()
        late = asyncio.get_running_loop().call_later(_PATIENCE, self._answered, number, busy(_WAIT))
        self._meeting[number] = (met, late)
        seen = request._replace(body=request.body[:GLIMPSED]) if request.anonymous else request
        try:
            self._say(Frame(Kind.REQUEST, number, request_fields(seen)))
        except Away:
            self._answered(number, busy(_WAIT))
        except Garbled:
            self._answered(number, Answer(431, headers=(PLAIN, CLOSE)))

    def unheard(self) -> int:
        """About the seconds that the server told last; not the same for all who come meanwhile."""
        return max(round(self._wait * random.uniform(0.75, 1.25)), 5)  # noqa: S311 - it spreads

    def counted(self, opened: int, refused: int) -> None:
        """Tell how many connections there are, and how many were refused."""
        with suppress(Away):
            self._say(Frame(Kind.COUNTS, 0, (str(opened).encode(), str(refused).encode())))

    def _next(self) -> int:
        self._number = self._number % _LAST_NUMBER + 1
        return self._number

    def _say(self, frame: Frame) -> None:
        if self._transport is None or self._transport.is_closing():
            raise Away
        self._transport.write(packed(frame))

    def _heard(self, frame: Frame) -> None:
        if frame.kind is Kind.ANSWER:
            self._answered(frame.number, answer_in(frame.fields))
        elif frame.kind is Kind.UNHEARD and len(frame.fields) == 1:
            self._wait = number_in(frame.fields[0])
        elif frame.kind is Kind.STOP:
            self._over()
        else:
            raise Garbled("a server does not say this")

    def _answered(self, number: int, answer: Answer) -> None:
        meeting, future = self._meeting.pop(number, None), self._asked.get(number)
        if meeting is not None:
            met, late = meeting
            late.cancel()
            met(answer)
        elif future is not None and not future.done():  # else it was not waited for any longer
            future.set_result(answer)
