"""What it costs to work through somebody else's controller, beside its bare requests."""

import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import process_time, thread_time

import httpx

from brain.store.store import Store
from evals.bench.adapter_polls import Pass, genieacs_polls, oktopus_poll
from evals.bench.adapter_sites import CHANNEL, Site, genieacs_site, oktopus_site
from evals.bench.adapter_wire import again
from evals.bench.table import Result, Row
from evals.bench.turns import told
from evals.workbench import temporary_store

_ROUNDS = 30
_FLEET = 10_000
_CHANNELS = ("1", "11")
_SITES: dict[str, Callable[[Store], AbstractAsyncContextManager[Site]]] = {
    "GenieACS": genieacs_site,
    "Oktopus": oktopus_site,
}


@dataclass(slots=True)
class _Samples:
    """Of one controller: processor seconds of each round, and what one write takes."""

    bare: list[float] = field(default_factory=list)
    """Of the thread that asks, so that the stand-in is not counted."""
    alone: list[float] = field(default_factory=list)
    """Likewise."""
    governed: list[float] = field(default_factory=list)
    """Of the process: policy and store have threads, and so has the stand-in."""
    requests: tuple[int, int] = (0, 0)
    """Of the adapter alone, and of a governed change."""
    paused: float = 0.0
    """Seconds that a governed change would wait between its requests."""


async def bench_adapters(rounds: int = _ROUNDS, fleet: int = _FLEET) -> Result:
    """One radio's channel, written again and again; the three kinds take turns in every round."""
    rows: list[Row] = []
    for name, make in _SITES.items():
        told.get()(f"writing through {name}")
        async with _store() as store, make(store) as site:
            rows += _of_writes(name, await _writes(site, rounds))
    told.get()(f"{fleet:,} devices")
    async with _store() as store:
        polls = await genieacs_polls(store, fleet)
    title = "Through GenieACS and Oktopus (stand-ins, sockets, SQLite), processor time"
    rows += _of_pass("GenieACS, first look", polls["first"])
    rows += _of_pass("GenieACS, later look, hourly calls", polls["hourly"])
    rows += _of_pass("GenieACS, later look, calls every 5 min", polls["often"])
    rows += _of_pass("Oktopus, look, none new", await oktopus_poll(fleet))
    return Result(
        name="adapters",
        title=f"{title}; looks at {fleet:,} devices",
        rows=tuple(rows),
        notes=(
            "Bare: the adapter's own requests sent again with httpx alone, one after the other.",
            "The stand-in's own work counts in a governed change alone. Pauses are not spent.",
        ),
    )


async def _writes(site: Site, rounds: int) -> _Samples:
    made, recorded = _Samples(), {}
    for channel in _CHANNELS:  # to know the requests of each, and to be warm
        await site.look()
        site.wire.taken()
        await site.adapt(channel)
        recorded[channel] = site.wire.taken()
    async with httpx.AsyncClient() as client:
        for number in range(rounds):
            channel, back = _CHANNELS[number % 2], _CHANNELS[(number + 1) % 2]
            await site.look()
            made.bare.append(await _spent(again(client, recorded[channel]), thread_time))
            if site.home.tree.read(CHANNEL) != channel:
                raise RuntimeError("the bare requests wrote nothing, so nothing was measured")
            await site.look()
            site.wire.taken()
            made.alone.append(await _spent(site.adapt(back), thread_time))
            alone = len(site.wire.taken())
            await site.look()
            site.wire.taken()
            site.paused = 0.0
            made.governed.append(await _spent(site.govern(channel), process_time))
            made.requests = alone, len(site.wire.taken())
            made.paused = site.paused
    return made


async def _spent(work: Coroutine[None, None, None], clock: Callable[[], float]) -> float:
    began = clock()
    await work
    return clock() - began


def _of_writes(name: str, made: _Samples) -> list[Row]:
    bare, alone = median(made.bare), median(made.alone)
    governed = median(made.governed)
    return [
        Row(name=f"{name}: requests of a write, bare", value=bare * 1e3, unit="ms"),
        Row(name=f"{name}: adapter alone beside them", value=alone / bare, unit="times"),
        Row(name=f"{name}: governed change, whole", value=governed * 1e3, unit="ms"),
        Row(name=f"{name}: that beside them", value=governed / bare, unit="times"),
        Row(name=f"{name}: requests of the adapter alone", value=made.requests[0], unit=""),
        Row(name=f"{name}: requests of a governed change", value=made.requests[1], unit=""),
        Row(name=f"{name}: pauses of a governed change", value=made.paused, unit="s"),
    ]


def _of_pass(name: str, made: Pass) -> list[Row]:
    return [
        Row(name=f"{name}: requests", value=made.requests, unit=""),
        Row(name=f"{name}: answers", value=made.mebibytes, unit="MiB"),
        Row(name=f"{name}: our processor", value=made.seconds, unit="s"),
    ]


@asynccontextmanager
async def _store() -> AsyncIterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        async with temporary_store(Path(folder)) as store:
            yield store
