"""One connection to a STOMP broker, from its handshake to its loss (TR-369, STOMP binding).

    async with connected(options) as connection: ...

OSError, TimeoutError and StompError end it: the broker closed it, was silent for too long, sent
what is no frame, or refused something, after which it closes (R-STOMP.25).
"""

import asyncio
import re
import ssl
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from executors.usp.errors import StompError
from executors.usp.stomp_frames import MOST_HEAD, Decoder, Frame, encode

_PIECE: Final = 64 * 1024
_BEAT: Final = b"\n"
_GRACE: Final = 2.0
"""Of a beat's time: so late it may be."""
_TELLING: Final = re.compile(r"[A-Za-z_ ]{1,64}")
"""What a refusal may say to be logged: no name of a destination, which names a subscriber."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StompServer:
    """Where the broker is, who we are there, and how patient we are."""

    host: str
    port: int
    endpoint: str
    """Said in the first frame (R-STOMP.4)."""
    user: str = ""
    password: str = field(default="", repr=False)
    virtual_host: str = "/"
    tls: ssl.SSLContext | None = None
    keep_alive: float = 30.0
    """Seconds between heart-beats, ours and the broker's."""
    patience: float = 20.0
    """Seconds for the way there, and again for the handshake."""
    most_bytes: int = 4 * 1024 * 1024
    """Of one frame's body."""


class Connection:
    """What is sent and heard on it. It begins with CONNECTED."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: StompServer
    ) -> None:
        self._reader, self._writer, self._server = reader, writer, server
        self._decoder = Decoder(most_bytes=server.most_bytes)
        self._came: deque[Frame] = deque()
        self._silence: float | None = server.patience
        self.subscribe_dest = ""
        """Where the broker says to subscribe (R-STOMP.6)."""

    def put(self, frame: Frame) -> bool:
        """Hand it over, without waiting for the network. False when the connection is closed."""
        if self._writer.is_closing():
            return False
        self._writer.write(encode(frame))
        return True

    async def send(self, frame: Frame) -> bool:
        """The same, and wait while much of what was sent before has not left."""
        sent = self.put(frame)
        with suppress(ConnectionError):  # some of it may have left
            await self._writer.drain()
        return sent

    async def heard(self) -> Frame:
        """The next that the broker says; the connection is over once this raises."""
        while not self._came:
            async with asyncio.timeout(self._silence):
                content = await self._reader.read(_PIECE)
            if not content:
                raise ConnectionResetError("the broker closed the connection")
            self._came += self._decoder.feed(content)
        frame = self._came.popleft()
        if frame.command == "ERROR":
            why = frame.headers.get("message", "")
            told = why if _TELLING.fullmatch(why) else "and does not say why"
            raise StompError(f"refuses what we do ({told})", field="broker")
        return frame

    async def greet(self) -> float:
        """The handshake. Seconds between our heart-beats; zero: none are wanted."""
        server, beat = self._server, round(self._server.keep_alive * 1000)
        headers = {"accept-version": "1.2", "host": server.virtual_host}
        if server.user:  # R-STOMP.3
            headers |= {"login": server.user, "passcode": server.password}
        headers |= {"heart-beat": f"{beat},{beat}", "endpoint-id": server.endpoint}
        await self.send(Frame("STOMP", headers))
        said = await self.heard()
        if said.command != "CONNECTED" or said.headers.get("version") != "1.2":
            raise StompError("does not speak STOMP 1.2", field="broker")
        self.subscribe_dest = said.headers.get("subscribe-dest", "")
        theirs, wanted = _beats(said.headers.get("heart-beat", "0,0"))
        self._silence = _GRACE * max(theirs, beat) / 1000 if theirs and beat else None
        return max(wanted, beat) / 1000 if wanted and beat else 0.0

    async def beats(self, every: float) -> None:
        """Be heard, also when there is nothing to say; for ever."""
        while every and not self._writer.is_closing():
            await asyncio.sleep(every)
            self._writer.write(_BEAT)

    async def close(self) -> None:
        """Say goodbye to the broker (R-STOMP.28), and wait for no answer."""
        self.put(Frame("DISCONNECT"))
        self._writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                await self._writer.wait_closed()
        self._writer.transport.abort()


@asynccontextmanager
async def connected(server: StompServer) -> AsyncIterator[Connection]:
    """For as long as the block lasts; it does not end by itself when the line is lost."""
    async with asyncio.timeout(server.patience):
        reader, writer = await asyncio.open_connection(
            server.host, server.port, ssl=server.tls, limit=server.most_bytes + MOST_HEAD
        )
    connection = Connection(reader, writer, server)
    try:
        async with asyncio.timeout(server.patience):
            every = await connection.greet()
        beating = asyncio.create_task(connection.beats(every))
        try:
            yield connection
        finally:
            beating.cancel()
    finally:
        await connection.close()


def _beats(said: str) -> tuple[int, int]:
    """What the broker can send and what it wants, in milliseconds."""
    found = re.fullmatch(r"([0-9]{1,9}),([0-9]{1,9})", said)
    if found is None:
        raise StompError("is not two numbers", field="heart-beat")
    return int(found[1]), int(found[2])
