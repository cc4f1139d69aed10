"""What must hold before a permit is minted, each with the sentence said when it does not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from brain.domain.approval import Answer, Approval, satisfied, whole
from brain.domain.change import Plan
from brain.domain.errors import PermitRefused
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Decision, Point, Verdict

_STATES = {
    Point.EXECUTE: frozenset({State.APPROVED, State.EXECUTING}),
    Point.ROLLBACK: frozenset({State.EXECUTING, State.VERIFYING, State.UNKNOWN}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A request for a permit, with everything it rests on."""

    record: ChangeRecord
    plan: Plan
    verdict: Verdict
    approvals: Sequence[Approval]
    revision: str
    """Of the active bundle."""
    now: datetime
    freshness: timedelta
    """How old a verdict may be."""


def check(claim: Claim) -> None:
    """Raise PermitRefused with the first reason against this claim."""
    for reason in _reasons(claim):
        raise PermitRefused(reason, remedy="Have the change judged again.")


def _reasons(claim: Claim) -> Iterator[str]:
    yield from _about_the_plan(claim)
    yield from _about_the_verdict(claim)
    yield from _about_the_record(claim)
    yield from _about_the_answers(claim)


def _about_the_plan(claim: Claim) -> Iterator[str]:
    record, plan, point = claim.record, claim.plan, claim.verdict.point
    if plan.device != record.device or record.plan.device != record.device:
        yield "the plan is for another device than the change"
    if point is Point.EXECUTE and plan.digest != record.plan.digest:
        yield "the plan is not the one of the change"
    if point is Point.ROLLBACK and not record.plan.undone_by(plan):
        yield "the plan does not undo the change"
    if point not in _STATES:
        yield "a permit is minted on a verdict given just before the write, not before"


def _about_the_verdict(claim: Claim) -> Iterator[str]:
    verdict = claim.verdict
    if verdict.cause or verdict.decision is Decision.DENY:
        yield "policy denies it"
    if verdict.plan_digest != claim.plan.digest:
        yield "the verdict is on another plan"
    if verdict.policy_revision != claim.revision:
        yield "the verdict is of another policy than the active one"
    if not timedelta(0) <= claim.now - verdict.decided_at < claim.freshness:
        yield "the verdict is too old"


def _about_the_record(claim: Claim) -> Iterator[str]:
    record, point = claim.record, claim.verdict.point
    if record.state not in _STATES.get(point, frozenset()):
        yield f"a change that is {record.state} is not carried out"
    if record.verdict.decision is Decision.DENY or record.verdict.cause:
        yield "the change was denied when it was submitted"
    if record.verdict.plan_digest != record.plan.digest:
        yield "the change was submitted with a verdict on another plan"
    limit = record.execution_expires_at
    if point is Point.EXECUTE and (limit is None or claim.now >= limit):
        yield "the time to carry it out is over"


def _about_the_answers(claim: Claim) -> Iterator[str]:
    """Undoing rests on its own allowance; doing, on every approval that either verdict asks for."""
    asked = [claim.verdict]
    if not whole(claim.approvals, claim.record.answers) and claim.verdict.point is Point.EXECUTE:
        yield "the answers are not those that were given: one is missing or was slipped in"
    if claim.verdict.obligations.review_after:
        yield from _about_the_glass(claim)
    elif claim.verdict.point is Point.EXECUTE:
        asked.append(claim.record.verdict)
    for verdict in asked:
        if verdict.decision is Decision.REVIEW and not _enough(claim, verdict):
            yield "not enough people approved exactly this plan"


def _about_the_glass(claim: Claim) -> Iterator[str]:
    """It stands for approvals that are missing, never for one who said no."""
    glass, point = claim.record.break_glass, claim.verdict.point
    holds = glass is not None and glass.holds(claim.plan.digest, claim.now)
    if not holds or point is not Point.EXECUTE:
        yield "policy let it through for a broken glass, and there is none that holds"
    if claim.verdict.decision is not Decision.ALLOW:
        yield "a broken glass and a review do not go together"
    if any(each.answer is Answer.REJECT for each in claim.approvals):
        yield "somebody rejected it, and a broken glass does not overrule them"


def _enough(claim: Claim, verdict: Verdict) -> bool:
    return not claim.record.unowned and satisfied(
        verdict.obligations,
        [each for each in claim.approvals if _counts(each, claim)],
        plan_digest=claim.record.plan.digest,
        now=claim.now,
        parties=claim.record.parties,
    )


def _counts(approval: Approval, claim: Claim) -> bool:
    """What takes approval away always counts; an approval only for exactly what was shown."""
    record = claim.record
    return approval.answer is not Answer.APPROVE or (
        approval.change == record.id
        and approval.fingerprint == record.basis.fingerprint
        and approval.policy_revision == claim.revision
    )
