"""Stands in for GenieACS's NBI process: the interface over HTTP/1.1, with its reason phrases.

ASGI cannot say a reason phrase, and this interface tells half of what it has to say by it.
"""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from evals.standins.genieacs.interface import Ask, Dropped, Interface


@contextmanager
def serving(
    interface: Interface,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    lock: AbstractContextManager[object] | None = None,
) -> Iterator[str]:
    """Serve it from a thread and give its base URL; who holds the lock has the homes alone."""
    held = lock or Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            ask = Ask(self.command, self.path, body, dict(self.headers.items()))
            try:
                with held:
                    told = interface.answer(ask)
            except Dropped:
                self.close_connection = True
                return
            said = b"" if told.body is None else json.dumps(told.body).encode()
            self.send_response(told.status, told.reason)
            self.send_header("GenieACS-Version", "1.2.13+stand-in")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _serve

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((host, port), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://{host}:{server.server_address[1]}"
        finally:
            server.shutdown()
