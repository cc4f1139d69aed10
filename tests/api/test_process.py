"""The whole product as one process: it starts, lets its owner in, and ends when it is told to."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
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
    acs_port: int

    @property
    def url(self) -> str:
        return self.told["console_and_api"].split()[0]


Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts it once, with these settings."""
    with ExitStack() as ends:
        yield lambda **settings: ends.enter_context(_started(tmp_path, settings))


@pytest.fixture
def running(start: Start) -> Running:
    return start()


@contextmanager
def _started(tmp_path: Path, settings: dict[str, str]) -> Iterator[Running]:
    acs_port = free_port()
    wanted = ["serve", "--json", "--port", str(free_port()), "--acs-port", str(acs_port)]
    env = {**os.environ, "GATEWRIGHT_DATA_DIR": str(tmp_path / "data"), **settings}
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
    yield Running(
        process=process, told=json.loads(line), data_dir=tmp_path / "data", acs_port=acs_port
    )
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


def doors_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = {int(each): Path(f"/proc/{each}/cmdline").read_bytes() for each in children}
    return [each for each, line in lines.items() if b"executors.acs.doors" in line]


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}/cmdline").exists()]


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_its_doors_speak_cwmp_know_no_secret_and_end_with_it(
    start: Start, tmp_path: Path, end: signal.Signals
) -> None:
    running = start(GATEWRIGHT_ACS_DOORS="2", GATEWRIGHT_ACS_PASSWORD="only-for-us")
    acs = f"http://127.0.0.1:{running.acs_port}/"
    doors = doors_of(running.process.pid)

    asked = httpx.post(acs, content=b"")
    known = [Path(f"/proc/{pid}/environ").read_bytes() for pid in doors]
    running.process.send_signal(end)
    code = running.process.wait(timeout=30)
    until = time.monotonic() + 15
    while alive(doors) and time.monotonic() < until:
        time.sleep(0.05)

    assert len(doors) == 2
    assert asked.status_code == 401
    assert not any(b"only-for-us" in each for each in known)
    assert alive(doors) == []
    assert code == (0 if end is signal.SIGTERM else -signal.SIGKILL)
    with pytest.raises(httpx.ConnectError):
        httpx.post(acs, content=b"")
    if end is signal.SIGTERM:
        _check_log((tmp_path / "log").read_text(), "only-for-us")


def _check_log(text: str, token: str) -> None:
    lines = [json.loads(line) for line in text.splitlines()]
    events = [line["event"] for line in lines]
    assert "listening" in events
    assert events[-1] == "stopped"
    assert token not in text
    assert [line for line in lines if line["level"] == "error"] == []
