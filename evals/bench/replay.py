"""What it costs to hold 100,000 past decisions against other rules, from store to report."""

import os
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from brain.domain.identity import TenantId
from brain.ids import utc_now
from brain.store.store import Store
from evals.bench.decisions import decisions
from evals.bench.table import Result, Row
from evals.workbench import temporary_store
from policies.bundle import Bundle
from policies.replay.log import Window, pages_of_store
from policies.replay.replay import Replayed, replay
from policies.replay.worker import best_engine

_COUNT = 100_000
_IN_FULL = 5_000
"""No more are asked where each is asked in full: that is slower, and all ways are reported."""
_TENANT = TenantId("default")


@dataclass(frozen=True, slots=True)
class _Log:
    store: Store
    window: Window


async def bench_replay(count: int = _COUNT) -> Result:
    """Replay a log under rules with one number changed, with each engine there is."""
    bundle = Bundle.load()
    stricter = bundle.with_numbers({"limits": {"presence": {"minutes": 5}}})
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        async with temporary_store(Path(folder)) as store:
            log = await _filled(store, bundle, count)
            if best_engine() == "opa":
                known = await _replayed(log, stricter, "opa", most=count, base=bundle)
                rows += _rows("opa program", known, f"{60 * count / _COUNT:g}")
            few = min(count, _IN_FULL)
            for engine in dict.fromkeys((best_engine(), "embedded")):
                asked = await _replayed(log, stricter, engine, most=few)
                rows += _rows(f"{engine}, asking everything", asked, f"{60 * few / _COUNT:g}")
    notes = (
        f"a process for each of {os.cpu_count()} processors, from an encrypted store on SQLite",
    )
    title = "Replaying past decisions under rules with one number changed"
    return Result(name="replay", title=title, rows=tuple(rows), notes=notes)


def _rows(name: str, found: Replayed, aim: str) -> tuple[Row, ...]:
    tally = found.tally
    return (
        Row(name=f"{name}, {tally.seen:,} decisions", value=found.seconds, unit="s", aim=aim),
        Row(name=f"{name}, a second", value=tally.seen / found.seconds, unit="decisions"),
        Row(name=f"{name}, would change", value=tally.moves.total(), unit="decisions"),
        Row(name=f"{name}, not replayable", value=tally.unknown.total(), unit="decisions"),
    )


async def _replayed(
    log: _Log, bundle: Bundle, engine: str, *, most: int, base: Bundle | None = None
) -> Replayed:
    window = Window(
        tenant=log.window.tenant, since=log.window.since, until=log.window.until, most=most
    )
    pages = pages_of_store(log.store, window)
    return await replay(bundle, pages, base=base, engine=engine)


async def _filled(store: Store, bundle: Bundle, count: int) -> _Log:
    until = utc_now()
    async with store.begin() as tx:
        for each in await decisions(bundle, count, until=until):
            await tx.verdicts.add(_TENANT, None, each.verdict, each.question)
    window = Window(tenant=_TENANT, since=until - timedelta(days=8), until=until, most=count)
    return _Log(store, window)
