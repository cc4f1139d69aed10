"""Two applications share a process: both listen or neither, and a signal ends both."""

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from api.serving import Listener, serve
from brain.domain.errors import Conflict, InvalidInput


async def hello(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["server"][1].__str__().encode()})


def free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def listener(port: int, host: str = "127.0.0.1") -> Listener:
    return Listener(app=hello, host=host, port=port, setting="--port", options={"lifespan": "off"})


async def until_ready(run: Callable[[Callable[[], None]], Awaitable[None]]) -> asyncio.Task[None]:
    ready = asyncio.Event()
    task = asyncio.ensure_future(run(ready.set))
    waiting = asyncio.ensure_future(ready.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    return task


async def test_both_answer_until_a_signal_ends_both() -> None:
    first, second = free(), free()
    task = await until_ready(lambda ready: serve([listener(first), listener(second)], ready=ready))

    async with httpx.AsyncClient() as client:
        answers = [(await client.get(f"http://127.0.0.1:{port}")).text for port in (first, second)]
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(task, timeout=10)

    assert answers == [str(first), str(second)]
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", first), timeout=1)


async def test_a_port_that_is_taken_is_named_and_nothing_listens() -> None:
    other = free()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Conflict) as refused:
            await serve([listener(other), listener(port)], ready=_never)

    assert (refused.value.field, str(port) in refused.value.message) == ("--port", True)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", other), timeout=1)


async def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(InvalidInput):
        await serve([listener(free(), "192.0.2.1")], ready=_never)


def _never() -> None:
    raise AssertionError("it was not ready")
