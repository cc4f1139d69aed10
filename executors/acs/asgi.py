"""The few things of HTTP that a CWMP server needs, straight from ASGI.

A framework would cost more than the protocol itself: a session is four small requests.
"""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache, lru_cache
from http import HTTPStatus
from typing import Any, NamedTuple

Scope = MutableMapping[str, Any]  # ASGI's own words are not narrower than this
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]

_READ_SECONDS = 30.0
WHOLE = "whole"
"""Under this name the body is in a scope that was read to its end."""
NAMED = "named"
"""Under this name the headers are in a scope by their names."""


class BodyRefused(Exception):
    """The body is not read to its end; ``status`` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class ClientLeft(Exception):
    """The connection is gone: there is nobody to answer."""


class Answer(NamedTuple):
    """One HTTP response."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def closes(self) -> bool:
        """Whether the connection ends with it."""
        return CLOSE in self.headers

    @property
    def written(self) -> bytes:
        """As HTTP/1.1 has it."""
        return (_written_once if self.status in _ALIKE else _written)(self)


def _written(answer: Answer) -> bytes:
    head = b"".join([b"%b: %b\r\n" % pair for pair in with_length(answer)])
    return b"%b%b\r\n%b" % (_status_line(answer.status), head, answer.body)


_ALIKE = frozenset({204, 503})
"""So many are answered with the same."""
_written_once = lru_cache(maxsize=1024)(_written)


@cache
def _status_line(status: int) -> bytes:
    return b"HTTP/1.1 %d %b\r\n" % (status, HTTPStatus(status).phrase.encode())


PLAIN = (b"content-type", b"text/plain; charset=utf-8")
CLOSE = (b"connection", b"close")


@lru_cache(maxsize=1024)
def busy(seconds: int) -> Answer:
    """For one who is to come back after so long."""
    return Answer(503, headers=((b"retry-after", str(seconds).encode()), CLOSE))


def with_length(answer: Answer) -> list[tuple[bytes, bytes]]:
    """Its headers as they are sent."""
    headers = [*answer.headers]
    if answer.status != 204:  # RFC 9110 section 8.6: a 204 has no length
        headers.append((b"content-length", str(len(answer.body)).encode()))
    return headers


def with_names(scope: Scope) -> Scope:
    """The scope with its headers by their names, as ``header`` has them: for several looks."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        found[name] = found[name] + b", " + value if name in found else value
    return {**scope, NAMED: found}


def header(scope: Scope, name: bytes) -> str:
    """A request header, several of one name joined by commas; empty when there is none."""
    said = scope if NAMED in scope else with_names(scope)
    value: bytes = said[NAMED].get(name, b"")
    return value.decode("latin-1")


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole body, unpacked, at most ``limit`` bytes. Raises BodyRefused or ClientLeft."""
    body = await read_whole(scope, receive, limit)
    return _unpacked(body, header(scope, b"content-encoding").strip().lower(), limit)


async def read_whole(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole body as it was sent, at most ``limit`` bytes. Raises BodyRefused or ClientLeft."""
    if WHOLE in scope:
        whole: bytes = scope[WHOLE]
        if len(whole) > limit:
            raise BodyRefused(413)
        return whole
    length = header(scope, b"content-length")
    if length and (not length.isdigit() or len(length) > 12 or int(length) > limit):
        raise BodyRefused(413)
    try:
        async with asyncio.timeout(_READ_SECONDS):
            return await _collect(receive, limit)
    except TimeoutError:
        raise BodyRefused(408) from None


async def drain(scope: Scope, receive: Receive, limit: int, *, keep: int) -> bytes:
    """Let the body pass, so that the answer is not lost to a device still sending.

    Gives its beginning: ``keep`` bytes or a little more, or all there is.
    """
    head: bytes = scope.get(WHOLE, b"")
    if WHOLE in scope:
        return head
    try:
        async with asyncio.timeout(_READ_SECONDS):
            while limit > 0:
                event = await receive()
                part = event.get("body", b"")
                limit -= len(part)
                head += part if len(head) < keep else b""
                if event["type"] == "http.disconnect" or not event.get("more_body", False):
                    break
    except TimeoutError:
        pass
    return head


async def _collect(receive: Receive, limit: int) -> bytes:
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ClientLeft
        part = event.get("body", b"")
        size += len(part)
        if size > limit:
            raise BodyRefused(413)
        parts.append(part)
        more = event.get("more_body", False)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise BodyRefused(415)
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # 32: gzip or zlib, as it comes
    try:
        unpacked = unpacker.decompress(body, limit + 1)
    except zlib.error:
        raise BodyRefused(400) from None
    if len(unpacked) > limit:
        raise BodyRefused(413)
    if body and not unpacker.eof:
        raise BodyRefused(400)
    return unpacked


async def send_answer(send: Send, answer: Answer) -> None:
    """Send it whole."""
    start = {"type": "http.response.start", "status": answer.status}
    await send({**start, "headers": with_length(answer)})
    await send({"type": "http.response.body", "body": answer.body})


async def lifespan(receive: Receive, send: Send) -> None:
    """Say yes to being started and stopped: there is nothing to do for either."""
    while True:
        event = await receive()
        await send({"type": f"{event['type']}.complete"})
        if event["type"] == "lifespan.shutdown":
            return
