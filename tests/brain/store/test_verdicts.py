"""The decision log keeps each verdict with its question, and ties it to one change."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from brain.domain.canonical import Json
from brain.domain.errors import Conflict, NotFound, Unreadable
from brain.domain.identity import ChangeId, TenantId
from brain.domain.verdict import Decision, LoggedVerdict, Point, Verdict
from brain.store.store import Store
from brain.store.verdicts import Before, KeptVerdict

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


async def test_the_log_is_paged_from_the_newest_and_nothing_is_seen_twice(
    any_store: Store, a_verdict: Make
) -> None:
    start = a_verdict().decided_at
    async with any_store.begin() as tx:
        for number in range(7):  # two decisions of each moment
            verdict = replace(
                a_verdict(),
                decision_id=f"dec_{number}",
                decided_at=start + timedelta(seconds=number // 2),
            )
            await tx.verdicts.add(NORTH, CHANGE if number else None, verdict, {"number": number})

    seen: list[KeptVerdict] = []
    before = Before(start + timedelta(minutes=1))
    async with any_store.read() as tx:
        while page := await tx.verdicts.page(
            NORTH, since=start + timedelta(seconds=1), before=before, limit=2
        ):
            seen += page
            before = Before(page[-1].decided_at, page[-1].decision_id)
        there = await tx.verdicts.number(NORTH, since=start, before=start + timedelta(minutes=1))
        elsewhere = await tx.verdicts.number(SOUTH, since=start, before=start + timedelta(days=1))

    assert [each.decision_id for each in seen] == ["dec_6", "dec_5", "dec_4", "dec_3", "dec_2"]
    assert {each.change for each in seen} == {CHANGE}
    assert [json.loads(each.question or b"") for each in seen[:2]] == [{"number": 6}, {"number": 5}]
    assert json.loads(seen[0].verdict)["decision"] == a_verdict().decision.value
    assert (there, elsewhere) == (7, 0)


async def test_a_question_that_was_dropped_is_said_to_be_so(
    any_store: Store, a_verdict: Make
) -> None:
    verdict = a_verdict()
    async with any_store.begin() as tx:
        await tx.verdicts.add(NORTH, None, verdict, None)
        await tx.verdicts._db.run(text("UPDATE verdicts SET question = NULL"))

    async with any_store.read() as tx:
        (kept,) = await tx.verdicts.page(
            NORTH,
            since=verdict.decided_at,
            before=Before(verdict.decided_at + timedelta(seconds=1)),
        )

    assert kept.question is None
