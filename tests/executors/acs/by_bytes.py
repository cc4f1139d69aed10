"""A device that is bytes on a socket, for tests of connections."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from executors.acs import messages as m
from executors.acs.envelope import Envelope
from executors.acs.soap import build

Peer = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def post(serial: str = "S1", event: str = "1 BOOT", *headers: str) -> bytes:
    device = m.Identity("Acme", "001122", "Box", serial)
    said = m.Inform(device=device, events=(m.InformEvent(event),))
    body = build(Envelope(said, id="1"))
    lines = ["POST / HTTP/1.1", "Host: acs", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@asynccontextmanager
async def listening(app: Any) -> AsyncIterator[Callable[[], Any]]:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", **app.options)
    server = uvicorn.Server(config)
    app.connections.deadlines.every = 0.02
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    writers: list[asyncio.StreamWriter] = []

    async def connect() -> Peer:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writers.append(writer)
        return reader, writer

    connect.server = server  # type: ignore[attr-defined]
    yield connect
    for writer in writers:
        writer.close()
    await asyncio.gather(*(each.wait_closed() for each in writers), return_exceptions=True)
    server.should_exit = True
    await serving


async def said(peer: Peer, what: bytes) -> bytes:
    """The head of the answer."""
    peer[1].write(what)
    return await asyncio.wait_for(peer[0].readuntil(b"\r\n\r\n"), 5)


async def gone(peer: Peer) -> bool:
    """The other end closed it, with nothing more to say."""
    try:
        return await asyncio.wait_for(peer[0].read(), 5) == b""
    except ConnectionError:
        return True
