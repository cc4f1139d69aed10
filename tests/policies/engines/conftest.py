"""Servers for tests of engines: a real OPA, and one that lies."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from evals.demo.stage import free_port
from policies.bundle import Bundle
from tests.policies.engines.serving import start


@pytest.fixture(scope="session")
def opa_url(
    opa_binary: str, bundle: Bundle, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """An OPA server of our own that has loaded the shipped bundle."""
    packed = tmp_path_factory.mktemp("opa") / "bundle.tar.gz"
    packed.write_bytes(bundle.to_tar_gz())
    port = free_port()
    server = start(opa_binary, port, packed)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(timeout=10)


class Liar:
    """An HTTP server that answers every request with what it is told, and counts them."""

    def __init__(self) -> None:
        self.status = 200
        self.body = b"{}"
        self.kind = "application/json"
        self.delay = 0.0
        self.requests: list[tuple[str, Any]] = []
        self.url = ""

    def say(self, document: object) -> None:
        self.body = json.dumps(document).encode()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next(
                int(line.partition(":")[2])
                for line in head.splitlines()
                if line.lower().startswith("content-length")
            )
            body = json.loads(await reader.readexactly(length))
            self.requests.append((head.split(" ")[1], body))
            await asyncio.sleep(self.delay)
            writer.write(
                f"HTTP/1.1 {self.status} X\r\nContent-Type: {self.kind}\r\n"
                f"Content-Length: {len(self.body)}\r\nConnection: close\r\n\r\n".encode()
                + self.body
            )
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


@pytest.fixture
async def liar() -> AsyncIterator[Liar]:
    said = Liar()
    server = await asyncio.start_server(said.answer, "127.0.0.1", 0)
    said.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield said
    server.close()
    await server.wait_closed()
