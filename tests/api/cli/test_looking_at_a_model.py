"""Doctor asks the model's server, and says how it can be held to the form of an answer."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from api.cli.looking import look_at_model
from brain.settings import Settings


class Handler(BaseHTTPRequestHandler):
    """Lists one model, refuses a schema, and calls the function that it is told to call."""

    broken = False

    def do_GET(self) -> None:
        self._send({"data": [{"id": "qwen-7b"}]})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "tools" not in asked or self.broken:
            self._send({"error": {"message": "not known"}}, status=400)
            return
        call = {
            "id": "t",
            "type": "function",
            "function": {"name": "x", "arguments": '{"ok":true}'},
        }
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
        self._send({"model": "qwen-7b", "choices": [{"finish_reason": "stop", "message": message}]})

    def log_message(self, format: str, *args: Any) -> None:
        del format, args

    def _send(self, body: object, *, status: int = 200) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
    yield Settings(data_dir=tmp_path)
    server.shutdown()
    server.server_close()


async def test_doctor_says_how_the_model_is_held_to_a_form(settings: Settings) -> None:
    check = await look_at_model(settings)

    assert check.ok
    assert "qwen-7b answers, held to a schema by a function call (tools)" in check.detail


async def test_a_server_that_answers_no_question_is_a_failed_check(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Handler, "broken", True)

    check = await look_at_model(settings)

    assert not check.ok
    assert "does not understand" in check.detail
    assert "GATEWRIGHT_LLM_MODEL" in check.remedy
