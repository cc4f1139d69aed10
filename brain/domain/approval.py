"""A person's answer to a review, and when enough of them answered.

That nobody approves their own change or one done for them, that no machine approves, and that
people are counted once is hard-coded here: policy can ask for more, never for less.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from brain.domain.errors import Forbidden
from brain.domain.identity import ChangeId, PlanDigest, Principal, PrincipalId, PrincipalKind
from brain.domain.verdict import Obligations


class Answer(StrEnum):
    """What a reviewer can say."""

    APPROVE = "approve"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One person's answer, bound to exactly what they were shown."""

    change: ChangeId
    answer: Answer
    by: PrincipalId
    groups: frozenset[str]
    plan_digest: PlanDigest
    fingerprint: str
    policy_revision: str
    answered_at: datetime
    expires_at: datetime
    comment: str = ""


def check_may_answer(who: Principal, *, author: PrincipalId, on_behalf_of: str) -> None:
    """Raise Forbidden unless this principal may review a change asked for by ``author``."""
    if who.kind is not PrincipalKind.PERSON:
        raise Forbidden("a machine cannot approve or reject", remedy="Ask a person to review it.")
    if who.id in (author, on_behalf_of):
        raise Forbidden(
            "nobody reviews a change that they asked for or that is for themselves",
            remedy="Ask a colleague to review it.",
        )


def satisfied(
    obligations: Obligations,
    approvals: Iterable[Approval],
    *,
    plan_digest: PlanDigest,
    now: datetime,
) -> bool:
    """Whether enough distinct people of each group approved exactly this plan, still in time.

    The latest answer of a person is the one that counts, and one rejection is enough to refuse.
    """
    latest: dict[PrincipalId, Approval] = {}
    for approval in sorted(approvals, key=lambda each: each.answered_at):
        latest[approval.by] = approval
    if any(each.answer is Answer.REJECT for each in latest.values()):
        return False
    live = [each for each in latest.values() if _holds(each, plan_digest, now)]
    return bool(obligations.approvals) and all(
        sum(required.group in each.groups for each in live) >= max(required.min, 1)
        for required in obligations.approvals
    )


def _holds(approval: Approval, digest: PlanDigest, now: datetime) -> bool:
    return approval.plan_digest == digest and now < approval.expires_at
