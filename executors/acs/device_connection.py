"""One TCP connection of a device, heard and answered without a parser as long as it is plain.

A uvicorn protocol. What does not say who sends it costs no task and no password check either, so
that a crowd at the door does not keep those inside waiting.
"""

import asyncio
from math import inf
from typing import Any, cast

from executors.acs.asgi import Answer, busy
from executors.acs.certificates import names_in
from executors.acs.connections import SERVER_OPTIONS, Connections
from executors.acs.parsed_connection import ParsedConnection
from executors.acs.plain_request import plain_request
from executors.acs.request import Request

_MOST_PARTING, _PARTING = 256, 2.0
"""So many of the spare ones are for those who are refused unheard. They, and all who were told
goodbye, have so many seconds to hang up.
"""
_MOST_HELD = 32 * 1024
"""Bytes of what comes while one request is being answered: more than a plain one has."""
_AT_ONCE = 8
"""Requests of one connection that are looked at before others have their turn."""


class DeviceConnection(asyncio.Protocol):
    """A connection on which all was plain so far. Hand it to uvicorn as ``http``, with
    ``connections`` bound to it.

    One request at a time is read whole and answered; uvicorn takes over at the first one that is
    not plain, or larger than an Inform.
    """

    __slots__ = (
        "_answering",
        "_certified",
        "_closing",
        "_counted",
        "_full",
        "_going_on",
        "_held",
        "_inside",
        "_listening",
        "_loop",
        "_options",
        "_parting",
        "_peer",
        "_source",
        "_transport",
        "_wanted",
        "until",
    )

    def __init__(self, *, connections: Connections, **options: Any) -> None:
        self._counted = connections
        self._options = options
        self._inside = self._parting = self._closing = False
        self._answering = self._going_on = self._full = False
        self._listening = True
        self._held = b""
        """What it said and nobody has looked at yet."""
        self._wanted = 0
        """How long that has to be before it is worth looking at again."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let it in, or send it away unheard where there is no room."""
        self._transport = cast("asyncio.Transport", transport)
        self._certified: frozenset[str] | None = None
        peer = transport.get_extra_info("peername")
        self._peer = (str(peer[0]), int(peer[1])) if peer else None
        self._source = self._peer[0] if self._peer else ""
        # Asking for it each time is a system call, in Python 3.11.
        self._loop = asyncio.get_running_loop()
        self._wait(self._counted.patience)
        self._counted.deadlines.add(self, self._loop)
        self._inside = self._counted.enter(self._source)
        if self._inside:
            self._served.add(self)
        else:
            self._part()

    @property
    def _served(self) -> "set[Any]":
        """What uvicorn waits for when it ends."""
        served: set[Any] = self._options["server_state"].connections
        return served

    def data_received(self, data: bytes) -> None:
        """Look at it when its turn comes."""
        if not self._inside:
            return
        self._held += data
        if not self._going_on:
            self._going_on = True
            self._counted.turns.take(self._go_on, self._loop)
        if len(self._held) > _MOST_HELD:
            self._listen()

    def pause_writing(self) -> None:
        """It does not read what it is answered: it is not heard until it has."""
        self._full = True
        self._listen()

    def resume_writing(self) -> None:
        """It does again."""
        self._full = False
        if not self._going_on:
            self._go_on()

    def shutdown(self) -> None:
        """For uvicorn: close it, after the answer that is under way."""
        self._closing = True
        if not self._answering:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no longer."""
        self._counted.deadlines.discard(self)
        self._served.discard(self)
        if self._inside:
            self._inside = False
            self._counted.leave(self._source)
        elif self._parting:
            self._counted.parting -= 1

    def late(self) -> None:
        """It said nothing, or not all of it, for too long."""
        self._transport.abort()

    def _go_on(self) -> None:
        """Look at what it said as long as there is more, and nothing to wait for."""
        self._going_on = True
        for _ in range(_AT_ONCE):
            if not (self._held and self._may_look() and self._look()):
                self._going_on = False
                break
        else:  # after others have had their turn
            self._loop.call_soon(self._go_on)
        if self._held or not self._listening:
            self._listen()

    def _may_look(self) -> bool:
        waits = self._answering or self._full or self._closing
        return self._inside and len(self._held) >= self._wanted and not waits

    def _listen(self) -> None:
        """Read on, if only to hear that it hangs up; or leave what it says with the kernel."""
        ahead = (self._answering or self._going_on) and len(self._held) > _MOST_HELD
        listening = not (ahead or self._full)
        if not self._inside or listening == self._listening:
            return
        self._listening = listening
        if listening:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def _look(self) -> bool:
        """Whether there was a whole request, which is answered or will be."""
        found = plain_request(self._held)
        if found is None:
            self._hear()
            return False
        if found.size > len(self._held):
            self._wait(self._counted.patience)
            self._wanted = found.size
            return False
        self.until = inf
        self._held, self._wanted = self._held[found.size :], 0
        self._answering = True
        request = Request(
            "POST", found.path, b"", self._peer, self._names, found.headers, found.body
        )
        self._counted.meet(request, self._met)
        return True

    @property
    def _names(self) -> frozenset[str]:
        if self._certified is None:
            self._certified = names_in(self._transport)
        return self._certified

    def _met(self, answer: Answer) -> None:
        self._answering = False
        if not self._inside:  # it has gone
            return
        self._transport.write(answer.written)
        if answer.closes or self._closing:
            self._closing = True
            self._wait(_PARTING)  # should it not read what it is answered
            self._transport.close()
            return
        self._wait(SERVER_OPTIONS["timeout_keep_alive"])
        if not self._going_on and (self._held or not self._listening):
            self._go_on()

    def _hear(self) -> None:
        self._counted.deadlines.discard(self)
        if not self._listening:
            self._transport.resume_reading()
        heard = ParsedConnection(self._counted, self._source, **self._options)
        self._inside = False  # from now on it is counted there
        self._served.discard(self)
        self._transport.set_protocol(heard)
        heard.connection_made(self._transport)
        heard.data_received(self._held)

    def _part(self) -> None:
        """Answer unheard, and have the other end hang up first, where there is room for that."""
        if self._counted.parting >= _MOST_PARTING:
            self._transport.abort()
            return
        self._parting = True
        self._counted.parting += 1
        self._transport.write(busy(self._counted.unheard()).written)
        self._wait(_PARTING)

    def _wait(self, seconds: float) -> None:
        self.until = self._loop.time() + seconds
