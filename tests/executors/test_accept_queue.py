"""A crowd before the door comes in by several in each turn of the event loop."""

import asyncio
import socket
from contextlib import ExitStack

import uvloop

from executors.accept_queue import handles

_CROWD, _TURNS = 30, 6


async def _come_in(listener: socket.socket, sockets: list[socket.socket]) -> int:
    """How many of a crowd that waits are in after some turns of the event loop."""
    inside: list[asyncio.BaseTransport] = []

    class Guest(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            inside.append(transport)

    loop = asyncio.get_running_loop()
    with ExitStack() as crowd:
        for _ in range(_CROWD):
            crowd.enter_context(socket.create_connection(listener.getsockname()))
        servers = [await loop.create_server(Guest, sock=each) for each in sockets]
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        count = len(inside)
        for server in servers:
            server.close()
        for transport in inside:
            transport.abort()
    return count


def test_a_crowd_that_waits_is_taken_in_several_at_a_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, handles(listener) as sockets:
        assert uvloop.run(_come_in(listener, sockets)) == _CROWD


def test_by_one_handle_they_come_in_one_by_one() -> None:
    # Why there are several: where this fails, uvloop needs them no more.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert uvloop.run(_come_in(listener, [listener.dup()])) <= _TURNS


def test_the_handles_are_closed_when_nobody_is_served_any_more() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with handles(listener) as sockets:
            assert listener in sockets
        assert [each.fileno() for each in sockets if each is not listener] == [-1] * (
            len(sockets) - 1
        )
        assert len(sockets) > 1
        assert listener.fileno() != -1
