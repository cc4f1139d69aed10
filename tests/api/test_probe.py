"""A probe says what came back, and never raises."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from api.probe import probe


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        known = self.headers.get("Authorization") == "Bearer sk-1"
        self.send_response(302 if self.path == "/moved" else 200 if known else 401)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_status_is_heard_with_and_without_a_token(url: str) -> None:
    assert probe(url, token="sk-1").status == 200
    assert probe(url).status == 401


def test_the_token_is_not_taken_elsewhere(url: str) -> None:
    assert probe(f"{url}/moved", token="sk-1").status == 302


@pytest.mark.parametrize("bad", ["http://127.0.0.1:9", "nonsense", "ftp://127.0.0.1", "http://["])
def test_nobody_there_is_an_answer_too(bad: str) -> None:
    heard = probe(bad)

    assert (heard.status, heard.reason) == (0, "cannot be reached")
