"""Serves an ASGI application from within this process, for as long as a block lasts."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from executors.accept_queue import LENGTH, handles


class _Server(uvicorn.Server):
    """A server that leaves the process's signals to whoever runs the process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(
    app: object,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    options: Mapping[str, object] | None = None,
) -> AsyncIterator[str]:
    """Serve ``app`` and give its base URL, such as ``http://127.0.0.1:41234``.

    Port 0 takes a free one. Raises OSError when the port is taken. ``options`` go to
    ``uvicorn.Config`` on top of quiet ones.
    """
    with socket.create_server((host, port)) as listener, handles(listener) as sockets:
        settings = {
            "log_level": "critical",
            "access_log": False,
            "lifespan": "off",
            "ws": "none",
            "timeout_graceful_shutdown": 1,
        }
        config = uvicorn.Config(app, **{**settings, **(options or {})})  # type: ignore[arg-type]  # theirs to check
        server = _Server(config)
        task = asyncio.create_task(server.serve(sockets=sockets))
        try:
            while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event
                await asyncio.sleep(0.005)
            if task.done():
                await task
                raise OSError(f"the server on {host}:{port} ended before it began")
            listener.listen(LENGTH)
            yield f"http://{host}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task
