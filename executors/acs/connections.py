"""The TCP connections of devices: how many, from where, how slow, and who is sent away at once.

A uvicorn protocol. What is refused here costs no task, no parser and no password check, so that a
crowd at the door does not keep those inside waiting.
"""

import asyncio
import re
import resource
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from executors.acs.certificates import STATE, names_in

_SPARE = 512
"""File descriptors for the store, the console and what we call ourselves."""
_MOST_PARTING, _PARTING = 256, 2.0
"""So many of the spare ones, for so many seconds, are for those who are refused unheard."""
_HEAD = 8192
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*\r\n", re.IGNORECASE)

Decide = Callable[[int | None], None]
"""Called with None, or with the seconds that a device is to come back after."""
SendAway = Callable[[str, bytes, Decide], None]
"""Path and body of a first request without a password, and whom to tell, at once or later."""

SERVER_OPTIONS: Final[dict[str, Any]] = {
    "timeout_keep_alive": 75,
    "proxy_headers": False,
    "server_header": False,
    "date_header": False,
    "access_log": False,
    "ws": "none",
    "lifespan": "off",
    "backlog": 128,
}
"""For ``uvicorn.Config``. A proxy in front must not share its connections among devices.

asyncio takes in as many connections at once as ``backlog`` says, before anything else is done;
whoever listens may let more of them wait in the kernel.
"""


def most_connections() -> int:
    """As many as this process may have open, with some to spare for everything else."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return max(limit - _SPARE, limit // 2)


def busy(seconds: int) -> bytes:
    """The whole response to one who is to come back later."""
    return (
        f"HTTP/1.1 503 Service Unavailable\r\nretry-after: {seconds}\r\n"
        "content-length: 0\r\nconnection: close\r\n\r\n"
    ).encode()


@dataclass(slots=True, kw_only=True)
class Connections:
    """Counts what is open, in all and by source address."""

    send_away: SendAway
    unheard: Callable[[], int]
    """The seconds for one that there is no room to hear."""
    most: int = field(default_factory=most_connections)
    most_of_a_source: int = 2_000
    """Many homes may stand behind one address."""
    patience: float = 30.0
    """Seconds that the head of a request may take."""
    open: int = 0
    refused: int = 0
    parting: int = 0
    """Refused, and not gone yet: closed at once, what they send would undo the answer."""
    _sources: Counter[str] = field(default_factory=Counter)

    def enter(self, source: str) -> bool:
        """Whether one more may be open from there; then it is counted until ``leave``."""
        if self.open >= self.most or self._sources[source] >= self.most_of_a_source:
            self.refused += 1
            return False
        self.open += 1
        self._sources[source] += 1
        return True

    def leave(self, source: str) -> None:
        """It was closed."""
        self.open -= 1
        self._sources[source] -= 1
        if not self._sources[source]:
            del self._sources[source]


class DeviceConnection(asyncio.Protocol):
    """A connection that has not said anything yet. Hand it to uvicorn as ``http``, with
    ``connections`` bound to it.

    An HTTP parser is made only for those who are not sent away.
    """

    __slots__ = (
        "_counted",
        "_held",
        "_inside",
        "_late",
        "_options",
        "_parting",
        "_source",
        "_transport",
    )

    def __init__(self, *, connections: Connections, **options: Any) -> None:
        self._counted = connections
        self._options = options
        self._inside = False
        self._parting = False
        self._held: bytes | None = None
        """What it said while it is being decided whether it is heard."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let it in, or send it away unheard where there is no room."""
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self._source = str(peer[0]) if peer else ""
        loop = asyncio.get_running_loop()
        self._late = loop.call_later(self._counted.patience, self._transport.abort)
        self._inside = self._counted.enter(self._source)
        if not self._inside:
            self._part()

    def data_received(self, data: bytes) -> None:
        """Send away whoever can be sent away by what is here, and let uvicorn hear the rest."""
        if not self._inside:
            return
        if self._held is not None:
            self._held += data
            return
        asked = _may_be_sent_away(data)
        if asked is None:
            self._hear(data)
            return
        self._held = data
        self._transport.pause_reading()
        self._counted.send_away(*asked, self._decided)

    def _decided(self, wait: int | None) -> None:
        if not self._inside or self._held is None:  # it has gone
            return
        data, self._held = self._held, None
        self._transport.resume_reading()
        if wait is None:
            self._hear(data)
        else:
            self._turn_away(wait)

    def _hear(self, data: bytes) -> None:
        self._late.cancel()
        heard = _Heard(self._counted, self._source, **self._options)
        self._inside = False  # from now on it is counted there
        self._transport.set_protocol(heard)
        heard.connection_made(self._transport)
        heard.data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no longer."""
        self._late.cancel()
        if self._inside:
            self._inside = False
            self._counted.leave(self._source)
        elif self._parting:
            self._counted.parting -= 1

    def _part(self) -> None:
        """Answer unheard, and have the other end hang up first, where there is room for that."""
        if self._counted.parting >= _MOST_PARTING:
            self._transport.abort()
            return
        self._parting = True
        self._counted.parting += 1
        self._transport.write(busy(self._counted.unheard()))
        self._late.cancel()
        self._late = asyncio.get_running_loop().call_later(_PARTING, self._transport.abort)

    def _turn_away(self, seconds: int) -> None:
        self._transport.write(busy(seconds))
        self._transport.close()


class _Heard(HttpToolsProtocol):
    """A connection that is served. The head of each request has to come in time."""

    def __init__(self, counted: Connections, source: str, **options: Any) -> None:
        super().__init__(**options)
        self._counted, self._source = counted, source
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """As uvicorn does; what its certificate proves is in the state of every request."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, STATE: names_in(transport)}

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no longer."""
        self._head_came()
        self._counted.leave(self._source)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """As uvicorn does, with an eye on the clock."""
        if self._late is None and (self.cycle is None or self.cycle.response_complete):
            patience = self._counted.patience
            self._late = self.loop.call_later(patience, self.transport.abort)
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """The head came in time; the body has a limit of its own."""
        self._head_came()
        super().on_headers_complete()

    def _head_came(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


def _may_be_sent_away(data: bytes) -> tuple[str, bytes] | None:
    """Path and body of a whole request that shows nothing which had to be looked at before."""
    head, gap, body = data.partition(b"\r\n\r\n")
    length = _LENGTH.search(head + b"\r\n")
    whole = gap and length is not None and int(length.group(1)) == len(body) > 0
    if not whole or len(head) > _HEAD or not head.startswith(b"POST "):
        return None
    lower = head.lower()
    # A password or a cookie has to be looked at before anything is decided.
    if b"\r\nauthorization:" in lower or b"\r\ncookie:" in lower:
        return None
    return head[5 : head.find(b" ", 5)].decode("latin-1"), body
