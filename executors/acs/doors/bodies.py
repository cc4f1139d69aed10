"""The bodies of requests that a door holds: small ones always, and of larger ones so many bytes.

Whoever sends a large one may be anybody: a door cannot tell a right password from a wrong one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from executors.acs.asgi import BodyRefused, Event, Receive, Scope, drain, header, read_whole
from executors.acs.certificates import names_of
from executors.acs.glimpse import GLIMPSED
from executors.acs.soap import MAX_BYTES

_SMALL = 64 * 1024
_MOST = 128 * 1024 * 1024


class Bodies:
    """Counts what is held beyond the first 64 KiB of each."""

    def __init__(self, most: int = _MOST) -> None:
        self.left = most

    @contextmanager
    def held(self, receive: Receive) -> Iterator[Receive]:
        """``receive`` that raises BodyRefused(503) without room; held until the block ends."""
        size = taken = 0

        async def counted() -> Event:
            nonlocal size, taken
            event = await receive()
            size += len(event.get("body", b""))
            more = max(size - _SMALL, 0) - taken
            if more > self.left:
                raise BodyRefused(503)
            self.left -= more
            taken += more
            return event

        try:
            yield counted
        finally:
            self.left += taken


async def body_of(scope: Scope, receive: Receive, held: Receive) -> bytes:
    """As much of the body as will be looked at. Raises BodyRefused or ClientLeft.

    Without a password, a cookie or a certificate a request is asked for one, and never read.
    """
    if not (header(scope, b"authorization") or header(scope, b"cookie") or names_of(scope)):
        return (await drain(scope, receive, MAX_BYTES, keep=GLIMPSED))[:GLIMPSED]
    try:
        return await read_whole(scope, held, MAX_BYTES)
    except BodyRefused:
        # Closed on one who is still sending, the answer would be lost.
        await drain(scope, receive, MAX_BYTES, keep=0)
        raise
