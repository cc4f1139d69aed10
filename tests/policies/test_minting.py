"""A permit is minted for exactly what was judged and answered for, and for nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from brain.domain.approval import Answer, Approval
from brain.domain.change import Command, Plan, SetParameter
from brain.domain.errors import PermitRefused
from brain.domain.identity import CaseId, ChangeId, DeviceId, PrincipalId, ProposalId
from brain.domain.life import State
from brain.domain.parameter import ParameterPath
from brain.domain.ports import Clock, NewId
from brain.domain.question import Question
from brain.domain.record import Basis, ChangeRecord
from brain.domain.verdict import Decision, Obligations, Point, RequiredApproval, Verdict
from policies.bundle import Bundle
from policies.gate import Gate
from policies.signing import PermitSigner

FENCE = 7
SIGNER = PermitSigner.from_bytes(bytes(32))
ASKS = Obligations(approvals=(RequiredApproval(group="approvers", min=1),))
NOC = Obligations(approvals=(RequiredApproval(group="noc", min=1),))


@pytest.fixture
def gate(bundle: Bundle, clock: Clock, new_id: NewId, log: Any, told: Any) -> Gate:
    return Gate(
        engine=told(None), bundle=bundle, clock=clock, new_id=new_id, signer=SIGNER, log=log
    )


@pytest.fixture
def verdict(bundle: Bundle, clock: Clock, ask: Callable[..., Question]) -> Verdict:
    """A review, given just now, before the write."""
    return Verdict(
        decision=Decision.REVIEW,
        point=Point.EXECUTE,
        plan_digest=ask().plan.digest,
        policy_revision=bundle.revision,
        engine="told",
        decision_id="dec_1",
        decided_at=clock(),
        obligations=ASKS,
    )


@pytest.fixture
def record(verdict: Verdict, clock: Clock, ask: Callable[..., Question]) -> ChangeRecord:
    question = ask()
    return ChangeRecord(
        id=ChangeId("chg_1"),
        tenant=question.device.tenant,
        device=question.device.id,
        case=CaseId("cas_1"),
        proposal=ProposalId("pro_1"),
        plan=question.plan,
        basis=Basis(values=(), firmware="1.0", data_model_version="2.15"),
        cause=question.cause,
        author=question.author,
        asked_by=PrincipalId("ann"),
        on_behalf_of="sub_1",
        effect=None,
        state=State.EXECUTING,
        verdict=replace(verdict, point=Point.SUBMIT),
        approval_expires_at=clock(),
        answers=1,
        execution_expires_at=clock() + timedelta(minutes=30),
        created_at=clock(),
        updated_at=clock(),
    )


@pytest.fixture
def approval(record: ChangeRecord, bundle: Bundle, clock: Clock) -> Approval:
    return Approval(
        change=record.id,
        number=1,
        answer=Answer.APPROVE,
        by=PrincipalId("bob"),
        groups=frozenset({"approvers"}),
        plan_digest=record.plan.digest,
        fingerprint=record.basis.fingerprint,
        policy_revision=bundle.revision,
        answered_at=clock(),
        expires_at=clock() + timedelta(minutes=10),
    )


def undo_of(record: ChangeRecord) -> Plan:
    undo = record.plan.rollback()
    assert undo is not None
    return undo


def test_a_permit_is_for_one_plan_for_minutes_and_signed(
    gate: Gate, record: ChangeRecord, verdict: Verdict, approval: Approval, clock: Clock
) -> None:
    permit = gate.mint(record, record.plan, verdict, [approval], FENCE)

    assert (permit.change, permit.tenant, permit.device) == ("chg_1", "north", record.device)
    assert (permit.plan_digest, permit.fence) == (record.plan.digest, FENCE)
    assert permit.policy_revision == verdict.policy_revision
    assert permit.minted_at == clock()
    assert permit.expires_at == clock() + timedelta(minutes=5)
    key = Ed25519PublicKey.from_public_bytes(SIGNER.public_key)
    key.verify(permit.signature, permit.signed_bytes)


def test_an_allowance_needs_no_answer(gate: Gate, record: ChangeRecord, verdict: Verdict) -> None:
    allowed = replace(verdict, decision=Decision.ALLOW, obligations=Obligations())
    submitted = replace(record, answers=0, verdict=replace(allowed, point=Point.SUBMIT))

    assert gate.mint(submitted, record.plan, allowed, [], FENCE).plan_digest == record.plan.digest


def test_a_review_at_submission_binds_even_when_policy_is_milder_now(
    gate: Gate, record: ChangeRecord, verdict: Verdict
) -> None:
    milder = replace(verdict, decision=Decision.ALLOW, obligations=Obligations())

    with pytest.raises(PermitRefused, match="not enough people"):
        gate.mint(replace(record, answers=0), record.plan, milder, [], FENCE)


def test_a_review_that_asks_for_more_now_voids_what_was_answered(
    gate: Gate, record: ChangeRecord, verdict: Verdict, approval: Approval
) -> None:
    more = Obligations(approvals=(RequiredApproval(group="approvers", min=2),))

    with pytest.raises(PermitRefused, match="not enough people"):
        gate.mint(record, record.plan, replace(verdict, obligations=more), [approval], FENCE)


def test_undoing_rests_on_its_own_allowance(
    gate: Gate, record: ChangeRecord, verdict: Verdict
) -> None:
    undo = undo_of(record)
    allowed = replace(
        verdict, decision=Decision.ALLOW, point=Point.ROLLBACK, plan_digest=undo.digest
    )
    late = replace(record, state=State.VERIFYING, execution_expires_at=None)

    assert gate.mint(late, undo, allowed, (), FENCE).plan_digest == undo.digest


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"decision": Decision.DENY}, "denies"),
        ({"cause": "policy_unavailable"}, "denies"),
        ({"point": Point.SUBMIT}, "just before the write"),
        ({"point": Point.ROLLBACK}, "does not undo"),
        ({"plan_digest": "another"}, "another plan"),
        ({"policy_revision": "another"}, "another policy"),
        ({"obligations": Obligations()}, "not enough people"),
    ],
    ids=str,
)
def test_another_verdict_is_refused(
    gate: Gate,
    record: ChangeRecord,
    verdict: Verdict,
    approval: Approval,
    change: dict[str, Any],
    says: str,
) -> None:
    with pytest.raises(PermitRefused, match=says):
        gate.mint(record, record.plan, replace(verdict, **change), [approval], FENCE)


@pytest.mark.parametrize("age", [timedelta(minutes=5), timedelta(days=1), timedelta(seconds=-1)])
def test_a_verdict_not_given_just_now_is_refused(
    gate: Gate, record: ChangeRecord, verdict: Verdict, approval: Approval, age: timedelta
) -> None:
    old = replace(verdict, decided_at=verdict.decided_at - age)

    with pytest.raises(PermitRefused, match="too old"):
        gate.mint(record, record.plan, old, [approval], FENCE)


@pytest.mark.parametrize("state", sorted(set(State) - {State.APPROVED, State.EXECUTING}))
def test_a_change_in_another_state_is_refused(
    gate: Gate, record: ChangeRecord, verdict: Verdict, approval: Approval, state: State
) -> None:
    with pytest.raises(PermitRefused, match=state):
        gate.mint(replace(record, state=state), record.plan, verdict, [approval], FENCE)


@pytest.mark.parametrize("state", [State.APPROVED, State.SUCCEEDED, State.FAILED, State.DENIED])
def test_what_is_not_under_way_is_not_undone(
    gate: Gate, record: ChangeRecord, verdict: Verdict, state: State
) -> None:
    undo = undo_of(record)
    allowed = replace(
        verdict, decision=Decision.ALLOW, point=Point.ROLLBACK, plan_digest=undo.digest
    )

    with pytest.raises(PermitRefused, match=state):
        gate.mint(replace(record, state=state), undo, allowed, (), FENCE)


def test_a_plan_that_differs_in_one_value_is_refused(
    gate: Gate, record: ChangeRecord, verdict: Verdict, approval: Approval
) -> None:
    (change,) = record.plan.sets
    other = Plan(device=record.device, changes=(replace(change, after="149.112.112.112"),))

    for judged in (verdict, replace(verdict, plan_digest=other.digest)):
        with pytest.raises(PermitRefused):
            gate.mint(record, other, judged, [approval], FENCE)


def test_the_undoing_is_not_done_on_the_verdict_of_the_doing(
    gate: Gate, record: ChangeRecord, verdict: Verdict, approval: Approval
) -> None:
    undo = undo_of(record)

    with pytest.raises(PermitRefused):
        gate.mint(record, undo, replace(verdict, plan_digest=undo.digest), [approval], FENCE)


def test_what_cannot_be_undone_has_no_undoing(
    gate: Gate, record: ChangeRecord, verdict: Verdict
) -> None:
    reboot = Plan(device=record.device, changes=(Command(path=ParameterPath("Device.Reboot()")),))
    final = replace(
        record,
        plan=reboot,
        state=State.VERIFYING,
        verdict=replace(record.verdict, plan_digest=reboot.digest),
    )
    allowed = replace(
        verdict, decision=Decision.ALLOW, point=Point.ROLLBACK, plan_digest=reboot.digest
    )

    with pytest.raises(PermitRefused, match="does not undo"):
        gate.mint(final, reboot, allowed, (), FENCE)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"device": DeviceId("other")}, "another device"),
        ({"execution_expires_at": None}, "time to carry it out"),
    ],
    ids=str,
)
def test_a_record_that_does_not_fit_is_refused(
    gate: Gate,
    record: ChangeRecord,
    verdict: Verdict,
    approval: Approval,
    change: dict[str, Any],
    says: str,
) -> None:
    with pytest.raises(PermitRefused, match=says):
        gate.mint(replace(record, **change), record.plan, verdict, [approval], FENCE)


def test_the_time_to_carry_it_out_ends(
    gate: Gate, record: ChangeRecord, verdict: Verdict, approval: Approval, clock: Clock
) -> None:
    late = replace(record, execution_expires_at=clock())

    with pytest.raises(PermitRefused, match="time to carry it out"):
        gate.mint(late, record.plan, verdict, [approval], FENCE)


@pytest.mark.parametrize(
    "change",
    [{"decision": Decision.DENY}, {"cause": "policy_unavailable"}, {"plan_digest": "another"}],
    ids=str,
)
def test_a_change_that_was_not_let_in_is_refused(
    gate: Gate, record: ChangeRecord, verdict: Verdict, approval: Approval, change: dict[str, Any]
) -> None:
    denied = replace(record, verdict=replace(record.verdict, **change))

    with pytest.raises(PermitRefused, match="submitted"):
        gate.mint(denied, record.plan, verdict, [approval], FENCE)


@pytest.mark.parametrize(
    "change",
    [
        {"answer": Answer.REJECT},
        {"by": PrincipalId("ann")},
        {"by": PrincipalId("sub_1")},
        {"groups": frozenset({"noc"})},
        {"change": ChangeId("chg_2")},
        {"plan_digest": "another"},
        {"fingerprint": "another"},
        {"policy_revision": "another"},
        {"expires_at": None},
    ],
    ids=str,
)
def test_an_answer_to_something_else_does_not_count(
    gate: Gate,
    record: ChangeRecord,
    verdict: Verdict,
    approval: Approval,
    clock: Clock,
    change: dict[str, Any],
) -> None:
    if change.get("expires_at", "") is None:
        change = {"expires_at": clock()}

    with pytest.raises(PermitRefused, match="not enough people"):
        gate.mint(record, record.plan, verdict, [replace(approval, **change)], FENCE)


def test_a_rejection_counts_whatever_it_was_given_for(
    gate: Gate, record: ChangeRecord, verdict: Verdict, approval: Approval
) -> None:
    eve = replace(approval, by=PrincipalId("eve"), number=2)
    rejected = replace(eve, answer=Answer.REJECT, fingerprint="another")
    answered = replace(record, answers=2)

    assert gate.mint(answered, record.plan, verdict, [approval, eve], FENCE)
    with pytest.raises(PermitRefused, match="not enough people"):
        gate.mint(answered, record.plan, verdict, [approval, rejected], FENCE)


def test_an_approval_that_was_taken_back_does_not_count(
    gate: Gate, record: ChangeRecord, verdict: Verdict, approval: Approval
) -> None:
    back = replace(approval, number=2, answer=Answer.TAKE_BACK, policy_revision="another")

    with pytest.raises(PermitRefused, match="not enough people"):
        gate.mint(replace(record, answers=2), record.plan, verdict, [approval, back], FENCE)


@pytest.mark.parametrize("numbers", [[], [2], [1, 1], [1, 2], [0], [1, 3]], ids=str)
def test_answers_that_are_not_those_that_were_given_are_none(
    gate: Gate, record: ChangeRecord, verdict: Verdict, approval: Approval, numbers: list[int]
) -> None:
    found = [replace(approval, number=number) for number in numbers]

    with pytest.raises(PermitRefused, match="not those that were given"):
        gate.mint(record, record.plan, verdict, found, FENCE)


def test_one_person_of_two_groups_is_not_two_people(
    gate: Gate, record: ChangeRecord, verdict: Verdict, approval: Approval
) -> None:
    both = replace(verdict, obligations=ASKS.together(NOC))
    bob = replace(approval, groups=frozenset({"approvers", "noc"}))
    eve = replace(bob, by=PrincipalId("eve"), number=2, groups=frozenset({"approvers"}))

    with pytest.raises(PermitRefused, match="not enough people"):
        gate.mint(record, record.plan, both, [bob], FENCE)
    assert gate.mint(replace(record, answers=2), record.plan, both, [bob, eve], FENCE)


def test_whoever_is_behind_a_job_does_not_count(
    gate: Gate, record: ChangeRecord, verdict: Verdict, approval: Approval
) -> None:
    job = replace(record, behind=frozenset({approval.by}))

    with pytest.raises(PermitRefused, match="not enough people"):
        gate.mint(job, record.plan, verdict, [approval], FENCE)


def test_what_a_service_of_nobody_asks_is_not_carried_out_though_somebody_approved(
    gate: Gate, record: ChangeRecord, verdict: Verdict, approval: Approval
) -> None:
    job = replace(record, unowned=frozenset({PrincipalId("job")}))

    with pytest.raises(PermitRefused, match="not enough people"):
        gate.mint(job, record.plan, verdict, [approval], FENCE)


def test_a_secret_is_set_and_never_put_back(
    gate: Gate, record: ChangeRecord, verdict: Verdict
) -> None:
    (change,) = record.plan.sets
    secret = Plan(device=record.device, changes=(replace(change, secret=True),))
    assert isinstance(secret.changes[0], SetParameter)
    final = replace(record, plan=secret, verdict=replace(record.verdict, plan_digest=secret.digest))
    allowed = replace(
        verdict, decision=Decision.ALLOW, point=Point.ROLLBACK, plan_digest=secret.digest
    )

    with pytest.raises(PermitRefused, match="does not undo"):
        gate.mint(replace(final, state=State.VERIFYING), secret, allowed, (), FENCE)
