"""Runs console, API and ACS in one process and one event loop, until a signal ends it."""

import asyncio
import errno
import signal
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import uvicorn

from brain.domain.errors import Conflict, GatewrightError, InvalidInput
from executors.accept_queue import LENGTH, handles

Asgi = Callable[..., object]
_PATIENCE = 5
"""Seconds that open requests have to end after a signal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """One application on one address."""

    app: Asgi
    host: str
    port: int
    setting: str
    """The setting that a person would change when the port is taken."""
    options: Mapping[str, object] = field(default_factory=dict)


class _Server(uvicorn.Server):
    """A server that leaves the process's signals to ``serve``: there are two of it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing is captured here."""
        yield


async def serve(listeners: Sequence[Listener], *, ready: Callable[[], None]) -> None:
    """Listen on all of them until SIGINT or SIGTERM, or until one fails.

    Raises Conflict, before anything listens, when a port is taken, and InvalidInput for an address
    that is not this machine's.
    """
    servers = [_server(listener) for listener in listeners]
    with ExitStack() as bound_so_far, _signals(servers):
        sockets = [bound_so_far.enter_context(_bound(listener)) for listener in listeners]
        several = [bound_so_far.enter_context(handles(each)) for each in sockets]
        tasks = [
            asyncio.create_task(server.serve(sockets=handed))
            for server, handed in zip(servers, several, strict=True)
        ]
        if await _all_started(servers, tasks):
            for each in sockets:
                each.listen(LENGTH)
            ready()
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*tasks)


def _bound(listener: Listener) -> socket.socket:
    try:
        return socket.create_server((listener.host, listener.port), backlog=LENGTH)
    except OSError as error:
        raise not_bound(listener, error) from None


def not_bound(listener: Listener, error: OSError) -> GatewrightError:
    """The error that tells a person why nothing can listen there."""
    if error.errno == errno.EADDRINUSE:
        return Conflict(
            f"port {listener.port} is in use by another program",
            field=listener.setting,
            remedy="Stop that program, or choose another port.",
        )
    return InvalidInput(
        f"cannot listen on {listener.host}:{listener.port} ({error.strerror})",
        field=listener.setting,
        remedy="Choose an address of this machine and a port above 1023.",
    )


def _server(listener: Listener) -> _Server:
    usual: dict[str, object] = {
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "timeout_graceful_shutdown": _PATIENCE,
    }
    config = uvicorn.Config(listener.app, **{**usual, **listener.options})  # type: ignore[arg-type]
    return _Server(config)


@contextmanager
def _signals(servers: Sequence[uvicorn.Server]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    ends = (signal.SIGINT, signal.SIGTERM)
    for each in ends:
        loop.add_signal_handler(each, _asked_to_stop, servers)
    try:
        yield
    finally:
        for each in ends:
            loop.remove_signal_handler(each)


def _asked_to_stop(servers: Sequence[uvicorn.Server]) -> None:
    """Asked twice, they do not wait for open requests."""
    for server in servers:
        server.force_exit = server.should_exit
        server.should_exit = True


async def _all_started(
    servers: Sequence[uvicorn.Server], tasks: Sequence[asyncio.Task[None]]
) -> bool:
    while not all(server.started for server in servers):
        if any(task.done() for task in tasks):
            return False
        await asyncio.sleep(0.01)  # uvicorn has no event for it
    return True
