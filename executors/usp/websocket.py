"""The WebSocket server that agents connect to (TR-369, WebSocket binding): no broker needed.

    async with serving_agents(exchange, options) as server: ...

A peer is admitted before the handshake ends; each connection is one ``Link``.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs, urlsplit

import structlog
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.protocol import State
from websockets.typing import Subprotocol

from executors.flood import Flood
from executors.usp import records
from executors.usp.admission import Admission
from executors.usp.endpoint import EndpointId
from executors.usp.errors import NotAdmitted, UspError
from executors.usp.exchange import Exchange
from executors.usp.records import DisconnectRecord, Record, WebSocketConnectRecord

_log = structlog.get_logger(__name__)

SUBPROTOCOL: Final = Subprotocol("v1.usp")
_NOT_UNDERSTOOD, _TOO_MUCH, _GOING = 1003, 1008, 1001
_EXTENSION: Final = "bbf-usp-protocol"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketOptions:
    """How agents are served over WebSocket."""

    host: str
    port: int
    admission: Admission
    tls: ssl.SSLContext | None = None
    path: str = "/usp"
    keep_alive: float = 30.0
    """Seconds between pings; an agent that does not answer one within as long is gone."""
    most_agents: int = 20_000
    most_bytes: int = records.MAX_BYTES
    """Of one record."""
    records_per_second: float = 50.0
    """Of one agent, over time; a burst may be ten times as much."""


class _Connection:
    """A ``Link`` over one WebSocket."""

    mtp: Final = "websocket"

    def __init__(self, socket: ServerConnection, endpoint: EndpointId, ours: str) -> None:
        self._socket, self._ours = socket, ours
        self.endpoint = endpoint.text
        self._ending: asyncio.Task[None] | None = None

    async def send(self, record: Record) -> bool:
        """False when the connection was closed before."""
        if self._socket.state is not State.OPEN:
            return False
        try:
            await self._socket.send(records.encode(record))
        except ConnectionClosed:
            return True  # some of it may have left
        return True

    def end(self, reason: str) -> None:
        """Say goodbye with a Disconnect record (R-MTP.7), then close."""
        if self._ending is None:
            self._ending = asyncio.create_task(self._end(reason))

    async def _end(self, reason: str) -> None:
        kind = DisconnectRecord(reason, 0)
        await self.send(Record(to_id=self.endpoint, from_id=self._ours, record_type=kind))
        await self._socket.close(_GOING, reason)


@asynccontextmanager
async def serving_agents(exchange: Exchange, options: WebSocketOptions) -> AsyncIterator[Server]:
    """Serve for as long as the block lasts. OSError when the port is taken."""
    agents = _Agents(exchange, options)
    async with serve(
        agents.handle,
        options.host,
        options.port,
        ssl=options.tls,
        process_request=agents.admit,
        subprotocols=[SUBPROTOCOL],
        compression=None,
        max_size=options.most_bytes,
        max_queue=8,
        ping_interval=options.keep_alive,
        ping_timeout=options.keep_alive,
        server_header=None,
    ) as server:
        yield server


class _Agents:
    """Admits peers and reads what they send."""

    def __init__(self, exchange: Exchange, options: WebSocketOptions) -> None:
        self._exchange, self._options = exchange, options

    def admit(self, socket: ServerConnection, request: Request) -> Response | None:
        """Refuse the handshake, or None to go on with it."""
        counts = self._exchange.links.counts
        if urlsplit(request.path).path != self._options.path:
            return socket.respond(HTTPStatus.NOT_FOUND, "There is nothing here.\n")
        if len(self._exchange.links) >= self._options.most_agents:
            counts["turned_away"] += 1
            return socket.respond(HTTPStatus.SERVICE_UNAVAILABLE, "Come back later.\n")
        try:
            self._endpoint(socket, request)
        except NotAdmitted as error:
            counts["not_admitted"] += 1
            _log.info("usp_not_admitted", reason=str(error))
            return socket.respond(HTTPStatus.FORBIDDEN, f"{error}\n")
        return None

    async def handle(self, socket: ServerConnection) -> None:
        """One agent, from its handshake to its end."""
        assert socket.request is not None
        endpoint = self._endpoint(socket, socket.request)
        link = _Connection(socket, endpoint, self._exchange.endpoint_id)
        connect = Record(
            to_id=link.endpoint,
            from_id=self._exchange.endpoint_id,
            record_type=WebSocketConnectRecord(),
        )
        await link.send(connect)  # R-MTP.6: the first record
        await self._exchange.joined(link)
        try:
            await self._read(socket, link)
        except ConnectionClosed:
            return
        finally:
            self._exchange.left(link)

    async def _read(self, socket: ServerConnection, link: _Connection) -> None:
        rate = self._options.records_per_second
        now = asyncio.get_running_loop().time
        flood = Flood(rate=rate, burst=10 * rate, now=now())
        while True:  # to go through it with ``async for`` costs more
            frame = await socket.recv()
            if not flood.takes(now()):
                self._exchange.links.counts["floods"] += 1
                _log.warning("usp_flood", endpoint=link.endpoint)
                await socket.close(_TOO_MUCH, "too many records")
                return
            try:
                if isinstance(frame, str):
                    raise UspError("is text", field="frame")
                await self._exchange.received(link, records.decode(frame))
            except UspError as error:  # R-WS.16
                self._exchange.links.counts["unreadable"] += 1
                _log.info("usp_unreadable", endpoint=link.endpoint, reason=str(error))
                await socket.close(_NOT_UNDERSTOOD, "not a USP record")
                return

    def _endpoint(self, socket: ServerConnection, request: Request) -> EndpointId:
        certificate = socket.transport.get_extra_info("peercert")
        return self._options.admission(certificate, _said(request))


def _said(request: Request) -> str:
    """What the peer calls itself: in the URL (R-WS.10b), or in the header that older agents use."""
    found = parse_qs(urlsplit(request.path).query).get("eid", [])
    if found:
        return found[0]
    for header in request.headers.get_all("Sec-WebSocket-Extensions"):
        for extension in header.split(","):
            name, *parameters = [part.strip() for part in extension.split(";")]
            for parameter in parameters:
                key, _, value = parameter.partition("=")
                if name == _EXTENSION and key.strip() == "eid":
                    return value.strip().strip('"')
    return ""
