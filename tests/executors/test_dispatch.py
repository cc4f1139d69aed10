"""What is ready is started, whether anybody rings or not, and started once."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from brain.domain.identity import ChangeId
from brain.domain.life import State
from brain.store.store import Store
from evals.workbench import Workbench, to_channel, workbench
from executors.dispatch import Dispatch


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


class Runs:
    def __init__(self) -> None:
        self.started: list[ChangeId] = []
        self.one = asyncio.Event()

    async def start(self, change: ChangeId) -> None:
        self.started.append(change)
        self.one.set()


async def test_an_approved_change_is_started_once(bench: Workbench) -> None:
    runs = Runs()
    dispatch = Dispatch(ledger=bench.ledger, start=runs.start, every=60)
    change = await bench.approved()

    await dispatch.look()
    await dispatch.look()

    assert runs.started == [change.id]


async def test_what_waits_for_approval_is_not_started(bench: Workbench) -> None:
    runs = Runs()
    await bench.submit()

    await Dispatch(ledger=bench.ledger, start=runs.start, every=60).look()

    assert runs.started == []


async def test_a_pass_closes_what_is_too_late(bench: Workbench) -> None:
    record = await bench.submit()
    bench.clock.advance(16 * 60)

    runs = Runs()
    dispatch = Dispatch(ledger=bench.ledger, start=runs.start, every=60)

    await dispatch.look()
    await dispatch.look()

    assert (await bench.ledger.get(record.id)).state is State.EXPIRED
    assert runs.started == [record.id], "whoever asked is told, once"


async def test_a_ring_saves_the_wait(bench: Workbench) -> None:
    runs = Runs()
    dispatch = Dispatch(ledger=bench.ledger, start=runs.start, every=3600)
    passes = asyncio.create_task(dispatch.run())
    await asyncio.sleep(0.05)
    change = await bench.approved()

    dispatch.wake(change.id)
    await asyncio.wait_for(runs.one.wait(), 5)
    passes.cancel()
    await asyncio.wait([passes], timeout=5)  # before the store closes under it

    assert runs.started == [change.id]


async def test_a_failed_pass_is_followed_by_another(bench: Workbench) -> None:
    runs = Runs()
    broken = True

    async def start(change: ChangeId) -> None:
        nonlocal broken
        if broken:
            broken = False
            raise RuntimeError("the journal is away")
        await runs.start(change)

    change = await bench.approved()
    passes = asyncio.create_task(Dispatch(ledger=bench.ledger, start=start, every=0.01).run())
    await asyncio.wait_for(runs.one.wait(), 5)
    passes.cancel()
    await asyncio.wait([passes], timeout=5)  # before the store closes under it

    assert runs.started == [change.id]


async def test_each_pass_speaks_of_reviews_that_nobody_makes(bench: Workbench) -> None:
    await bench.broken(await bench.submit())
    bench.clock.advance(24 * 60 * 60)

    for _ in range(2):
        await Dispatch(ledger=bench.ledger, start=Runs().start, every=60).look()

    async with bench.store.read() as tx:
        kinds = [each.kind for each in await tx.audit.range(bench.device.tenant, 0, 100)]
    assert kinds.count("break_glass.review_due") == 1


async def test_one_damaged_row_does_not_stop_the_others(bench: Workbench, tmp_path: Path) -> None:
    damaged = await bench.approved()
    sound = await bench.approved(bench.proposal([to_channel("1")], case="cas_2"))
    with closing(sqlite3.connect(tmp_path / "gatewright.db")) as file, file:
        file.execute("UPDATE changes SET sealed = x'00' WHERE id = ?", (damaged.id,))
    runs = Runs()

    await Dispatch(ledger=bench.ledger, start=runs.start, every=60).look()

    assert runs.started == [sound.id]


async def test_a_cancellation_that_was_taken_for_an_error_still_ends_it(bench: Workbench) -> None:
    begun = asyncio.Event()

    async def start(_change: ChangeId) -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise RuntimeError("a driver that does not pass it on") from None

    await bench.approved()
    passes = asyncio.create_task(Dispatch(ledger=bench.ledger, start=start, every=3600).run())
    await begun.wait()
    passes.cancel()
    await asyncio.wait([passes], timeout=5)  # before the store closes under it

    assert passes.done()


async def test_a_ring_reaches_the_run_that_waits_already(bench: Workbench) -> None:
    roused: list[ChangeId] = []
    dispatch = Dispatch(ledger=bench.ledger, start=Runs().start, every=60, rouse=roused.append)

    dispatch.wake(ChangeId("chg_1"))

    assert roused == [ChangeId("chg_1")]
