"""What a CWMP session costs the server, beside the same server answering constants."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

import httpx

from brain.ids import utc_now
from evals.bench.cwmp_server import PASSWORD, USERNAME
from evals.bench.table import Result, Row
from evals.demo.stage import free_port
from evals.homes.device_session import DeviceSession
from evals.homes.fleet import build_fleet
from executors.acs.soap import CONTENT_TYPE, build

_SESSIONS = 400
_AT_ONCE = 8


async def bench_cwmp() -> Result:
    """Whole sessions: 401, Inform, InformResponse, empty POST, 204, each on its own connection."""
    constant = await _measured("constant")
    ours = await _measured("acs")
    return Result(
        name="cwmp",
        title="A CWMP session: Inform with digest, to a store on SQLite",
        rows=(
            Row(name="ACS, server CPU a session", value=ours[0] * 1e3, unit="ms"),
            Row(name="constant, server CPU a session", value=constant[0] * 1e3, unit="ms"),
            Row(name="ACS, sessions a second of CPU", value=1 / ours[0], unit="per second"),
            Row(name="constant, the same", value=1 / constant[0], unit="per second"),
            Row(name="ACS to constant", value=constant[0] / ours[0], unit="ratio"),
            Row(name="ACS, wall clock", value=ours[1], unit="sessions/s"),
            Row(name="constant, wall clock", value=constant[1], unit="sessions/s"),
        ),
        notes=(f"{_SESSIONS} sessions, {_AT_ONCE} at once, client and server on one machine",),
    )


async def _measured(mode: str) -> tuple[float, float]:
    """CPU seconds of the server a session, and sessions a second."""
    port = free_port(0)
    bodies = [
        build(DeviceSession(resident.home).inform())
        for resident in build_fleet(50, seed=1, clock=utc_now)
    ]
    async with _server(mode, port) as pid:
        url = f"http://127.0.0.1:{port}/"
        await _sessions(url, bodies, 50)
        before, start = _cpu(pid), perf_counter()
        await _sessions(url, bodies, _SESSIONS)
        seconds = perf_counter() - start
        return (_cpu(pid) - before) / _SESSIONS, _SESSIONS / seconds


async def _sessions(url: str, bodies: list[bytes], count: int) -> None:
    queue = iter([bodies[number % len(bodies)] for number in range(count)])

    async def worker() -> None:
        for body in queue:
            await _session(url, body)

    await asyncio.gather(*(worker() for _ in range(_AT_ONCE)))


async def _session(url: str, body: bytes) -> None:
    headers = {"Content-Type": CONTENT_TYPE, "SOAPAction": ""}
    auth = httpx.DigestAuth(USERNAME, PASSWORD)
    async with httpx.AsyncClient(auth=auth, headers=headers, trust_env=False) as client:
        opened = await client.post(url, content=body)
        ended = await client.post(url, content=b"")
    if (opened.status_code, ended.status_code) != (200, 204):
        raise RuntimeError(f"no session: {opened.status_code}, {ended.status_code}")


@asynccontextmanager
async def _server(mode: str, port: int) -> AsyncIterator[int]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "evals.bench.cwmp_server", mode, str(port)
    )
    try:
        await _listens(port)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def _listens(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise TimeoutError("the server does not listen")


def _cpu(pid: int) -> float:
    """User and system seconds of a process so far (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
