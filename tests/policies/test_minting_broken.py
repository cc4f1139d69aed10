"""A broken glass stands for missing approvals, for one plan, while it holds; for nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from brain.domain.approval import Answer, Approval
from brain.domain.break_glass import BreakGlass
from brain.domain.errors import PermitRefused
from brain.domain.identity import (
    CaseId,
    ChangeId,
    DeviceId,
    PlanDigest,
    PrincipalId,
    ProposalId,
)
from brain.domain.life import State
from brain.domain.ports import Clock, NewId
from brain.domain.question import Question
from brain.domain.record import Basis, ChangeRecord
from brain.domain.verdict import Decision, Obligations, Point, RequiredApproval, Verdict
from policies.bundle import Bundle
from policies.gate import Gate
from policies.signing import PermitSigner

FENCE = 7
ASKS = Obligations(approvals=(RequiredApproval(group="approvers", min=1),))
AFTER = Obligations(review_after="approvers")


@pytest.fixture
def gate(bundle: Bundle, clock: Clock, new_id: NewId, log: Any, told: Any) -> Gate:
    signer = PermitSigner.from_bytes(bytes(32))
    return Gate(
        engine=told(None), bundle=bundle, clock=clock, new_id=new_id, signer=signer, log=log
    )


@pytest.fixture
def verdict(bundle: Bundle, clock: Clock, ask: Callable[..., Question]) -> Verdict:
    """Let through just now, before the write, because the glass is broken."""
    return Verdict(
        decision=Decision.ALLOW,
        point=Point.EXECUTE,
        plan_digest=ask().plan.digest,
        policy_revision=bundle.revision,
        engine="told",
        decision_id="dec_1",
        decided_at=clock(),
        obligations=AFTER,
    )


@pytest.fixture
def record(verdict: Verdict, clock: Clock, ask: Callable[..., Question]) -> ChangeRecord:
    """Submitted as a review that nobody answered; then somebody broke the glass."""
    question, now = ask(), clock()
    review = replace(verdict, decision=Decision.REVIEW, point=Point.SUBMIT, obligations=ASKS)
    glass = BreakGlass(
        by=PrincipalId("olga"),
        ticket="INC-7",
        reason="now",
        plan_digest=question.plan.digest,
        at=now,
        expires_at=now + timedelta(minutes=10),
    )
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
        verdict=review,
        approval_expires_at=now,
        execution_expires_at=glass.expires_at,
        break_glass=glass,
        created_at=now,
        updated_at=now,
    )


def glass_of(record: ChangeRecord) -> BreakGlass:
    assert record.break_glass is not None
    return record.break_glass


def test_it_stands_for_the_approvals_that_are_missing(
    gate: Gate, record: ChangeRecord, verdict: Verdict
) -> None:
    assert gate.mint(record, record.plan, verdict, [], FENCE).plan_digest == record.plan.digest


def test_without_one_on_the_record_policy_has_let_nothing_through(
    gate: Gate, record: ChangeRecord, verdict: Verdict
) -> None:
    with pytest.raises(PermitRefused, match="none that holds"):
        gate.mint(replace(record, break_glass=None), record.plan, verdict, [], FENCE)


def test_with_one_on_the_record_an_ordinary_allowance_still_needs_the_answers(
    gate: Gate, record: ChangeRecord, verdict: Verdict
) -> None:
    ordinary = replace(verdict, obligations=Obligations())

    with pytest.raises(PermitRefused, match="not enough people"):
        gate.mint(record, record.plan, ordinary, [], FENCE)


@pytest.mark.parametrize(
    "but",
    [
        {"plan_digest": PlanDigest("0" * 64)},
        {"expires_at": timedelta(0)},
        {"expires_at": timedelta(minutes=-1)},
        {"at": timedelta(seconds=1)},
    ],
    ids=["another plan", "over this moment", "long over", "not begun"],
)
def test_it_holds_for_one_plan_and_for_its_time(
    gate: Gate, record: ChangeRecord, verdict: Verdict, clock: Clock, but: dict[str, Any]
) -> None:
    said = {k: clock() + v if isinstance(v, timedelta) else v for k, v in but.items()}
    other = replace(record, break_glass=replace(glass_of(record), **said))

    with pytest.raises(PermitRefused, match="none that holds"):
        gate.mint(other, record.plan, verdict, [], FENCE)


def test_it_does_not_overrule_who_said_no(
    gate: Gate, record: ChangeRecord, verdict: Verdict, bundle: Bundle, clock: Clock
) -> None:
    no = Approval(
        change=record.id,
        number=1,
        answer=Answer.REJECT,
        by=PrincipalId("bob"),
        groups=frozenset({"approvers"}),
        plan_digest=record.plan.digest,
        fingerprint=record.basis.fingerprint,
        policy_revision=bundle.revision,
        answered_at=clock(),
        expires_at=clock() + timedelta(minutes=10),
    )

    with pytest.raises(PermitRefused, match="rejected"):
        gate.mint(replace(record, answers=1), record.plan, verdict, [no], FENCE)


def test_a_review_is_not_let_through_for_it(
    gate: Gate, record: ChangeRecord, verdict: Verdict
) -> None:
    review = replace(verdict, decision=Decision.REVIEW, obligations=replace(AFTER, approvals=()))

    with pytest.raises(PermitRefused, match="do not go together"):
        gate.mint(record, record.plan, review, [], FENCE)


def test_the_way_back_needs_none_and_takes_none(
    gate: Gate, record: ChangeRecord, verdict: Verdict
) -> None:
    undo = record.plan.rollback()
    assert undo is not None
    back = replace(verdict, point=Point.ROLLBACK, plan_digest=undo.digest)
    over = replace(
        record,
        break_glass=replace(glass_of(record), expires_at=verdict.decided_at),
        execution_expires_at=verdict.decided_at,
    )

    assert gate.mint(over, undo, replace(back, obligations=Obligations()), [], FENCE)
    with pytest.raises(PermitRefused, match="none that holds"):
        gate.mint(record, undo, back, [], FENCE)


@pytest.mark.parametrize(
    ("verdict_is", "record_is"),
    [
        ({"decision": Decision.DENY}, {}),
        ({"cause": "policy_unavailable"}, {}),
        ({"plan_digest": PlanDigest("0" * 64)}, {}),
        ({"policy_revision": "another"}, {}),
        ({"point": Point.SUBMIT}, {}),
        ({}, {"state": State.AWAITING_APPROVAL}),
        ({}, {"state": State.DENIED}),
        ({}, {"state": State.EXPIRED}),
        ({}, {"state": State.SUCCEEDED}),
        ({}, {"device": DeviceId("another")}),
        ({}, {"execution_expires_at": None}),
    ],
)
def test_everything_else_is_checked_as_ever(
    gate: Gate,
    record: ChangeRecord,
    verdict: Verdict,
    verdict_is: dict[str, Any],
    record_is: dict[str, Any],
) -> None:
    with pytest.raises(PermitRefused):
        gate.mint(
            replace(record, **record_is), record.plan, replace(verdict, **verdict_is), [], FENCE
        )


def test_a_verdict_that_is_not_fresh_is_none(
    gate: Gate, record: ChangeRecord, verdict: Verdict
) -> None:
    stale = replace(verdict, decided_at=verdict.decided_at - timedelta(minutes=5))

    with pytest.raises(PermitRefused, match="too old"):
        gate.mint(record, record.plan, stale, [], FENCE)


def test_a_change_that_was_denied_when_submitted_stays_so(
    gate: Gate, record: ChangeRecord, verdict: Verdict
) -> None:
    denied = replace(record, verdict=replace(record.verdict, decision=Decision.DENY))

    with pytest.raises(PermitRefused, match="denied when it was submitted"):
        gate.mint(denied, record.plan, verdict, [], FENCE)
