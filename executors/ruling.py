"""Whether a plan may be carried out on the device as it was just seen, or where it goes."""

from dataclasses import dataclass, replace

from brain.domain.errors import Unreadable
from brain.domain.life import State
from brain.domain.parameter import Snapshot
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Decision, Point, Verdict
from executors.steps import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The verdict just given, and where the change goes instead of being written."""

    verdict: Verdict
    """The one of the submit point where policy was not asked: the device had moved."""
    state: State | None = None
    """None when it may be written; ``approved`` when it has to wait for what passes by itself."""
    reason: str = ""


async def rule(parts: Parts, record: ChangeRecord, snapshot: Snapshot) -> Ruling:
    """Compare what the plan rests on, ask policy, count the approvals, and take a turn."""
    ruling = await _judged(parts, record, snapshot)
    held = "" if ruling.state is not None else await parts.restraint.take_turn(record)
    return replace(ruling, state=State.APPROVED, reason=held) if held else ruling


async def _judged(parts: Parts, record: ChangeRecord, snapshot: Snapshot) -> Ruling:
    moved = record.basis.moved(snapshot.values, await parts.device(record))
    if moved:
        reason = f"no longer as it was: {', '.join(moved)}"
        return Ruling(verdict=record.verdict, state=State.SUPERSEDED, reason=reason)
    verdict = await parts.ledger.rejudge(record, Point.EXECUTE)
    if verdict.decision is Decision.DENY and not verdict.passes:
        return Ruling(verdict=verdict, state=State.DENIED, reason=verdict.why)
    if verdict.policy_revision != record.verdict.policy_revision:
        reason = "policy changed since it was judged"
        return Ruling(verdict=verdict, state=State.SUPERSEDED, reason=reason)
    if verdict.passes:
        return Ruling(verdict=verdict, state=State.APPROVED, reason=verdict.why)
    if rests_on_answers(record, verdict):
        return await _reviewed(parts, record, verdict)
    return Ruling(verdict=verdict)


def rests_on_answers(record: ChangeRecord, verdict: Verdict) -> bool:
    """Whether people have to have approved it: policy asks for it now, or did at first."""
    if verdict.obligations.review_after:  # let through for a broken glass
        return False
    return Decision.REVIEW in (verdict.decision, record.verdict.decision)


async def _reviewed(parts: Parts, record: ChangeRecord, verdict: Verdict) -> Ruling:
    try:
        if await parts.ledger.approved(record, verdict):
            return Ruling(verdict=verdict)
    except Unreadable as forged:
        return Ruling(verdict=verdict, state=State.FAILED, reason=str(forged))
    if not parts.ledger.begun_in_time(record):
        reason = "its approvals ran out before it could be carried out"
        return Ruling(verdict=verdict, state=State.SUPERSEDED, reason=reason)
    reason = "it takes an approval that it does not have"
    return Ruling(verdict=verdict, state=State.AWAITING_APPROVAL, reason=reason)
