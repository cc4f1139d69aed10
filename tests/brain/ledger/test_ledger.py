"""A change comes in, is judged and answered, and nothing else moves it."""

import asyncio
from dataclasses import replace

import pytest

from brain.domain.approval import Answer
from brain.domain.change import SetParameter
from brain.domain.errors import Conflict, Forbidden, InvalidInput, InvalidPlan, NotFound
from brain.domain.identity import PrincipalKind, TenantId
from brain.domain.life import State
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.proposal import Evidence
from brain.domain.record import ChangeRecord
from brain.store.store import Store
from evals.workbench import CHANNEL, Workbench, to_channel, workbench


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


async def kept(bench: Workbench) -> list[ChangeRecord]:
    async with bench.store.read() as tx:
        return list(await tx.changes.list(bench.device.tenant))


async def test_a_proposal_is_judged_and_waits_for_a_review(bench: Workbench) -> None:
    record = await bench.submit()

    assert record.state is State.AWAITING_APPROVAL
    assert bench.woken == []


async def test_what_the_planner_says_a_value_was_is_not_believed(bench: Workbench) -> None:
    record = await bench.submit(bench.proposal([to_channel("11", before="3")]))

    assert record.plan.sets[0].before == "6"


async def test_the_same_plan_in_the_same_case_is_kept_once(bench: Workbench) -> None:
    first = await bench.submit()
    second = await bench.submit()

    assert second.id == first.id
    assert len(await kept(bench)) == 1


async def test_a_change_to_what_is_already_so_is_refused(bench: Workbench) -> None:
    with pytest.raises(InvalidPlan, match="already"):
        await bench.submit(bench.proposal([to_channel("6")]))

    assert await kept(bench) == []


@pytest.mark.parametrize("channel", ["14", "0", "six", "-1", "6.0"])
async def test_channels_are_only_those_the_device_has(bench: Workbench, channel: str) -> None:
    with pytest.raises(InvalidInput):
        await bench.submit(bench.proposal([to_channel(channel)]))

    assert await kept(bench) == []


async def test_a_path_the_device_does_not_have_is_refused(bench: Workbench) -> None:
    ghost = SetParameter(
        path=ParameterPath("Device.WiFi.Radio.2.Channel"),
        type=ParameterType.UNSIGNED_INT,
        before="1",
        after="6",
    )

    with pytest.raises(InvalidInput):
        await bench.submit(bench.proposal([ghost]))

    assert await kept(bench) == []


async def test_a_device_of_another_tenant_is_not_found(bench: Workbench) -> None:
    stranger = replace(bench.sam, tenant=TenantId("other"))
    proposal = replace(bench.proposal(), tenant=TenantId("other"))

    with pytest.raises(NotFound):
        await bench.ledger.submit(proposal, stranger)


async def test_a_proposal_in_somebody_elses_name_is_refused(bench: Workbench) -> None:
    with pytest.raises(Forbidden):
        await bench.ledger.submit(bench.proposal(), bench.alex)


async def test_evidence_that_is_not_what_the_device_says_voids_the_plan(bench: Workbench) -> None:
    wrong = Evidence(text="the radio is off", path=CHANNEL, value="9", guard=True)

    with pytest.raises(InvalidPlan, match="evidence"):
        await bench.submit(bench.proposal(evidence=[wrong]))


async def test_a_denied_change_is_kept_and_can_never_be_approved(bench: Workbench) -> None:
    async with bench.store.begin() as tx:
        await tx.devices.put(replace(bench.device, country="US"))

    record = await bench.submit(bench.proposal([to_channel("13")]))

    assert record.state is State.DENIED
    assert [finding.code for finding in record.verdict.findings if finding.remedy]
    with pytest.raises(Conflict):
        await bench.approve(record)
    assert bench.woken == []


async def test_an_approval_moves_it_and_wakes_the_executors(bench: Workbench) -> None:
    record = await bench.approved()

    assert record.state is State.APPROVED
    assert bench.woken == [record.id]


async def test_nobody_approves_their_own(bench: Workbench) -> None:
    record = await bench.submit()

    with pytest.raises(Forbidden):
        await bench.approve(record, replace(bench.sam, groups=frozenset({"approvers"})))

    assert (await kept(bench))[0].state is State.AWAITING_APPROVAL


async def test_a_machine_never_approves(bench: Workbench) -> None:
    record = await bench.submit()

    with pytest.raises(Forbidden):
        await bench.approve(record, replace(bench.alex, kind=PrincipalKind.MACHINE))


async def test_somebody_of_no_group_that_is_asked_may_not_answer(bench: Workbench) -> None:
    record = await bench.submit()

    with pytest.raises(Forbidden, match="approvers"):
        await bench.approve(record, replace(bench.alex, groups=frozenset({"others"})))


async def test_an_approval_of_another_digest_is_refused(bench: Workbench) -> None:
    record = await bench.submit()

    with pytest.raises(Conflict, match="not the one you were shown"):
        await bench.ledger.answer(bench.alex, record.id, digest="0" * 64, answer=Answer.APPROVE)

    assert bench.woken == []


async def test_another_tenants_change_is_not_found(bench: Workbench) -> None:
    record = await bench.submit()

    with pytest.raises(NotFound):
        await bench.approve(record, replace(bench.alex, tenant=TenantId("other")))


async def test_a_replayed_approval_changes_nothing(bench: Workbench) -> None:
    record = await bench.approved()

    with pytest.raises(Conflict):
        await bench.approve(record)

    assert bench.woken == [record.id]


async def test_two_who_approve_at_once_wake_the_executors_once(bench: Workbench) -> None:
    record = await bench.submit()

    ends = await asyncio.gather(
        bench.approve(record, bench.alex),
        bench.approve(record, bench.ben),
        return_exceptions=True,
    )

    assert sorted(type(end).__name__ for end in ends) == ["ChangeRecord", "Conflict"]
    assert bench.woken == [record.id]


async def test_one_rejection_ends_it(bench: Workbench) -> None:
    record = await bench.submit()

    end = await bench.ledger.answer(
        bench.alex, record.id, digest=record.plan.digest, answer=Answer.REJECT, comment="no"
    )

    assert end.state is State.REJECTED
    with pytest.raises(Conflict):
        await bench.approve(record, bench.ben)


async def test_an_approval_that_comes_too_late_does_not_count(bench: Workbench) -> None:
    record = await bench.submit()
    bench.clock.advance(15 * 60)

    with pytest.raises(Conflict, match="too long"):
        await bench.approve(record)

    assert (await kept(bench))[0].state is State.EXPIRED


async def test_what_nobody_answered_in_time_is_closed(bench: Workbench) -> None:
    await bench.submit()
    bench.clock.advance(15 * 60)

    assert await bench.ledger.expire_due() == 1
    assert await bench.ledger.expire_due() == 0


async def test_only_the_one_who_asked_withdraws(bench: Workbench) -> None:
    record = await bench.submit()
    with pytest.raises(Forbidden):
        await bench.ledger.withdraw(bench.alex, record.id)

    end = await bench.ledger.withdraw(bench.sam, record.id)

    assert end.state is State.SUPERSEDED


async def test_every_step_leaves_an_audit_record(bench: Workbench) -> None:
    record = await bench.approved()
    await bench.run(record.id)

    async with bench.store.read() as tx:
        entries = await tx.audit.range(bench.device.tenant, 0, 100)
    kinds = [entry.kind for entry in entries]
    assert kinds == [
        "change.submitted",
        "change.answered",
        "change.approved",
        "change.executing",
        "change.verifying",
        "change.succeeded",
    ]
