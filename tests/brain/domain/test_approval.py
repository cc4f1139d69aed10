"""Enough distinct people approve exactly this plan, in time, and none of them asked for it."""

from datetime import UTC, datetime, timedelta

import pytest

from brain.domain.approval import Answer, Approval, check_may_answer, satisfied
from brain.domain.errors import Forbidden
from brain.domain.identity import (
    ChangeId,
    PlanDigest,
    Principal,
    PrincipalId,
    PrincipalKind,
    Role,
    TenantId,
)
from brain.domain.verdict import Obligations, RequiredApproval

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DIGEST = PlanDigest("d" * 64)
TWO = Obligations(approvals=(RequiredApproval(group="approvers", min=2),))
ONE = Obligations(approvals=(RequiredApproval(group="approvers", min=1),))


def approval(
    by: str, *, answer: Answer = Answer.APPROVE, digest: str = DIGEST, at: int = 0
) -> Approval:
    return Approval(
        change=ChangeId("chg_1"),
        answer=answer,
        by=PrincipalId(by),
        groups=frozenset({"approvers"}),
        plan_digest=PlanDigest(digest),
        fingerprint="f",
        policy_revision="r",
        answered_at=NOW + timedelta(seconds=at),
        expires_at=NOW + timedelta(minutes=30),
    )


def enough(obligations: Obligations, *approvals: Approval, now: datetime = NOW) -> bool:
    return satisfied(obligations, approvals, plan_digest=DIGEST, now=now)


def test_one_person_counts_once_however_often_they_approve() -> None:
    assert not enough(TWO, approval("ann"), approval("ann", at=1))
    assert enough(TWO, approval("ann"), approval("ben"))


def test_the_latest_answer_of_a_person_wins() -> None:
    taken_back = approval("ann", answer=Answer.REJECT, at=1)

    assert not enough(ONE, approval("ann"), taken_back)
    assert enough(ONE, taken_back, approval("ann", at=2))


def test_one_rejection_refuses_whatever_the_others_say() -> None:
    assert not enough(ONE, approval("ann"), approval("ben", answer=Answer.REJECT))


def test_an_approval_of_another_plan_does_not_count() -> None:
    assert not enough(ONE, approval("ann", digest="e" * 64))


def test_an_approval_that_ran_out_does_not_count() -> None:
    assert not enough(ONE, approval("ann"), now=NOW + timedelta(minutes=30))


def test_a_review_that_asks_for_nobody_is_not_satisfied_by_nobody() -> None:
    assert not enough(Obligations())
    assert not enough(Obligations(approvals=(RequiredApproval(group="approvers", min=0),)))


def test_another_group_is_not_this_group() -> None:
    asked = Obligations(approvals=(RequiredApproval(group="noc", min=1),))

    assert not enough(asked, approval("ann"))


def person(name: str, kind: PrincipalKind = PrincipalKind.PERSON) -> Principal:
    return Principal(
        id=PrincipalId(name),
        tenant=TenantId("t"),
        kind=kind,
        roles=frozenset({Role.APPROVER}),
    )


@pytest.mark.parametrize(
    "who", [person("author"), person("subscriber"), person("bot", PrincipalKind.MACHINE)]
)
def test_author_beneficiary_and_machine_may_not_answer(who: Principal) -> None:
    with pytest.raises(Forbidden):
        check_may_answer(who, author=PrincipalId("author"), on_behalf_of="subscriber")


def test_a_colleague_may_answer() -> None:
    check_may_answer(person("ann"), author=PrincipalId("author"), on_behalf_of="subscriber")
