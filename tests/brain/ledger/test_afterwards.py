"""Whoever breaks the glass is reviewed afterwards, by somebody who had no part in it."""

from dataclasses import replace

import pytest

from brain.domain.break_glass import BrokenGlass
from brain.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from brain.domain.identity import BrokenGlassId, PrincipalKind, TenantId
from brain.domain.record import ChangeRecord
from brain.store.store import Store
from evals.workbench import TENANT, Workbench, workbench

DAY = 24 * 60 * 60


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


@pytest.fixture
async def ended(bench: Workbench) -> ChangeRecord:
    """Olga broke the glass for it, and it was carried out."""
    return await bench.run((await bench.broken(await bench.submit())).id)


async def glass(bench: Workbench) -> BrokenGlass:
    async with bench.store.read() as tx:
        (kept,) = await tx.broken_glasses.list(TENANT)
    return kept


async def kinds(bench: Workbench) -> list[str]:
    async with bench.store.read() as tx:
        return [each.kind for each in await tx.audit.range(TENANT, 0, 1000)]


async def test_it_is_kept_with_who_when_and_why(bench: Workbench, ended: ChangeRecord) -> None:
    kept = await glass(bench)

    assert kept.change == ended.id
    assert (kept.glass.by, kept.glass.ticket) == ("olga", "INC-7")
    assert kept.glass.reason == "nobody on the street can call for help"
    assert kept.glass.plan_digest == ended.plan.digest
    assert (kept.reviewers, kept.review) == ("approvers", None)


async def test_somebody_else_reviews_it_once(bench: Workbench, ended: ChangeRecord) -> None:
    kept = await glass(bench)

    reviewed = await bench.ledger.afterwards.review(
        bench.alex, kept.id, justified=False, comment="the street could have waited"
    )

    assert reviewed.review is not None
    assert (reviewed.review.by, reviewed.review.justified) == ("alex", False)
    assert await glass(bench) == reviewed
    assert (await kinds(bench))[-1] == "break_glass.reviewed"
    with pytest.raises(Conflict, match="already"):
        await bench.ledger.afterwards.review(bench.ben, kept.id, justified=True, comment="fine")
    assert await glass(bench) == reviewed


@pytest.mark.parametrize("who", ["olga", "sam"])
async def test_nobody_who_had_a_part_in_it_reviews_it(
    bench: Workbench, ended: ChangeRecord, who: str
) -> None:
    somebody = replace(getattr(bench, who), groups=frozenset({"approvers"}))

    with pytest.raises(Forbidden, match="colleague"):
        await bench.ledger.afterwards.review(
            somebody, (await glass(bench)).id, justified=True, comment="fine"
        )

    assert (await glass(bench)).review is None


async def test_nor_whom_it_was_done_for_nor_a_machine_nor_another_group(
    bench: Workbench, ended: ChangeRecord
) -> None:
    kept = await glass(bench)
    strangers = [
        replace(bench.alex, id=kept.on_behalf_of),
        replace(bench.alex, kind=PrincipalKind.MACHINE),
        replace(bench.alex, groups=frozenset({"noc"})),
    ]

    for who in strangers:
        with pytest.raises(Forbidden):
            await bench.ledger.afterwards.review(who, kept.id, justified=True, comment="fine")

    assert (await glass(bench)).review is None


async def test_from_another_tenant_there_is_nothing_to_review(
    bench: Workbench, ended: ChangeRecord
) -> None:
    kept, eve = await glass(bench), replace(bench.alex, tenant=TenantId("south"))

    for named in (kept.id, BrokenGlassId("glass_none")):
        with pytest.raises(NotFound, match="there is no broken glass"):
            await bench.ledger.afterwards.review(eve, named, justified=True, comment="fine")


async def test_it_is_reviewed_when_it_is_known_what_became_of_it(bench: Workbench) -> None:
    await bench.broken(await bench.submit())

    with pytest.raises(Conflict, match="not at its end"):
        await bench.ledger.afterwards.review(
            bench.alex, (await glass(bench)).id, justified=True, comment="fine"
        )


@pytest.mark.parametrize("comment", ["", " \n", "x" * 1001])
async def test_a_review_says_what_was_found(
    bench: Workbench, ended: ChangeRecord, comment: str
) -> None:
    with pytest.raises(InvalidInput):
        await bench.ledger.afterwards.review(
            bench.alex, (await glass(bench)).id, justified=True, comment=comment
        )

    assert (await glass(bench)).review is None


async def test_a_review_that_nobody_makes_is_asked_for_day_after_day(
    bench: Workbench, ended: ChangeRecord
) -> None:
    early = await bench.ledger.afterwards.remind()
    bench.clock.advance(DAY)
    first, again = [await bench.ledger.afterwards.remind() for _ in range(2)]
    bench.clock.advance(DAY)
    next_day = await bench.ledger.afterwards.remind()

    assert (early, first, again, next_day) == (0, 1, 0, 1)
    assert (await kinds(bench)).count("break_glass.review_due") == 2


async def test_what_was_reviewed_is_asked_for_no_more(
    bench: Workbench, ended: ChangeRecord
) -> None:
    await bench.ledger.afterwards.review(
        bench.alex, (await glass(bench)).id, justified=True, comment="fine"
    )
    bench.clock.advance(2 * DAY)

    assert await bench.ledger.afterwards.remind() == 0


async def test_a_review_lets_the_glass_be_broken_again(bench: Workbench) -> None:
    for number in range(3):
        await bench.broken(await bench.submit(bench.proposal(case=f"cas_{number}")))
    bench.clock.advance(11 * 60)
    await bench.ledger.expire_due()
    record = await bench.submit(bench.proposal(case="cas_more"))
    with pytest.raises(Forbidden):
        await bench.broken(record)

    async with bench.store.read() as tx:
        newest = (await tx.broken_glasses.list(TENANT, unreviewed=True))[0]
    await bench.ledger.afterwards.review(bench.alex, newest.id, justified=True, comment="fine")

    assert (await bench.broken(record)).break_glass is not None
