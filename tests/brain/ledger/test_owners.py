"""Whoever answers for a service approves nothing that it asks for, and without one nobody does."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, update

from brain.domain.approval import Answer
from brain.domain.errors import Forbidden
from brain.domain.identity import Principal, PrincipalId, PrincipalKind
from brain.domain.incident import Case
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.ledger.answers import answers_to, as_they_are_now
from brain.store.principals import principals
from brain.store.store import Store
from evals.workbench import Workbench, workbench


@pytest.fixture
async def bench(any_store: Store) -> Workbench:
    return await workbench(any_store)


def service(bench: Workbench, name: str = "job", owner: Principal | None = None) -> Principal:
    return replace(
        bench.sam,
        id=PrincipalId(name),
        kind=PrincipalKind.MACHINE,
        owner=owner.id if owner else None,
    )


async def keep(bench: Workbench, who: Principal) -> None:
    async with bench.store.begin() as tx:
        await tx.principals.put(who, str(who.id))


async def asked(bench: Workbench, job: Principal) -> ChangeRecord:
    """What waits for approval once this service asked for it."""
    await keep(bench, job)
    record = await bench.ledger.submit(replace(bench.proposal(), asked_by=job.id), job)
    assert record.state is State.AWAITING_APPROVAL
    return record


async def in_a_case_of(bench: Workbench, opener: Principal) -> None:
    proposal = bench.proposal()
    await keep(bench, opener)
    async with bench.store.begin() as tx:
        await tx.cases.add(
            Case(
                id=proposal.case,
                tenant=proposal.tenant,
                device=proposal.device,
                opened_by=opener.id,
                opened_at=bench.clock(),
            )
        )


async def test_the_owner_of_a_service_does_not_approve_what_it_asks(bench: Workbench) -> None:
    record = await asked(bench, service(bench, owner=bench.alex))

    with pytest.raises(Forbidden, match="asked for"):
        await bench.approve(record, bench.alex)

    assert (await bench.ledger.get(record.id)).answers == 0
    assert (await bench.approve(record, bench.ben)).state is State.APPROVED
    assert "alex" in record.parties


async def test_without_a_known_owner_nobody_approves_it_until_one_is_named(
    bench: Workbench,
) -> None:
    job = service(bench)
    record = await asked(bench, job)

    for who in (bench.alex, bench.ben):
        with pytest.raises(Forbidden, match="nobody knows whose service job is") as refused:
            await bench.approve(record, who)
        assert "gatewright token owner job" in refused.value.remedy
    assert (await bench.ledger.get(record.id)).answers == 0

    await keep(bench, replace(job, owner=bench.alex.id))
    with pytest.raises(Forbidden, match="asked for"):
        await bench.approve(record, bench.alex)
    assert (await bench.approve(record, bench.ben)).state is State.APPROVED
    assert (await bench.run(record.id)).state is State.SUCCEEDED


async def test_anybody_of_the_group_may_still_reject_it(bench: Workbench) -> None:
    record = await asked(bench, service(bench))

    ended = await bench.ledger.answer(
        bench.alex, record.id, digest=record.plan.digest, answer=Answer.REJECT
    )

    assert ended.state is State.REJECTED


async def test_whoever_becomes_the_owner_after_they_approved_counts_no_more(
    bench: Workbench,
) -> None:
    job = service(bench, owner=bench.ben)
    record = await asked(bench, job)
    approved = await bench.approve(record, bench.alex)

    await keep(bench, replace(job, owner=bench.alex.id))

    async with bench.store.read() as tx:
        (now,) = await as_they_are_now(tx, approved, await answers_to(tx, approved))
    assert not now.groups
    assert (await bench.run(record.id)).state is State.AWAITING_APPROVAL
    with pytest.raises(Forbidden, match="asked for"):  # nor does whoever was the owner before
        await bench.approve(record, bench.ben)


async def test_the_owner_of_the_service_that_opened_the_case_is_behind_it_too(
    bench: Workbench,
) -> None:
    await in_a_case_of(bench, service(bench, "monitor", bench.alex))

    record = await asked(bench, service(bench, owner=bench.ben))

    assert record.behind == {"monitor", bench.alex.id, bench.ben.id}
    for who in (bench.alex, bench.ben):
        with pytest.raises(Forbidden):
            await bench.approve(record, who)


async def test_a_case_of_a_service_without_an_owner_is_nobodys_to_approve(
    bench: Workbench,
) -> None:
    await in_a_case_of(bench, service(bench, "monitor"))

    record = await asked(bench, service(bench, owner=bench.ben))

    with pytest.raises(Forbidden, match="whose service monitor is"):
        await bench.approve(record, bench.alex)


async def test_a_person_who_asks_has_nobody_behind_them(bench: Workbench) -> None:
    record = await bench.submit()

    assert (record.behind, record.unowned) == (frozenset(), frozenset())
    assert (await bench.approve(record)).state is State.APPROVED


@pytest.mark.parametrize("is_there", [True, False], ids=["altered", "gone"])
async def test_whoever_opened_the_case_and_cannot_be_asked_after_counts_as_nobodys_service(
    bench: Workbench, is_there: bool
) -> None:
    opener = service(bench, "monitor", bench.alex)
    await in_a_case_of(bench, opener)
    record = await asked(bench, service(bench, owner=bench.ben))
    statement = (update(principals).values(owner="olga") if is_there else delete(principals)).where(
        principals.c.id == "monitor"
    )
    async with bench.store.begin() as tx:
        await tx.principals._db.run(statement)

    with pytest.raises(Forbidden, match="whose service monitor is"):
        await bench.approve(record, bench.olga)

    assert (await bench.ledger.get(record.id)).answers == 0
