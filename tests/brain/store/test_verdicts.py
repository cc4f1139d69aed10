"""The decision log keeps each verdict with its question, and ties it to one change."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from brain.domain.canonical import Json
from brain.domain.errors import Conflict, NotFound, Unreadable
from brain.domain.identity import ChangeId, TenantId
from brain.domain.verdict import Decision, LoggedVerdict, Point, Verdict
from brain.store.store import Store

NORTH, SOUTH = TenantId("north"), TenantId("south")
CHANGE = ChangeId("chg_1")
Make = Callable[..., Verdict]


async def test_a_verdict_comes_back_with_its_question(any_store: Store, a_verdict: Make) -> None:
    verdict = a_verdict()
    question: Json = {"plan": {"changes": ["***"]}, "shared_by": None}

    async with any_store.begin() as tx:
        await tx.verdicts.add(NORTH, None, verdict, question)

    async with any_store.read() as tx:
        logged = await tx.verdicts.list(NORTH, verdict.decided_at)
        assert await tx.verdicts.list(NORTH, verdict.decided_at + timedelta(seconds=1)) == []
        assert await tx.verdicts.list(SOUTH, verdict.decided_at) == []
        assert await tx.verdicts.of_change(NORTH, CHANGE) == []

    assert logged == [LoggedVerdict(tenant=NORTH, change=None, verdict=verdict, input=question)]


async def test_a_verdict_is_tied_to_one_change_only(any_store: Store, a_verdict: Make) -> None:
    verdict = a_verdict()
    async with any_store.begin() as tx:
        await tx.verdicts.add(NORTH, None, verdict, None)
        await tx.verdicts.attach(NORTH, CHANGE, verdict.decision_id)
        await tx.verdicts.attach(NORTH, CHANGE, verdict.decision_id)

    with pytest.raises(NotFound):
        async with any_store.begin() as tx:
            await tx.verdicts.attach(NORTH, ChangeId("chg_2"), verdict.decision_id)

    async with any_store.read() as tx:
        assert await tx.verdicts.of_change(NORTH, CHANGE) == [verdict]
        assert await tx.verdicts.of_change(NORTH, ChangeId("chg_2")) == []


async def test_a_verdict_that_was_not_logged_cannot_be_tied(
    any_store: Store, a_verdict: Make
) -> None:
    async with any_store.begin() as tx:
        await tx.verdicts.add(NORTH, None, a_verdict(), None)

    with pytest.raises(NotFound):
        async with any_store.begin() as tx:
            await tx.verdicts.attach(NORTH, CHANGE, "dec_2")
    with pytest.raises(NotFound):
        async with any_store.begin() as tx:
            await tx.verdicts.attach(SOUTH, CHANGE, "dec_1")


async def test_the_latest_verdict_of_a_point(any_store: Store, a_verdict: Make) -> None:
    first, at = a_verdict(), a_verdict().decided_at
    again = a_verdict(
        decision_id="dec_2", decided_at=at + timedelta(1), point=Point.EXECUTE, findings=()
    )
    newest = a_verdict(
        decision_id="dec_3", decided_at=at + timedelta(2), point=Point.EXECUTE, cause="c"
    )
    async with any_store.begin() as tx:
        for verdict in (newest, first, again):
            await tx.verdicts.add(NORTH, CHANGE, verdict, None)

    async with any_store.read() as tx:
        assert await tx.verdicts.latest(NORTH, CHANGE, Point.EXECUTE) == newest
        assert await tx.verdicts.latest(NORTH, CHANGE, Point.SUBMIT) == first
        assert await tx.verdicts.of_change(NORTH, CHANGE) == [first, again, newest]
        with pytest.raises(NotFound):
            await tx.verdicts.latest(NORTH, CHANGE, Point.ROLLBACK)
        with pytest.raises(NotFound):
            await tx.verdicts.latest(SOUTH, CHANGE, Point.SUBMIT)


async def test_a_decision_is_logged_once(any_store: Store, a_verdict: Make) -> None:
    async with any_store.begin() as tx:
        await tx.verdicts.add(NORTH, None, a_verdict(), None)

    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.verdicts.add(NORTH, None, a_verdict(decision=Decision.ALLOW), None)


async def test_a_verdict_that_does_not_agree_with_its_columns_is_an_error(
    any_store: Store, a_verdict: Make
) -> None:
    async with any_store.begin() as tx:
        await tx.verdicts.add(NORTH, CHANGE, a_verdict(), None)
        await tx.verdicts._db.run(text("UPDATE verdicts SET decision = 'allow'"))

    with pytest.raises(Unreadable):
        async with any_store.read() as tx:
            await tx.verdicts.of_change(NORTH, CHANGE)
