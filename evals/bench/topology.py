"""Asking in fleets of four sizes: what an answer costs must not follow the fleet.

Each size is a database of its own, and they are asked in turns. What counts is processor time, of
this process and of PostgreSQL's together: on a busy machine a clock measures the others.
"""

import tempfile
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from math import log
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from brain.store.cipher import Cipher
from brain.store.store import Store
from brain.topology.shared_causes import shared_causes
from evals.bench.fleet import NOW, TENANT, device_at, load_sqlite, tables
from evals.bench.postgres import Server, load, postgres
from evals.bench.questions import QUESTIONS
from evals.bench.table import Row
from evals.bench.turns import told

SQLITE, POSTGRES = (1_000, 10_000, 100_000), (1_000, 10_000, 100_000, 1_000_000)
_ROUNDS, _ASKED = 7, 8


@dataclass(slots=True, kw_only=True)
class _Fleet:
    """One store of so many devices, and what was measured in it, by question."""

    size: int
    store: Store
    server: Server | None = None
    cost: dict[str, list[float]] = field(default_factory=dict)
    clock: dict[str, list[float]] = field(default_factory=dict)
    peak: dict[str, int] = field(default_factory=dict)

    def used(self) -> float:
        """Processor seconds so far, of this process and of its database server."""
        return process_time() + (self.server.processor_time() if self.server else 0.0)

    async def ask(self, name: str, round_: int) -> None:
        """The question about some devices, others in every round, and what each took."""
        numbers = [
            (round_ * 7919 + each * 104_729) % (self.size // 256 * 256) for each in range(_ASKED)
        ]
        asked = [device_at(number) for number in numbers]
        used, began = self.used(), perf_counter()
        for device in asked:
            await QUESTIONS[name].ask(self.store, device)
        self.clock.setdefault(name, []).append((perf_counter() - began) / _ASKED)
        self.cost.setdefault(name, []).append((self.used() - used) / _ASKED)

    async def weigh(self, name: str) -> None:
        """The most memory that one question holds at a time."""
        tracemalloc.start()
        await QUESTIONS[name].ask(self.store, device_at(self.size // 2))
        self.peak[name] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()


async def topology_rows() -> list[Row]:
    """Both databases, each size beside the others."""
    rows: list[Row] = []
    async with _sqlite_fleets() as fleets:
        rows += await _measured("SQLite", fleets)
    with postgres() as server:
        if server is not None:
            async with _postgres_fleets(server) as fleets:
                rows += await _measured("PostgreSQL", fleets)
    return rows


@asynccontextmanager
async def _sqlite_fleets() -> AsyncIterator[Sequence[_Fleet]]:
    cipher = Cipher(bytes(32))
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        fleets = []
        for size in SQLITE:
            told.get()(f"loading {size:,} devices into SQLite ...")
            file = folder / f"{size}.db"
            store = await _migrated(stack, f"sqlite:///{file}", cipher)
            load_sqlite(file, size, cipher)
            fleets.append(_Fleet(size=size, store=store))
        yield fleets


@asynccontextmanager
async def _postgres_fleets(server: Server) -> AsyncIterator[Sequence[_Fleet]]:
    cipher = Cipher(bytes(32))
    async with AsyncExitStack() as stack:
        fleets = []
        for size in POSTGRES:
            told.get()(f"loading {size:,} devices into PostgreSQL ...")
            url = server.database(f"fleet{size}")
            store = await _migrated(stack, url, cipher)
            load(url, tables(size, cipher))
            fleets.append(_Fleet(size=size, store=store, server=server))
        yield fleets


async def _migrated(stack: AsyncExitStack, url: str, cipher: Cipher) -> Store:
    store = await Store.open(url, cipher)
    stack.push_async_callback(store.close)
    await store.migrate()
    return store


async def _measured(where: str, fleets: Sequence[_Fleet]) -> list[Row]:
    for round_ in range(_ROUNDS + 1):
        for name in QUESTIONS:
            for fleet in fleets:
                told.get()(f"{where}, {name}, {fleet.size:,} devices, round {round_} ...")
                await fleet.ask(name, round_)
    rows: list[Row] = []
    for name in QUESTIONS:
        for fleet in fleets:
            await fleet.weigh(name)
        rows += _of_question(f"{where}, {name}", name, fleets)
    for fleet in fleets:
        began = perf_counter()
        async with fleet.store.read() as tx:
            await shared_causes(tx, TENANT, NOW)
        label = f"{where}, the whole fleet looked through, {fleet.size:,}"
        rows.append(Row(name=label, value=(perf_counter() - began) * 1e3, unit="ms"))
    return rows


def _of_question(label: str, name: str, fleets: Sequence[_Fleet]) -> list[Row]:
    """By size, and the growth from the smallest to the largest; the first round is not counted."""
    rows = []
    costs = [median(fleet.cost[name][1:]) for fleet in fleets]
    for fleet, cost in zip(fleets, costs, strict=True):
        at = f"{label}, {fleet.size:,}"
        clock = min(fleet.clock[name][1:])
        rows.append(
            Row(name=f"{at}, processor", value=cost * 1e3, unit="ms", aim=QUESTIONS[name].aim)
        )
        rows.append(Row(name=f"{at}, by the clock, best round", value=clock * 1e3, unit="ms"))
        rows.append(Row(name=f"{at}, memory at most", value=fleet.peak[name] / 1e6, unit="MB"))
    may = log(fleets[-1].size) / log(fleets[0].size)
    grown, weight = costs[-1] / costs[0], fleets[-1].peak[name] / fleets[0].peak[name]
    sizes = f"{fleets[-1].size:,} to {fleets[0].size:,}"
    rows.append(
        Row(name=f"{label}, {sizes}", value=grown, unit="times", aim=f"{may:.2f}", most=may)
    )
    rows.append(Row(name=f"{label}, memory", value=weight, unit="times", aim="2", most=2))
    return rows
