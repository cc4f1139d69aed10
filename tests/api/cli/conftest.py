"""Runs the command line against a real server, which runs in the test's own event loop."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import structlog
import uvicorn
from typer.testing import CliRunner

from api.cli.main import app
from brain.domain.errors import GatewrightError

if TYPE_CHECKING:
    from tests.api.conftest import Front


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What became of one command."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, kw_only=True)
class Shell:
    """Runs commands with an environment of their own."""

    url: str
    data_dir: Path

    async def run(self, *arguments: str, token: str = "", stdin: str = "", **env: str) -> Ran:
        """``token`` and the server's URL go into the environment when there is a token."""
        given = {"GATEWRIGHT_URL": self.url, "GATEWRIGHT_TOKEN": token} if token else {}
        return await asyncio.to_thread(self._run, arguments, {**given, **env}, stdin)

    def _run(self, arguments: tuple[str, ...], env: Mapping[str, str], stdin: str) -> Ran:
        clean = {"GATEWRIGHT_URL": None, "GATEWRIGHT_TOKEN": None, "COLUMNS": "160"}
        own = {"GATEWRIGHT_DATA_DIR": str(self.data_dir)}
        result = CliRunner().invoke(app, list(arguments), env={**clean, **own, **env}, input=stdin)
        if isinstance(result.exception, GatewrightError):
            # ``main`` turns these into one sentence and an exit code.
            return Ran(code=1, out=result.stdout, err=f"{result.stderr}{result.exception}")
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return Ran(code=result.exit_code, out=result.stdout, err=result.stderr)


@pytest.fixture
def terminal(tmp_path: Path) -> Shell:
    """A machine where no server runs."""
    return Shell(url="", data_dir=tmp_path / "data")


@pytest.fixture
def _quiet() -> Iterator[None]:
    """The server's log would land in what the command says: they share a process here."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.reset_defaults()


@pytest.fixture
async def shell(front: "Front", tmp_path: Path, _quiet: None) -> AsyncIterator[Shell]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(front.app, log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.005)
        port = listener.getsockname()[1]
        yield Shell(url=f"http://127.0.0.1:{port}", data_dir=tmp_path / "data")
        server.should_exit = True
        await task
