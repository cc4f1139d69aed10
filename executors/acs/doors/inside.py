"""The server's end of the line to one door: feeds what comes to the real server, and answers.

A request whose door is gone ends as one whose connection is: it is carried out, and its session
stays for whoever comes back with the cookie.
"""

import asyncio
from functools import partial
from typing import cast

import structlog

from executors.acs.asgi import Answer
from executors.acs.connections import Connections
from executors.acs.doors.carrying import answer_fields, request_in
from executors.acs.doors.frames import Frame, Garbled, Kind, Unpacker, number_in, packed
from executors.acs.server import FAILED, CwmpServer

_log = structlog.get_logger(__name__)


class Inside(asyncio.Protocol):
    """What one door says. Its connections are counted among those of the server."""

    def __init__(self, app: CwmpServer) -> None:
        self._app = app
        self._total: Connections = app.connections
        self._transport: asyncio.Transport | None = None
        self._unpacker = Unpacker()
        self._heard_at = asyncio.get_running_loop().time()
        self._open = self._refused = 0
        self.opened = asyncio.Event()
        """The door has told that it listens."""
        self.lost = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The door may not have started yet."""
        self._transport = cast("asyncio.Transport", transport)

    async def silent(self, *, first: float, then: float) -> None:
        """Returns once the door has said nothing for so many seconds; ``first`` until it opens."""
        loop = asyncio.get_running_loop()
        while True:
            patience = then if self.opened.is_set() else first
            left = self._heard_at + patience - loop.time()
            if left <= 0:
                return
            await asyncio.sleep(min(left, then))

    def data_received(self, data: bytes) -> None:
        """A door that says what none would is given up: without a line it ends by itself."""
        self._heard_at = asyncio.get_running_loop().time()
        try:
            for frame in self._unpacker.feed(data):
                self._heard(frame)
        except (Garbled, UnicodeDecodeError) as error:
            _log.error("acs_door_garbled", reason=str(error))
            if self._transport is not None:
                self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """What it asked goes on; its connections are gone."""
        self._transport = None
        self._count(0, self._refused)
        self.lost.set()

    def say(self, frame: Frame) -> None:
        """Nothing, to one that is gone."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(packed(frame))

    def hang_up(self) -> None:
        """The door ends, without finishing anything."""
        if self._transport is not None:
            self._transport.abort()

    def _heard(self, frame: Frame) -> None:
        if frame.kind is Kind.REQUEST:
            self._app.meet(request_in(frame.fields), partial(self._met, frame.number))
        elif frame.kind is Kind.COUNTS and len(frame.fields) == 2:
            self._count(*(number_in(each) for each in frame.fields))
            self.opened.set()
        else:
            raise Garbled("a door does not say this")

    def _count(self, opened: int, refused: int) -> None:
        self._total.open += opened - self._open
        self._total.refused += refused - self._refused
        self._open, self._refused = opened, refused

    def _met(self, number: int, answer: Answer) -> None:
        try:
            self.say(Frame(Kind.ANSWER, number, answer_fields(answer)))
        except Garbled:
            _log.error("acs_answer_too_large", size=len(answer.body))
            self.say(Frame(Kind.ANSWER, number, answer_fields(FAILED)))
