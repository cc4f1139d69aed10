"""Events in over HTTP: the product as a process of its own, with its sign-in and its rules."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import httpx

from brain.ids import utc_now
from brain.remediation.taking_in import MOST_AT_ONCE
from evals.bench.table import Row
from evals.bench.turns import told
from evals.demo.people import make_tokens
from evals.demo.stage import running, set_stage, wait_ready
from evals.processes import processor_seconds

_SETTINGS = {"GATEWRIGHT_REMEDIATION": "dry_run"}
_DEVICES = 1_000
_CALLERS = 4
_SECONDS = 20.0


async def events_http_rows() -> list[Row]:
    """As a probe would send them: calls of a thousand, by several callers, on SQLite."""
    told.get()("events in, over HTTP ...")
    return await asyncio.to_thread(_measured)


def _measured() -> list[Row]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        stage = set_stage(folder, _SETTINGS, ports=(0, 0))
        process = stack.enter_context(running(stage, "serve", ["api.cli.main", "serve"]))
        wait_ready(stage, process)
        tokens = make_tokens(stage)
        _entered(stage.api, tokens["olga"])
        before = processor_seconds(process.pid)
        start = perf_counter()
        with ThreadPoolExecutor(_CALLERS) as callers:
            each = [callers.submit(_send, stage.api, tokens["sam"], start) for _ in range(_CALLERS)]
            calls = [call for one in each for call in one.result()]
        wall, spent = perf_counter() - start, processor_seconds(process.pid) - before
    return _rows(calls, wall, spent)


def _rows(calls: Sequence[int], wall: float, spent: float) -> list[Row]:
    taken = calls.count(httpx.codes.OK) * MOST_AT_ONCE
    wrong = [each for each in calls if each not in (httpx.codes.OK, 503)]
    return [
        Row(name="events in over HTTP: taken and answered", value=taken / wall, unit="events/s"),
        Row(
            name="events in over HTTP: processor time, the rules' reading with it",
            value=spent / taken * 1e6,
            unit="µs/event",
        ),
        Row(name="events in over HTTP: told to come again", value=calls.count(503), unit="calls"),
        Row(name="events in over HTTP: other answers", value=len(wrong), unit="calls", most=0),
    ]


def _entered(api: str, token: str) -> None:
    devices = [
        {"oui": "00D09E", "product_class": "G1", "serial": _serial(number)}
        for number in range(_DEVICES)
    ]
    with _client(api, token) as client:
        client.post("/v1/inventory", json={"devices": devices}).raise_for_status()


def _send(api: str, token: str, start: float) -> list[int]:
    """The answers to one caller, each call sent when the one before was answered."""
    answers = []
    with _client(api, token) as client:
        while perf_counter() - start < _SECONDS:
            answers.append(client.post("/v1/events", json=_call()).status_code)
    return answers


def _call() -> dict[str, object]:
    at = utc_now().isoformat()
    path = "Device.IP.Interface.1.Status"
    each = {"kind": "value_change", "at": at, "path": path, "value": "Down"}
    return {"events": [{"device": f"00D09E-G1-{_serial(n)}", **each} for n in range(MOST_AT_ONCE)]}


def _serial(number: int) -> str:
    return f"S{number:06d}"


def _client(api: str, token: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=api, headers=headers, timeout=60)
