"""The whole product as one process: it starts, lets its owner in, and ends when it is told to."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from evals.demo.stage import free_port


@dataclass(frozen=True, kw_only=True)
class Running:
    process: "subprocess.Popen[str]"
    told: dict[str, str]
    data_dir: Path

    @property
    def url(self) -> str:
        return self.told["console_and_api"].split()[0]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    wanted = ["serve", "--json", "--port", str(free_port()), "--acs-port", str(free_port())]
    env = {**os.environ, "GATEWRIGHT_DATA_DIR": str(tmp_path / "data")}
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli.main", *wanted],
            env=env,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout
    line = process.stdout.readline()
    assert line, (tmp_path / "log").read_text()
    yield Running(process=process, told=json.loads(line), data_dir=tmp_path / "data")
    process.kill()
    process.wait()
    process.stdout.close()


def test_it_starts_lets_its_owner_in_and_ends_cleanly(running: Running, tmp_path: Path) -> None:
    token = (running.data_dir / "admin.token").read_text().strip()
    headers = {"Authorization": f"Bearer {token}"}

    me = httpx.get(f"{running.url}/v1/me", headers=headers)
    stranger = httpx.get(f"{running.url}/v1/me")
    ready = httpx.get(f"{running.url}/health/ready")
    page = httpx.get(f"{running.url}/sign-in")
    unknown = httpx.get(f"{running.url}/v1/gadgets", headers=headers)
    running.process.send_signal(signal.SIGTERM)
    code = running.process.wait(timeout=30)

    assert "manage_tokens" in me.json()["actions"]
    assert stranger.status_code == 401
    assert ready.json() == {"status": "ok", "checks": {"store": True, "policy": True}}
    assert page.headers["content-type"].startswith("text/html")
    assert unknown.headers["content-type"] == "application/problem+json"
    assert code == 0
    _check_log((tmp_path / "log").read_text(), token)


def _check_log(text: str, token: str) -> None:
    lines = [json.loads(line) for line in text.splitlines()]
    events = [line["event"] for line in lines]
    assert "listening" in events
    assert events[-1] == "stopped"
    assert token not in text
    assert [line for line in lines if line["level"] == "error"] == []
