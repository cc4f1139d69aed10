"""Somebody stands in for a colleague for a time, and gets no more power than was lent."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from brain.domain.absence import LONGEST, Delegation
from brain.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Obligations, RequiredApproval
from brain.store.store import Store
from evals.workbench import TENANT, Workbench, workbench

DAY = timedelta(days=1)


@pytest.fixture
async def bench(any_store: Store) -> Workbench:
    """Alex and ben are approvers; kim is a reviewer of no group that is asked."""
    bench = await workbench(any_store)
    async with bench.store.begin() as tx:
        await tx.principals.put(KIM, "Kim")
    return bench


KIM = Principal(
    id=PrincipalId("kim"),
    tenant=TENANT,
    kind=PrincipalKind.PERSON,
    roles=frozenset({Role.APPROVER}),
    groups=frozenset({"field"}),
)


async def lend(
    bench: Workbench,
    by: Principal,
    to: Principal,
    *,
    group: str = "approvers",
    starts_at: datetime | None = None,
    until: timedelta = DAY,
) -> Delegation:
    now = bench.clock()
    return await bench.ledger.standing_in.delegate(
        by, to=to.id, group=group, starts_at=starts_at or now, until=now + until
    )


async def entries(bench: Workbench) -> list[tuple[str, str]]:
    async with bench.store.read() as tx:
        return [(each.kind, each.actor) for each in await tx.audit.range(TENANT)]


async def for_two(bench: Workbench) -> ChangeRecord:
    record = await bench.submit()
    two = Obligations(approvals=(RequiredApproval(group="approvers", min=2),))
    async with bench.store.begin() as tx:
        asks = replace(record, verdict=replace(record.verdict, obligations=two))
        return await bench.ledger.steps.swap(tx, asks)


async def test_whoever_stands_in_answers_for_the_group_and_it_is_written_down(
    bench: Workbench,
) -> None:
    record = await bench.submit()
    with pytest.raises(Forbidden, match="approvers"):
        await bench.approve(record, KIM)
    await lend(bench, bench.alex, KIM)

    approved = await bench.approve(record, KIM)

    assert approved.state is State.APPROVED
    async with bench.store.read() as tx:
        (given,) = await tx.approvals.of_change(TENANT, record.id)
        log = await tx.audit.range(TENANT)
    assert [(voice.group, voice.of) for voice in given.standing_in] == [("approvers", "alex")]
    assert ("delegation.given", "alex") in [(each.kind, each.actor) for each in log]
    (answered,) = [each.payload for each in log if each.kind == "change.answered"]
    assert '"standing_in_for":["alex in approvers"]' in answered


async def test_it_begins_and_ends_by_itself_on_the_second(bench: Workbench) -> None:
    now = bench.clock()
    await lend(
        bench,
        bench.alex,
        KIM,
        starts_at=now + timedelta(minutes=5),
        until=timedelta(minutes=10),
    )
    record = await bench.submit()

    for minutes, may in ((5, True), (10, False)):
        bench.clock.now = now + timedelta(minutes=minutes, seconds=-1 if may else 0)
        with pytest.raises(Forbidden):
            await bench.approve(record, KIM)
    bench.clock.now = now + timedelta(minutes=10, seconds=-1)

    assert (await bench.approve(record, KIM)).state is State.APPROVED


async def test_nobody_gets_a_say_in_their_own_change(bench: Workbench) -> None:
    sam = replace(bench.sam, roles=frozenset({Role.SUPPORT, Role.APPROVER}))
    await lend(bench, bench.alex, sam)
    record = await bench.submit()

    with pytest.raises(Forbidden, match="asked for"):
        await bench.approve(record, sam)


async def test_an_asker_does_not_lend_their_group_to_have_their_change_approved(
    bench: Workbench,
) -> None:
    sam = replace(bench.sam, groups=frozenset({"approvers"}))
    async with bench.store.begin() as tx:
        await tx.principals.put(sam, "Sam")
    await lend(bench, sam, KIM)
    record = await bench.submit()

    with pytest.raises(Forbidden, match="approvers"):
        await bench.approve(record, KIM)

    assert (await bench.ledger.get(record.id)).answers == 0


async def test_the_one_who_lent_and_the_one_who_stands_in_are_not_two(bench: Workbench) -> None:
    record = await for_two(bench)
    await lend(bench, bench.alex, KIM)

    await bench.approve(record, bench.alex)
    waiting = await bench.approve(record, KIM)

    assert waiting.state is State.AWAITING_APPROVAL
    assert (await bench.approve(record, bench.ben)).state is State.APPROVED


async def test_what_was_lent_is_not_lent_on(bench: Workbench) -> None:
    await lend(bench, bench.alex, KIM)

    with pytest.raises(Forbidden, match="not yours to lend"):
        await lend(bench, KIM, bench.ben)


async def test_it_is_worth_what_the_membership_is_worth(bench: Workbench) -> None:
    await lend(bench, bench.alex, KIM)
    record = await bench.submit()
    async with bench.store.begin() as tx:
        await tx.principals.put(replace(bench.alex, groups=frozenset()), "Alex")

    with pytest.raises(Forbidden):
        await bench.approve(record, KIM)


async def test_somebody_who_was_shut_out_lends_nothing_any_more(bench: Workbench) -> None:
    await lend(bench, bench.alex, KIM)
    record = await bench.submit()
    async with bench.store.begin() as tx:
        await tx.principals.disable(TENANT, bench.alex.id, disabled=True)

    with pytest.raises(Forbidden):
        await bench.approve(record, KIM)


async def test_a_group_is_lent_to_one_at_a_time(bench: Workbench) -> None:
    both = await asyncio.gather(
        lend(bench, bench.alex, KIM),
        lend(bench, bench.alex, bench.ben),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in both) == ["Conflict", "Delegation"]
    with pytest.raises(Conflict, match="then already"):
        await lend(bench, bench.alex, KIM, starts_at=bench.clock() + DAY / 2, until=2 * DAY)
    await lend(bench, bench.alex, KIM, starts_at=bench.clock() + DAY, until=2 * DAY)


async def test_either_of_the_two_ends_it_and_nobody_else(bench: Workbench) -> None:
    given = await lend(bench, bench.alex, KIM)
    with pytest.raises(NotFound):
        await bench.ledger.standing_in.end_delegation(bench.ben, given.id)

    await bench.ledger.standing_in.end_delegation(KIM, given.id)

    with pytest.raises(NotFound):
        await bench.ledger.standing_in.end_delegation(bench.alex, given.id)
    assert await entries(bench) == [("delegation.given", "alex"), ("delegation.ended", "kim")]


@pytest.mark.parametrize("until", [timedelta(), -DAY, LONGEST + timedelta(seconds=1)])
async def test_a_time_that_is_over_or_without_end_is_refused(
    bench: Workbench, until: timedelta
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await lend(bench, bench.alex, KIM, until=until)
    with pytest.raises(InvalidInput):
        await bench.ledger.standing_in.absent(
            KIM, starts_at=bench.clock(), until=bench.clock() + until
        )

    assert refused.value.field == "until"
    assert await entries(bench) == []


async def test_who_cannot_stand_in_is_named(bench: Workbench) -> None:
    job = replace(KIM, id=PrincipalId("job"), kind=PrincipalKind.MACHINE)
    async with bench.store.begin() as tx:
        await tx.principals.put(job, "Job")

    with pytest.raises(InvalidInput, match="yourself"):
        await lend(bench, bench.alex, bench.alex)
    with pytest.raises(InvalidInput, match="machine"):
        await lend(bench, bench.alex, job)
    with pytest.raises(Forbidden, match="person"):
        await lend(bench, replace(job, groups=frozenset({"approvers"})), KIM)
    with pytest.raises(NotFound):
        await lend(bench, bench.alex, replace(KIM, id=PrincipalId("nobody")))

    assert await entries(bench) == []


async def test_being_away_is_said_and_taken_back_by_oneself(bench: Workbench) -> None:
    standing_in = bench.ledger.standing_in
    said = await standing_in.absent(KIM, starts_at=bench.clock(), until=bench.clock() + DAY)
    with pytest.raises(NotFound):
        await standing_in.end_absence(bench.alex, said.id)

    await standing_in.end_absence(KIM, said.id)

    async with bench.store.read() as tx:
        assert await tx.absences.not_over(TENANT, bench.clock()) == []
    assert await entries(bench) == [("absence.said", "kim"), ("absence.ended", "kim")]
