"""Whoever can write into the database gives no approval there, takes none away, and is noticed."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from brain.domain.approval import Answer
from brain.domain.errors import Unreadable
from brain.domain.life import State
from brain.store.store import Store
from evals.workbench import CHANNEL, Workbench, to_channel, workbench


@pytest.fixture
async def bench(any_store: Store) -> Workbench:
    return await workbench(any_store)


async def sql(bench: Workbench, statement: str, **values: object) -> None:
    """As somebody with the database's own password."""
    async with bench.store._engines.write.begin() as raw:
        assert (await raw.execute(text(statement), values)).rowcount == 1


INSERT = "INSERT INTO approvals (tenant, change, number, sealed) "


@pytest.mark.parametrize("number", [1, 2, 0])
async def test_an_inserted_answer_does_not_count_and_is_reported(
    bench: Workbench, number: int
) -> None:
    record = await bench.submit()
    forged = b"\x01" + b"approve" * 9
    await sql(
        bench,
        INSERT + "VALUES (:tenant, :change, :number, :sealed)",
        tenant=record.tenant,
        change=record.id,
        number=number,
        sealed=forged,
    )

    with capture_logs() as logs:
        async with bench.store.read() as tx:
            given = await tx.approvals.of_change(record.tenant, record.id)
            kept = await tx.approvals.kept(record.tenant, record.id)

    assert (given, kept) == ([], 1)
    assert [(each["event"], each["number"]) for each in logs] == [("answer_unreadable", number)]
    assert (await bench.ledger.get(record.id)).state is State.AWAITING_APPROVAL


async def test_an_answer_to_another_change_is_not_one_to_this(bench: Workbench) -> None:
    approved = await bench.approved()
    waiting = await bench.submit(bench.proposal([to_channel("1")], case="cas_2"))
    await sql(
        bench,
        INSERT + "SELECT tenant, :change, number, sealed FROM approvals WHERE change = :given",
        change=waiting.id,
        given=approved.id,
    )

    async with bench.store.read() as tx:
        assert await tx.approvals.of_change(waiting.tenant, waiting.id) == []


async def _altered(bench: Workbench) -> None:
    await sql(bench, "UPDATE approvals SET number = 2")


async def _overwritten(bench: Workbench) -> None:
    await sql(bench, "UPDATE approvals SET sealed = :sealed", sealed=b"\x01" * 80)


async def _removed(bench: Workbench) -> None:
    await sql(bench, "DELETE FROM approvals")


@pytest.mark.parametrize("tampering", [_altered, _overwritten, _removed])
async def test_without_the_answers_that_were_given_nothing_is_sent(
    bench: Workbench, tampering: Callable[[Workbench], object]
) -> None:
    change = await bench.approved()
    await tampering(bench)  # type: ignore[misc]  # each of the three is a coroutine function

    end = await bench.run(change.id)

    assert end.state is State.FAILED
    assert "taken out of the database or altered" in end.reason
    assert bench.tree[CHANNEL] == "6"


async def test_what_was_taken_back_is_not_put_in_force_by_deleting_it(bench: Workbench) -> None:
    change = await bench.approved()
    await bench.ledger.take_back(bench.alex, change.id)
    await sql(bench, "DELETE FROM approvals WHERE number = 2")

    with pytest.raises(Unreadable, match="taken out"):
        await bench.ledger.answer(
            bench.ben, change.id, digest=change.plan.digest, answer=Answer.APPROVE
        )

    assert (await bench.ledger.get(change.id)).state is State.AWAITING_APPROVAL
