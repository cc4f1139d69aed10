"""A fleet's year in the store: how large it is, and how fast a device's week and a pattern are."""

import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from brain.domain.history import EventKind, Window
from brain.history.series import Span, measured
from brain.history.timeline import timeline
from brain.store.cipher import Cipher
from brain.store.store import Store
from evals.bench.fleet_year import RATES, Filled, fill
from evals.bench.postgres import Server, postgres
from evals.bench.table import Result, Row, percentile
from evals.bench.turns import told
from evals.workbench import temporary_store

_FEW, _FLEET = 300, 10_000
_WEEK = timedelta(days=7)
_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_SIZE = "SELECT pg_database_size(current_database())"
_WEEKS_READ, _PATTERNS_READ = 60, 5


@dataclass(frozen=True, slots=True)
class Ground:
    """One database, and what it takes on disk."""

    name: str
    store: Store
    size: Callable[[], int]


async def timeline_rows() -> list[Row]:
    """A few hundred devices, on both databases: a part of ``brain``, under two minutes."""
    return await _rows(_FEW)


async def bench_timeline_year() -> Result:
    """The whole fleet, more than forty million points a database: a quarter of an hour."""
    yearly = ", ".join(f"{often} {kind.value}" for kind, often in RATES.items())
    return Result(
        name="timeline-year",
        title=f"A year of {_FLEET:,} devices",
        rows=tuple(await _rows(_FLEET)),
        notes=(
            "points: of six models, distributed as virtual homes have them, each value by itself",
            f"events: assumed, a year and device: {yearly}",
        ),
    )


async def _rows(devices: int) -> list[Row]:
    async with _sqlite() as ground:
        rows = await _measured(ground, devices)
    with postgres() as server:
        if server is None:
            told.get()("no PostgreSQL starts here")
            return rows
        async with _postgres(server) as ground:
            return [*rows, *await _measured(ground, devices)]


async def _measured(ground: Ground, devices: int) -> list[Row]:
    told.get()(f"{ground.name}: filling ...")
    empty, start = ground.size(), perf_counter()
    filled = await fill(ground.store, devices=devices, until=_NOW)
    seconds, size = perf_counter() - start, ground.size() - empty
    told.get()(f"{ground.name}: reading ...")
    weeks = await _timed(_weeks(ground.store, filled), _WEEKS_READ)
    faults = await _timed(_patterns(ground.store, filled, EventKind.FAULT), _PATTERNS_READ)
    changes = await _timed(_patterns(ground.store, filled, EventKind.VALUE_CHANGE), _PATTERNS_READ)
    return [
        Row(name=f"{ground.name}: {text}", value=value, unit=unit, most=most)
        for text, value, unit, most in (
            (f"points of {devices:,} devices' year", filled.points / 1e6, "million", None),
            ("events of that year", filled.events / 1e6, "million", None),
            ("all of it on disk", size / 1e6, "MB", None),
            ("on disk, to a point", size / filled.points, "bytes", None),
            ("points written", filled.points / seconds, "per second", None),
            ("a device's week, p50", percentile(weeks, 0.5) * 1e3, "ms", 50.0),
            ("a device's week, p99", percentile(weeks, 0.99) * 1e3, "ms", None),
            ("same fault and firmware, 7 days", median(faults) * 1e3, "ms", 2_000.0),
            ("same setting and firmware, 7 days", median(changes) * 1e3, "ms", 2_000.0),
        )
    ]


def _weeks(store: Store, filled: Filled) -> Callable[[], Awaitable[object]]:
    chance = Random(7)  # noqa: S311 - which device is read

    async def read() -> object:
        device = chance.choice(filled.devices)
        until = _NOW - chance.randrange(50) * _WEEK
        span = Span(since=until - _WEEK, until=until)
        window = Window(since=span.since, until=span.until)
        async with store.read() as tx:
            happened = await timeline(tx, device.tenant, device.id, window)
            series = await measured(tx, device.tenant, device.id, span)
        if not series:
            raise AssertionError(f"a week without a point: {device.id}")
        return happened, series

    return read


def _patterns(store: Store, filled: Filled, kind: EventKind) -> Callable[[], Awaitable[object]]:
    async def read() -> object:
        async with store.read() as tx:
            return await tx.events.patterns(filled.devices[0].tenant, kind, since=_NOW - _WEEK)

    return read


async def _timed(work: Callable[[], Awaitable[object]], rounds: int) -> list[float]:
    """By the clock and from the first on: a page that is opened waits for a cold read too."""
    samples = []
    for _ in range(rounds):
        start = perf_counter()
        await work()
        samples.append(perf_counter() - start)
    return samples


@asynccontextmanager
async def _sqlite() -> AsyncIterator[Ground]:
    with tempfile.TemporaryDirectory() as folder:
        async with temporary_store(Path(folder)) as store:
            yield Ground("SQLite", store, lambda: _bytes_of(next(Path(folder).glob("*.db"))))


@asynccontextmanager
async def _postgres(server: Server) -> AsyncIterator[Ground]:
    def size() -> int:
        (row,) = server.connection.execute(_SIZE).fetchall()
        return int(row[0])

    store = await Store.open(server.url, Cipher(bytes(32)))
    try:
        await store.migrate()
        yield Ground("PostgreSQL", store, size)
    finally:
        await store.close()


def _bytes_of(file: Path) -> int:
    """Of a SQLite file that has everything in it, and nothing left in its log."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file.stat().st_size
