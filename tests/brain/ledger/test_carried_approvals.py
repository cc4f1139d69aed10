"""Approvals count for the very same plan submitted again, and for nothing else."""

import json
from dataclasses import replace

import pytest

from brain.domain.approval import Answer
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Obligations, RequiredApproval
from brain.store.store import Store
from evals.workbench import CHANNEL, Workbench, to_channel, workbench


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


async def withdrawn(bench: Workbench) -> ChangeRecord:
    """Approved by alex, then taken back by sam, who asked for it."""
    record = await bench.approved()
    return await bench.ledger.withdraw(bench.sam, record.id)


async def noted(bench: Workbench, kind: str) -> dict[str, object]:
    async with bench.store.read() as tx:
        entries = await tx.audit.range(bench.device.tenant)
    (found,) = [json.loads(each.payload) for each in entries if each.kind == kind]
    return dict(found)


async def test_the_same_plan_again_is_approved_already(bench: Workbench) -> None:
    before = await withdrawn(bench)
    bench.clock.advance(60)

    again = await bench.submit()

    assert again.id != before.id
    assert again.state is State.APPROVED
    assert again.execution_expires_at == before.execution_expires_at  # no new time is given
    assert bench.woken == [before.id, again.id]
    assert before.id in again.earlier_approvals
    assert (await noted(bench, "change.approvals_kept"))["by"] == ["alex"]
    async with bench.store.read() as tx:
        (kept,) = await tx.approvals.of_change(again.tenant, again.id)
    assert (kept.by, kept.carried_from, kept.number) == (bench.alex.id, before.id, 1)


async def test_it_is_carried_out_on_the_approval_it_came_with(bench: Workbench) -> None:
    await withdrawn(bench)

    end = await bench.run((await bench.submit()).id)

    assert end.state is State.SUCCEEDED


async def void(bench: Workbench, record: ChangeRecord) -> str:
    """Why nothing was carried; asserts that nothing was."""
    assert record.state is State.AWAITING_APPROVAL
    assert record.answers == 0
    assert record.id not in bench.woken
    async with bench.store.read() as tx:
        assert await tx.approvals.of_change(record.tenant, record.id) == []
    assert (await noted(bench, "change.approvals_void"))["why"] in record.earlier_approvals
    return record.earlier_approvals


async def test_another_plan_is_asked_for_anew(bench: Workbench) -> None:
    await withdrawn(bench)

    other = await bench.submit(bench.proposal([to_channel("1")]))

    assert "the plan is another one" in await void(bench, other)


async def test_a_device_that_moved_is_asked_for_anew(bench: Workbench) -> None:
    await withdrawn(bench)
    async with bench.store.begin() as tx:
        await tx.devices.put(replace(bench.device, firmware="1.1"))

    again = await bench.submit()

    assert "no longer as it was" in await void(bench, again)


async def test_what_ran_out_is_asked_for_anew(bench: Workbench) -> None:
    await withdrawn(bench)
    bench.clock.advance(30 * 60)
    await bench.executor.read(bench.device, [CHANNEL])

    again = await bench.submit()

    assert "ran out" in await void(bench, again)


async def test_a_second_before_it_runs_out_it_counts(bench: Workbench) -> None:
    await withdrawn(bench)
    bench.clock.advance(30 * 60 - 1)
    await bench.executor.read(bench.device, [CHANNEL])

    assert (await bench.submit()).state is State.APPROVED


async def test_somebody_who_rejected_it_since_voids_it(bench: Workbench) -> None:
    record = await bench.approved()
    await bench.ledger.answer(bench.ben, record.id, digest=record.plan.digest, answer=Answer.REJECT)

    assert "rejected" in await void(bench, await bench.submit())


async def test_what_was_taken_back_is_not_carried(bench: Workbench) -> None:
    record = await bench.approved()
    await bench.ledger.take_back(bench.alex, record.id)
    await bench.ledger.withdraw(bench.sam, record.id)

    again = await bench.submit()

    assert (again.state, again.earlier_approvals) == (State.AWAITING_APPROVAL, "")


async def test_another_case_starts_from_nothing(bench: Workbench) -> None:
    await withdrawn(bench)

    other = await bench.submit(bench.proposal(case="cas_2"))

    assert (other.state, other.earlier_approvals) == (State.AWAITING_APPROVAL, "")


async def test_what_was_carried_out_once_is_approved_anew(bench: Workbench) -> None:
    record = await bench.approved()
    await bench.run(record.id)
    bench.tree[CHANNEL] = "6"
    await bench.executor.read(bench.device, [CHANNEL])

    again = await bench.submit()

    assert (again.state, again.answers) == (State.AWAITING_APPROVAL, 0)


@pytest.mark.parametrize(
    ("before", "says"),
    [
        ({"verdict": {"policy_revision": "another"}}, "policy is another one"),
        ({"verdict": {"obligations": Obligations()}}, "1 of approvers"),
        ({"on_behalf_of": "sub-2"}, "somebody else asks"),
    ],
    ids=["policy", "obligations", "for whom"],
)
async def test_what_was_approved_otherwise_is_asked_for_anew(
    bench: Workbench, before: dict[str, object], says: str
) -> None:
    record = await withdrawn(bench)
    verdict = before.pop("verdict", {})
    assert isinstance(verdict, dict)
    moved = replace(record, verdict=replace(record.verdict, **verdict), **before)  # type: ignore[arg-type]
    async with bench.store.begin() as tx:
        await bench.ledger.steps.swap(tx, moved)

    assert says in await void(bench, await bench.submit())


async def test_a_policy_that_asks_for_less_keeps_them(bench: Workbench) -> None:
    record = await withdrawn(bench)
    two = RequiredApproval(group="approvers", min=2)
    more = Obligations(approvals=(two, RequiredApproval(group="noc", min=1)))
    async with bench.store.begin() as tx:
        asked = replace(record, verdict=replace(record.verdict, obligations=more))
        await bench.ledger.steps.swap(tx, asked)

    assert (await bench.submit()).state is State.APPROVED
