"""Answers until a change begins: taken back, rejected after all, and in time by both clocks."""

from dataclasses import replace

import pytest

from brain.domain.approval import Answer
from brain.domain.errors import Conflict, Forbidden, PermitRefused
from brain.domain.identity import Principal, PrincipalId, PrincipalKind
from brain.domain.incident import Case
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Obligations, Point, RequiredApproval
from brain.store.store import Store
from evals.workbench import CHANNEL, Workbench, workbench

APPROVAL_TTL, EXECUTION_TTL = 15 * 60, 30 * 60


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


async def for_two(bench: Workbench) -> ChangeRecord:
    """Waiting for two of the approvers."""
    record = await bench.submit()
    two = Obligations(approvals=(RequiredApproval(group="approvers", min=2),))
    asks = replace(record, verdict=replace(record.verdict, obligations=two))
    async with bench.store.begin() as tx:
        return await bench.ledger.steps.swap(tx, asks)


async def reject(bench: Workbench, record: ChangeRecord, who: Principal) -> ChangeRecord:
    return await bench.ledger.answer(
        who, record.id, digest=record.plan.digest, answer=Answer.REJECT
    )


async def kinds(bench: Workbench) -> list[str]:
    async with bench.store.read() as tx:
        return [each.kind for each in await tx.audit.range(bench.device.tenant)]


async def test_an_approval_that_is_taken_back_is_asked_for_again(bench: Workbench) -> None:
    record = await bench.approved()

    waiting = await bench.ledger.take_back(bench.alex, record.id)

    assert waiting.state is State.AWAITING_APPROVAL
    assert waiting.execution_expires_at is None
    assert waiting.approval_expires_at == record.approval_expires_at
    assert (await kinds(bench))[-2:] == ["change.answered", "change.awaiting_approval"]
    assert (await bench.approve(record)).state is State.APPROVED


async def test_one_of_two_that_is_taken_back_leaves_the_other(bench: Workbench) -> None:
    record = await for_two(bench)
    await bench.approve(record, bench.alex)
    await bench.ledger.take_back(bench.alex, record.id)

    assert (await bench.approve(record, bench.ben)).state is State.AWAITING_APPROVAL
    assert (await bench.approve(record, bench.alex)).state is State.APPROVED


async def test_only_what_one_gave_can_be_taken_back(bench: Workbench) -> None:
    record = await bench.approved()

    for who in (bench.ben, bench.sam):
        with pytest.raises(Conflict, match="have not approved"):
            await bench.ledger.take_back(who, record.id)

    assert (await bench.ledger.get(record.id)).state is State.APPROVED


async def test_nothing_is_taken_back_once_it_has_begun(bench: Workbench) -> None:
    record = await bench.approved()
    await bench.run(record.id)

    with pytest.raises(Conflict, match="succeeded"):
        await bench.ledger.take_back(bench.alex, record.id)
    with pytest.raises(Conflict, match="succeeded"):
        await reject(bench, record, bench.ben)


@pytest.mark.parametrize("name", ["alex", "ben"])
async def test_a_rejection_settles_it_also_after_others_approved(
    bench: Workbench, name: str
) -> None:
    record = await bench.approved()

    end = await reject(bench, record, getattr(bench, name))

    assert end.state is State.REJECTED
    with pytest.raises(Conflict):
        await bench.approve(record)
    with pytest.raises(Conflict):
        await bench.ledger.take_back(bench.alex, record.id)


async def test_the_asker_does_not_reject_their_own(bench: Workbench) -> None:
    record = await bench.approved()

    with pytest.raises(Forbidden):
        await reject(bench, record, replace(bench.sam, groups=frozenset({"approvers"})))

    assert (await bench.ledger.get(record.id)).state is State.APPROVED


@pytest.mark.parametrize(("after", "ends"), [(-1, State.APPROVED), (0, State.EXPIRED)])
async def test_the_time_to_approve_ends_on_the_second(
    bench: Workbench, after: int, ends: State
) -> None:
    record = await bench.submit()
    bench.clock.advance(APPROVAL_TTL + after)

    if ends is State.EXPIRED:
        with pytest.raises(Conflict, match="too long"):
            await bench.approve(record)
    else:
        await bench.approve(record)

    assert (await bench.ledger.get(record.id)).state is ends


@pytest.mark.parametrize(("after", "begins"), [(-1, True), (0, False)])
async def test_the_time_to_use_an_approval_ends_on_the_second(
    bench: Workbench, after: int, begins: bool
) -> None:
    record = await bench.approved()
    bench.clock.advance(EXECUTION_TTL + after)

    assert bench.ledger.begun_in_time(record) is begins
    assert await bench.ledger.expire_due() == (0 if begins else 1)


async def test_the_time_to_use_it_is_that_of_the_first_approval_that_is_needed(
    bench: Workbench,
) -> None:
    record = await for_two(bench)
    await bench.approve(record, bench.alex)
    first = bench.clock()
    bench.clock.advance(600)

    approved = await bench.approve(record, bench.ben)

    assert approved.execution_expires_at is not None
    assert (approved.execution_expires_at - first).total_seconds() == EXECUTION_TTL


async def test_a_permit_is_not_minted_when_the_time_to_use_it_ends(bench: Workbench) -> None:
    record = await bench.approved()
    assert record.execution_expires_at is not None
    bench.clock.now = record.execution_expires_at
    await bench.executor.read(bench.device, [CHANNEL])
    verdict = await bench.ledger.rejudge(record, Point.EXECUTE)
    async with bench.store.read() as tx:
        given = await tx.approvals.of_change(record.tenant, record.id)

    with pytest.raises(PermitRefused, match="time to carry it out"):
        bench.gate.mint(record, record.plan, verdict, given, 1)


async def test_whoever_opened_the_case_does_not_approve_what_a_job_asks_there(
    bench: Workbench,
) -> None:
    proposal = bench.proposal()
    async with bench.store.begin() as tx:
        await tx.cases.add(
            Case(
                id=proposal.case,
                tenant=proposal.tenant,
                device=proposal.device,
                opened_by=bench.alex.id,
                opened_at=bench.clock(),
            )
        )
        job = replace(bench.sam, id=PrincipalId("job"), kind=PrincipalKind.MACHINE)
        job = replace(job, owner=PrincipalId("olga"))
        await tx.principals.put(job, "job")

    record = await bench.ledger.submit(replace(proposal, asked_by=job.id), job)

    assert record.behind == {bench.alex.id, "olga"}
    assert record.state is State.AWAITING_APPROVAL
    with pytest.raises(Forbidden, match="asked for"):
        await bench.approve(record, bench.alex)
    assert (await bench.approve(record, bench.ben)).state is State.APPROVED
