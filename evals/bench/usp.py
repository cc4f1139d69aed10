"""What USP costs: round trips beside bare transports, ten thousand agents at once, a Set on half.

Each server is a process of its own, and what counts is the processor time that it took: agents and
broker are others. Ratios are of turns within one run.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from evals.bench.table import Result, Row
from evals.bench.turns import told
from evals.bench.usp_agents import over_mqtt, over_websocket
from evals.bench.usp_events import event_rows
from evals.demo.stage import free_port

_FEW, _MANY = 1_000, 10_000
_AGENTS = 200
_AT_ONCE = 32
_TIMES = 1_000
_ROUNDS = 5
_CHANGES = 5_000
_SETTLED = 2.0
_KIB = 1024

Order = Callable[[str], Awaitable[dict[str, Any]]]


async def bench_usp() -> Result:
    """All of it: two to four minutes."""
    return Result(
        name="usp",
        title="USP: our controller beside bare transports",
        rows=(
            *await _beside("websocket", 0.4),
            *await _beside("mqtt", 0.5),
            *await _crowds(_MANY),
            *await event_rows(),
        ),
        notes=_NOTES,
    )


async def bench_usp_small() -> Result:
    """The same without the crowd: half a minute."""
    return Result(
        name="usp-small",
        title="USP: our controller beside bare transports, and a small crowd",
        rows=(*await _beside("websocket", 0.4), *await _crowds(2 * _FEW)),
        notes=_NOTES,
    )


_NOTES = (
    f"median of {_ROUNDS} rounds in turns of {_TIMES} round trips, {_AT_ONCE} at once; "
    "processor time of the server's process",
    "memory is what the process holds more per agent, by its resident set",
)


async def _beside(mtp: str, least: float) -> list[Row]:
    """Get and Set, ours and bare, on the same broker where there is one."""
    found: dict[tuple[str, str], list[float]] = {}
    async with AsyncExitStack() as stack:
        broker = await stack.enter_async_context(_broker()) if mtp == "mqtt" else 0
        if broker is None:
            return []
        orders = {}
        for kind in ("usp", "bare"):
            orders[kind] = await stack.enter_async_context(_pair(kind, mtp, broker))
            await orders[kind](f"get {_TIMES} {_AGENTS} {_AT_ONCE}")
        for number in range(_ROUNDS):
            told.get()(f"{mtp}, round {number + 1} of {_ROUNDS} ...")
            for what in ("get", "set"):
                for kind, order in orders.items():
                    done = await order(f"{what} {_TIMES} {_AGENTS} {_AT_ONCE}")
                    found.setdefault((what, kind), []).append(_cost(done, _TIMES))
    return [row for what in ("get", "set") for row in _rows(mtp, what, found, least)]


def _rows(
    mtp: str, what: str, found: dict[tuple[str, str], list[float]], least: float
) -> list[Row]:
    ours, bare = median(found[what, "usp"]), median(found[what, "bare"])
    return [
        Row(name=f"{mtp}, {what}: bare, a round trip", value=bare * 1e3, unit="ms"),
        Row(name=f"{mtp}, {what}: ours, a round trip", value=ours * 1e3, unit="ms"),
        Row(
            name=f"{mtp}, {what}: messages a CPU second, ours to bare",
            value=bare / ours,
            unit="ratio",
            aim=f"{least}",
            least=_ALLOWED,
        ),
    ]


_ALLOWED = 0.1
"""Below this it is broken and no longer slow."""


async def _crowds(most: int) -> list[Row]:
    """A thousand agents, then as many as there are to be, of one server."""
    port = free_port(0)
    url = f"ws://127.0.0.1:{port}/usp"
    async with _server("usp-websocket", port) as order:
        empty = (await order("memory"))["bytes"]
        async with over_websocket(url, range(_FEW), bare=False):
            told.get()(f"{_FEW} agents ...")
            few = await _crowd(order, _FEW, empty)
            async with over_websocket(url, range(_FEW, most), bare=False):
                told.get()(f"{most} agents ...")
                many = await _crowd(order, most, empty)
                count = min(_CHANGES, most // 2)
                told.get()(f"a Set on {count} agents ...")
                changed = await order(f"change {count} {count} 64")
    return [
        *few.rows(),
        *many.rows(),
        Row(
            name=f"memory an agent, {most:,} to {_FEW:,}",
            value=many.memory / few.memory,
            unit="ratio",
            aim="1",
            most=1.5,
        ),
        Row(
            name=f"Get, {most:,} agents to {_FEW:,}",
            value=many.get / few.get,
            unit="ratio",
            aim="1",
            most=2.0,
        ),
        Row(
            name=f"Set on {count:,} agents, read back",
            value=changed["good"],
            unit="agents",
            least=count,
        ),
        Row(
            name="Set with read-back, an agent",
            value=_cost(changed, count) * 1e3,
            unit="ms of processor time",
        ),
        Row(name="all of them, by the clock", value=changed["wall"], unit="s"),
    ]


class _Crowd:
    """What so many agents cost."""

    def __init__(self, agents: int, memory: float, get: float) -> None:
        self.agents, self.memory, self.get = agents, memory, get

    def rows(self) -> list[Row]:
        """For the table."""
        return [
            Row(
                name=f"{self.agents:,} agents connected, memory an agent",
                value=self.memory,
                unit="KiB",
                aim="40",
                most=80.0,
            ),
            Row(name=f"{self.agents:,} agents, a Get", value=self.get * 1e3, unit="ms"),
        ]


async def _crowd(order: Order, agents: int, empty: int) -> _Crowd:
    await asyncio.sleep(_SETTLED)
    here = (await order("here"))["here"]
    if here != agents:
        raise RuntimeError(f"{here} agents are here, and not {agents}")
    memory = ((await order("memory"))["bytes"] - empty) / agents / _KIB
    costs = [
        _cost(await order(f"get {_TIMES} {agents} {_AT_ONCE}"), _TIMES) for _ in range(_ROUNDS)
    ]
    return _Crowd(agents, memory, median(costs))


def _cost(done: dict[str, Any], times: int) -> float:
    """Processor seconds a round trip; one that failed ends the benchmark."""
    if done["good"] != times:
        raise RuntimeError(f"{done['good']} of {times} round trips ended as they should")
    cost: float = done["cpu"] / times
    return cost


@asynccontextmanager
async def _pair(kind: str, mtp: str, broker: int) -> AsyncIterator[Order]:
    """A server and its agents, who found each other."""
    bare = kind == "bare"
    port = broker or free_port(0)
    async with _server(f"{kind}-{mtp}", port) as order:
        numbers = range(_AGENTS)
        agents = (
            over_mqtt(port, numbers, bare=bare)
            if broker
            else over_websocket(f"ws://127.0.0.1:{port}/usp", numbers, bare=bare)
        )
        async with agents:
            async with asyncio.timeout(20):
                while not bare and (await order("here"))["here"] < _AGENTS:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            yield order


@asynccontextmanager
async def _server(kind: str, port: int) -> AsyncIterator[Order]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "evals.bench.usp_server",
        kind,
        str(port),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"GATEWRIGHT_LOG_LEVEL": "error"},
    )
    reading, writing = process.stdout, process.stdin
    assert reading is not None
    assert writing is not None

    async def order(command: str) -> dict[str, Any]:
        if command:
            writing.write(command.encode() + b"\n")
        line = await asyncio.wait_for(reading.readline(), 200)
        if not line:
            raise RuntimeError(f"the server of {kind} ended")
        answer: dict[str, Any] = json.loads(line)
        return answer

    try:
        await order("")
        yield order
    finally:
        writing.close()
        await process.wait()


@asynccontextmanager
async def _broker() -> AsyncIterator[int | None]:
    """The port of a Mosquitto of our own; None where there is none."""
    port = free_port(0)
    with TemporaryDirectory() as folder:
        path = f"{folder}/mosquitto.conf"
        with open(path, "w") as config:  # noqa: ASYNC230 - nothing else runs
            config.write(
                f"listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n"
                "max_inflight_messages 0\nmax_queued_messages 0\n"
            )
        try:
            process = await asyncio.create_subprocess_exec(
                "mosquitto", "-c", path, stderr=asyncio.subprocess.DEVNULL
            )
        except FileNotFoundError:
            yield None
            return
        try:
            await asyncio.sleep(1)
            yield port
        finally:
            process.terminate()
            await process.wait()
