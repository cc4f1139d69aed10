"""Broken glasses are kept for ever, reviewed once, and spoken of again while nobody does."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from brain.domain.break_glass import BreakGlass, BrokenGlass, GlassReview
from brain.domain.errors import Conflict, Unreadable
from brain.domain.identity import BrokenGlassId, ChangeId, PrincipalId, TenantId
from brain.domain.record import ChangeRecord
from brain.store.broken_glasses import broken_glasses
from brain.store.store import Store

NORTH, SOUTH = TenantId("north"), TenantId("south")
DAY = timedelta(days=1)


def glass_for(change: ChangeRecord, name: str = "glass_1") -> BrokenGlass:
    return BrokenGlass(
        id=BrokenGlassId(name),
        tenant=change.tenant,
        change=change.id,
        glass=BreakGlass(
            by=PrincipalId("olga"),
            ticket="INC-7",
            reason="Mrs Quitzow cannot call for help",
            plan_digest=change.plan.digest,
            at=change.created_at,
            expires_at=change.created_at + timedelta(minutes=10),
        ),
        asked_by=change.asked_by,
        on_behalf_of="",
        reviewers="approvers",
    )


def reviewed(broken: BrokenGlass, by: str = "ana") -> BrokenGlass:
    at = broken.glass.at + timedelta(hours=1)
    review = GlassReview(by=PrincipalId(by), at=at, justified=True, comment="she could not")
    return replace(broken, review=review)


@pytest.fixture
async def broken(any_store: Store, change: ChangeRecord) -> BrokenGlass:
    made = glass_for(change)
    async with any_store.begin() as tx:
        await tx.broken_glasses.add(made, due_at=made.glass.at + DAY)
    return made


async def test_it_comes_back_as_it_was(any_store: Store, broken: BrokenGlass) -> None:
    async with any_store.read() as tx:
        assert await tx.broken_glasses.get(NORTH, broken.id) == broken
        assert await tx.broken_glasses.list(NORTH) == [broken]
        assert await tx.broken_glasses.get(SOUTH, broken.id) is None


async def test_a_change_has_one_at_most(any_store: Store, broken: BrokenGlass) -> None:
    async def break_another() -> None:
        async with any_store.begin() as tx:
            another = replace(broken, id=BrokenGlassId("glass_2"))
            await tx.broken_glasses.add(another, due_at=broken.glass.at)

    with pytest.raises(Conflict):
        await break_another()

    async with any_store.read() as tx:
        assert await tx.broken_glasses.list(NORTH) == [broken]


async def test_of_many_reviews_at_once_one_is_kept(any_store: Store, broken: BrokenGlass) -> None:
    async def review(by: str) -> bool:
        async with any_store.begin() as tx:
            return await tx.broken_glasses.review(reviewed(broken, by))

    kept = await asyncio.gather(*(review(f"ana{n}") for n in range(5)))

    assert kept.count(True) == 1
    async with any_store.read() as tx:
        assert await tx.broken_glasses.list(NORTH, unreviewed=True) == []
        (only,) = await tx.broken_glasses.list(NORTH)
    assert only.review is not None
    assert only.review.by == f"ana{kept.index(True)}"


async def test_without_a_review_there_is_none_to_keep(
    any_store: Store, broken: BrokenGlass
) -> None:
    with pytest.raises(ValueError, match="no review"):
        async with any_store.begin() as tx:
            await tx.broken_glasses.review(broken)


async def test_those_nobody_reviewed_are_counted_but_for_one_change(
    any_store: Store, broken: BrokenGlass, a_change: Callable[..., ChangeRecord]
) -> None:
    second = a_change(id=ChangeId("chg_2"))
    async with any_store.begin() as tx:
        await tx.changes.add(second)
        await tx.broken_glasses.add(glass_for(second, "glass_2"), due_at=broken.glass.at)

        assert await tx.broken_glasses.unreviewed(NORTH, besides=ChangeId("chg_3")) == 2
        assert await tx.broken_glasses.unreviewed(NORTH, besides=broken.change) == 1
        assert await tx.broken_glasses.unreviewed(SOUTH, besides=ChangeId("chg_3")) == 0
        await tx.broken_glasses.review(reviewed(broken))
        assert await tx.broken_glasses.unreviewed(NORTH, besides=ChangeId("chg_3")) == 1


async def test_an_overdue_one_is_put_off_by_one_of_all_who_ask(
    any_store: Store, broken: BrokenGlass
) -> None:
    now = broken.glass.at + DAY

    async def put_off() -> bool:
        async with any_store.begin() as tx:
            return await tx.broken_glasses.put_off(broken, now=now, until=now + DAY)

    async with any_store.read() as tx:
        assert await tx.broken_glasses.overdue(now - timedelta(seconds=1)) == []
        assert await tx.broken_glasses.overdue(now) == [broken]
    assert (await asyncio.gather(*(put_off() for _ in range(5)))).count(True) == 1
    async with any_store.read() as tx:
        assert await tx.broken_glasses.overdue(now) == []
        assert await tx.broken_glasses.overdue(now + DAY) == [broken]


async def test_a_reviewed_one_is_never_overdue(any_store: Store, broken: BrokenGlass) -> None:
    now = broken.glass.at + 9 * DAY
    async with any_store.begin() as tx:
        await tx.broken_glasses.review(reviewed(broken))

        assert await tx.broken_glasses.overdue(now) == []
        assert not await tx.broken_glasses.put_off(broken, now=now, until=now)


async def test_a_damaged_one_does_not_silence_the_others(
    any_store: Store, broken: BrokenGlass, a_change: Callable[..., ChangeRecord]
) -> None:
    second = a_change(id=ChangeId("chg_2"))
    async with any_store.begin() as tx:
        await tx.changes.add(second)
        await tx.broken_glasses.add(glass_for(second, "glass_2"), due_at=broken.glass.at)
    async with any_store._engines.write.begin() as sql:
        spoiled = update(broken_glasses).where(broken_glasses.c.id == broken.id)
        await sql.execute(spoiled.values(sealed=b"\0"))

    async with any_store.read() as tx:
        overdue = await tx.broken_glasses.overdue(broken.glass.at + DAY)

    assert [each.id for each in overdue] == ["glass_2"]


async def test_a_review_that_was_only_written_into_a_column_is_none(
    any_store: Store, broken: BrokenGlass
) -> None:
    async with any_store._engines.write.begin() as sql:
        await sql.execute(update(broken_glasses).values(reviewed_at=broken.glass.at))

    async with any_store.read() as tx:
        with pytest.raises(Unreadable):
            await tx.broken_glasses.get(NORTH, broken.id)
