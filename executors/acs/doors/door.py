"""A door: takes connections in, reads whole requests, and passes them to the server behind it.

It has no store, no session and no password. What it cannot ask about it answers with 503.
"""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import uvicorn

from executors.accept_queue import LENGTH, handles
from executors.acs.asgi import (
    CLOSE,
    PLAIN,
    Answer,
    BodyRefused,
    ClientLeft,
    Receive,
    Scope,
    Send,
    busy,
    send_answer,
    with_names,
)
from executors.acs.certificates import Tls
from executors.acs.connections import SERVER_OPTIONS, Connections, most_connections
from executors.acs.device_connection import DeviceConnection
from executors.acs.doors.bodies import Bodies, body_of
from executors.acs.doors.carrying import request_of
from executors.acs.doors.frames import Garbled
from executors.acs.doors.line import Away, Line

_AWAY = busy(30)
_ENDING = 5
"""Seconds that requests have to end when the door does."""
_TELL_EVERY = 0.5


class Door:
    """The ASGI application of a door, without a lifespan."""

    def __init__(self, line: Line, bodies: Bodies) -> None:
        self._line, self._bodies = line, bodies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        try:
            with self._bodies.held(receive) as held:
                answer = await self._answer(with_names(scope), receive, held)
        except ClientLeft:
            return
        await send_answer(send, answer)

    async def _answer(self, scope: Scope, receive: Receive, held: Receive) -> Answer:
        try:
            body = await body_of(scope, receive, held)
            return await self._line.ask(request_of(scope, body))
        except BodyRefused as refusal:
            # What is left of the body would be taken for the next request.
            return _AWAY if refusal.status == 503 else _refusal(refusal.status)
        except Away:
            return _AWAY
        except Garbled:
            return _refusal(431)


class _Server(uvicorn.Server):
    """Ends when the server behind it says so, or is gone; signals to all are for that one."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing else is captured."""
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, lambda: None)
        yield

    def end(self) -> None:
        """Finish what is under way."""
        self.should_exit = True


async def serve(
    listener: socket.socket, line: socket.socket, *, tls: Tls | None, most: int | None
) -> None:
    """Be a door until the server behind it says so, or is gone. ``most`` connections at once."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    _, ours = await loop.create_unix_connection(lambda: Line(over=ended.set), sock=line)
    counted = Connections(meet=ours.meet, unheard=ours.unheard, most=most or most_connections())
    server = _Server(_config(Door(ours, Bodies()), counted, tls))
    telling = asyncio.create_task(_tell(server, ours, counted, ended, listener))
    try:
        with handles(listener) as sockets:
            await server.serve(sockets=sockets)
    finally:
        telling.cancel()


def _config(door: Door, counted: Connections, tls: Tls | None) -> uvicorn.Config:
    http = partial(DeviceConnection, connections=counted)
    options = {**SERVER_OPTIONS, **(tls.options() if tls else {}), "http": http}
    quiet = {"log_level": "critical", "timeout_graceful_shutdown": _ENDING}
    return uvicorn.Config(door, **{**quiet, **options})


async def _tell(
    server: _Server,
    line: Line,
    counted: Connections,
    ended: asyncio.Event,
    listener: socket.socket,
) -> None:
    """The first counts say that this door is open."""
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.005)
        listener.listen(LENGTH)
        while not ended.is_set():
            line.counted(counted.open, counted.refused)
            try:
                async with asyncio.timeout(_TELL_EVERY):
                    await ended.wait()
            except TimeoutError:
                continue
    finally:
        server.end()


def _refusal(status: int) -> Answer:
    return Answer(status, headers=(PLAIN, CLOSE))
