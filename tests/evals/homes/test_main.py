"""The homes as a process: one line when all are up, one hint when something is missing."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evals.homes import __main__ as command
from evals.homes.fleet import build_fleet
from evals.homes.running import Line, running_fleet

Acs = Callable[..., Any]


async def start(*arguments: str, password: str = "") -> asyncio.subprocess.Process:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GATEWRIGHT_")}
    secret = {"GATEWRIGHT_ACS_PASSWORD": password} if password else {}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "evals.homes",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**kept, **secret},
    )


async def test_it_says_one_line_when_all_homes_are_up_and_stops_when_told(
    scripted_acs: Acs, tmp_path: Path
) -> None:
    books = tmp_path / "inventory.json"
    secret = tmp_path / "password"

    async with scripted_acs() as acs:
        secret.write_text(acs.password + "\n")
        running = await start(
            *("--acs", acs.url, "--count", "3", "--spread", "0"),
            *("--password-file", str(secret), "--inventory", str(books)),
        )
        assert running.stdout is not None
        line = await asyncio.wait_for(running.stdout.readline(), 60)
        running.send_signal(signal.SIGTERM)
        rest, errors = await asyncio.wait_for(running.communicate(), 20)

    assert line.decode() == f"3 homes up, inventory at {books}\n"
    assert (running.returncode, rest, errors) == (0, b"", b"")
    assert len(acs.informs) == 3
    assert len(json.loads(books.read_text())["devices"]) == 3


async def test_it_hints_once_at_what_keeps_homes_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "_HINT_SECONDS", 0.05)
    home = build_fleet(1, seed=1, clock=lambda: datetime.now(UTC))[0].home
    nowhere = Line(acs_url="http://127.0.0.1:9/", username="u", password="p")

    async with running_fleet([home], nowhere) as fleet:
        telling = asyncio.create_task(command._tell(fleet, nowhere.acs_url, ""))
        await asyncio.sleep(0.4)
        telling.cancel()

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "1 of 1 homes did not reach http://127.0.0.1:9/: ConnectError\n"


async def test_without_a_password_it_says_where_one_is_looked_for() -> None:
    running = await start("--count", "1")

    said, errors = await asyncio.wait_for(running.communicate(), 60)

    assert running.returncode == 2
    assert said == b""
    assert b"GATEWRIGHT_ACS_PASSWORD" in errors


async def test_the_inventory_can_be_had_alone(tmp_path: Path) -> None:
    books = tmp_path / "inventory.json"

    running = await start("--inventory", str(books), "--inventory-only", "--count", "20")
    await asyncio.wait_for(running.communicate(), 60)

    assert running.returncode == 0
    assert len(json.loads(books.read_text())["subscribers"]) == 20
