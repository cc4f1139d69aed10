"""A reviewer and the execution at the same change in the same moment, on PostgreSQL."""

import asyncio

import pytest

from brain.domain.approval import Answer
from brain.domain.errors import Conflict
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.ledger.steps import Steps
from brain.store.connection import our_errors
from brain.store.store import Store
from brain.store.transaction import Transaction
from evals.workbench import promise, workbench


@pytest.mark.postgres
async def test_a_rejection_and_a_beginning_settle_as_if_one_came_first(
    postgres_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await workbench(postgres_store)
    change = await bench.approved(bench.proposal(effect=promise()))
    real, executor_has_it, reviewer_is_there = Steps.swap, asyncio.Event(), asyncio.Event()

    async def swap(self: Steps, tx: Transaction, record: ChangeRecord) -> ChangeRecord:
        reviewer = asyncio.current_task() is answering
        if reviewer and not reviewer_is_there.is_set():
            reviewer_is_there.set()
            await asyncio.wait_for(executor_has_it.wait(), 10)
        swapped = await real(self, tx, record)
        if not reviewer and not executor_has_it.is_set():
            executor_has_it.set()
            await asyncio.wait_for(reviewer_is_there.wait(), 10)
        return swapped

    monkeypatch.setattr(Steps, "swap", swap)
    answering = asyncio.create_task(
        bench.ledger.answer(bench.ben, change.id, digest=change.plan.digest, answer=Answer.REJECT)
    )
    beginning = asyncio.create_task(bench.ledger.move(change, State.EXECUTING, reason="x"))
    said, began = await asyncio.gather(answering, beginning, return_exceptions=True)

    kept, lost = (began, said) if isinstance(said, Exception) else (said, began)
    assert isinstance(kept, ChangeRecord)
    assert isinstance(lost, Conflict)
    assert (await bench.ledger.get(change.id)).state is kept.state
    assert kept.state in (State.EXECUTING, State.REJECTED)


@pytest.mark.postgres
async def test_who_loses_a_deadlock_is_told_to_try_again(postgres_url: str) -> None:
    from sqlalchemy import text
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://"))

    async def both(first: int, second: int, ready: asyncio.Event, other: asyncio.Event) -> None:
        with our_errors():
            async with engine.begin() as sql:
                await sql.execute(text(f"SELECT pg_advisory_xact_lock({first})"))
                ready.set()
                await other.wait()
                await sql.execute(text(f"SELECT pg_advisory_xact_lock({second})"))

    one, two = asyncio.Event(), asyncio.Event()
    ended = await asyncio.gather(
        both(71, 72, one, two), both(72, 71, two, one), return_exceptions=True
    )
    await engine.dispose()

    (lost,) = [each for each in ended if each is not None]
    assert isinstance(lost, Conflict)
    assert lost.remedy == "Try again."
