"""What a CWMP session costs the server, beside the same server answering constants."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic

from evals.bench.cwmp_server import PASSWORD, USERNAME
from evals.bench.postgres import postgres
from evals.bench.table import Result, Row
from evals.bench.turns import told
from evals.demo.stage import free_port
from evals.processes import processor_seconds
from evals.storm.crowd import Crowd
from evals.storm.script import Script

_SESSIONS = 1_500
_AT_ONCE = 64
_ROUNDS = 5
_PATIENCE = 120.0


async def bench_cwmp() -> Result:
    """Whole sessions: 401, Inform, InformResponse, empty POST, 204, each on its own connection."""
    with TemporaryDirectory() as folder, postgres() as database:
        stores = {"SQLite": f"sqlite:///{Path(folder) / 'bench.db'}"}
        if database is not None:
            stores["PostgreSQL"] = database.database("bench")
        costs = await _costs(stores)
    return Result(
        name="cwmp",
        title="A CWMP session: Inform with digest, kept in a store",
        rows=(*_rows(costs, stores),),
        notes=(
            f"median of {_ROUNDS} rounds in turns, {_SESSIONS} sessions each, {_AT_ONCE} at once",
            "processor time of our process; that of PostgreSQL's own is not in it",
        ),
    )


def _rows(costs: dict[str, float], stores: Sequence[str] | dict[str, str]) -> list[Row]:
    constant = costs["constant"]
    rows = [
        Row(name=f"{name}, a session", value=cost * 1e3, unit="ms") for name, cost in costs.items()
    ]
    rows += [
        Row(name=f"{name}, sessions a second of processor time", value=1 / cost, unit="")
        for name, cost in costs.items()
    ]
    aims = {"SQLite": 0.35, "PostgreSQL": 0.30}
    return rows + [
        Row(
            name=f"{name}, to constant",
            value=constant / costs[name],
            unit="ratio",
            aim=f"{aims[name]}",
            least=aims[name],
        )
        for name in stores
    ]


async def _costs(stores: dict[str, str]) -> dict[str, float]:
    """Seconds of the server's processor time a session, by what answers."""
    async with AsyncExitStack() as stack:
        servers = {"constant": await stack.enter_async_context(_server("constant"))}
        for name, url in stores.items():
            servers[name] = await stack.enter_async_context(_server(url))
        found: dict[str, list[float]] = {name: [] for name in servers}
        for number in range(_ROUNDS + 1):
            for name, (pid, port) in servers.items():
                told.get()(f"{name}, round {number} of {_ROUNDS} ...")
                found[name].append(await asyncio.to_thread(_round, pid, port))
    # In the first round all is new: devices are enrolled, and statements are compiled.
    return {name: median(costs[1:]) for name, costs in found.items()}


def _round(pid: int, port: int) -> float:
    crowd = Crowd(
        first=0,
        count=_SESSIONS,
        address=("127.0.0.1", port),
        script=Script(username=USERNAME, password=PASSWORD),
        heedless=0.0,
        draw=Random(1),  # noqa: S311 - no secret is drawn
        most_open=_AT_ONCE,
    )
    before, until = processor_seconds(pid), monotonic() + _PATIENCE
    crowd.release()
    try:
        while not crowd.turn():
            if monotonic() > until:
                raise TimeoutError(f"the server does not answer: {crowd.tally}")
        if crowd.tally.sent_away or crowd.tally.broken:
            raise RuntimeError(f"not every session was one: {crowd.tally}")
        return (processor_seconds(pid) - before) / _SESSIONS
    finally:
        crowd.close()


@asynccontextmanager
async def _server(answers: str) -> AsyncIterator[tuple[int, int]]:
    """Its process and its port; ``answers`` is ``constant`` or the URL of a store."""
    port = free_port(0)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "evals.bench.cwmp_server", answers, str(port)
    )
    try:
        await _listens(port)
        yield process.pid, port
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def _listens(port: int) -> None:
    for _ in range(400):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise TimeoutError("the server does not listen")
