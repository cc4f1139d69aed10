"""What approvals of a change that never began are worth when its plan is submitted again.

Whoever approved said yes to a plan on a device as it was, under a policy. When the plan comes again
and all of that is as it was, asking them again would teach them to click; when anything moved, what
they said was about something else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from brain.domain.approval import Answer, Approval
from brain.domain.errors import Unreadable
from brain.domain.identity import ChangeId
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.ledger.answers import answers_to, as_they_are_now
from brain.store.transaction import Transaction

_ENDED_UNBEGUN = frozenset({State.SUPERSEDED, State.EXPIRED, State.REJECTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What became of the approvals of an earlier change."""

    since: ChangeId
    approvals: tuple[Approval, ...] = ()
    void: str = ""
    """Why none of them counts; empty when they do."""

    @property
    def said(self) -> str:
        """In a sentence for a person."""
        if self.void:
            return f"Approvals of {self.since} are void: {self.void}."
        names = ", ".join(each.by for each in self.approvals)
        return f"The same plan was approved as {self.since}, and still is by {names}."


async def carried(
    tx: Transaction, record: ChangeRecord, before: Sequence[ChangeRecord], now: datetime
) -> Carried | None:
    """What the newest earlier change of the case passes on to this one; None without approvals."""
    ended = [
        each
        for each in before
        if each.case == record.case and each.state in _ENDED_UNBEGUN and each.answers
    ]
    if not ended:
        return None
    last = max(ended, key=lambda each: (each.created_at, each.id))
    try:
        given = await answers_to(tx, last)
    except Unreadable:
        return Carried(since=last.id, void="they are not as they were given")
    latest = {each.by: each for each in given}
    yes = [each for each in latest.values() if each.answer is Answer.APPROVE]
    if not yes:
        return None
    void = _moved(record, last) or await _used(tx, last)
    theirs = [each for each in await as_they_are_now(tx, last, yes) if _of_any_group(each)]
    live = [each for each in theirs if now < each.expires_at]
    if not void and not theirs:
        void = "those who gave them were shut out or left the group"
    if not void and not live:
        void = "they ran out"
    if void:
        return Carried(since=last.id, void=void)
    fresh = (
        replace(each, change=record.id, number=number, carried_from=last.id)
        for number, each in enumerate(live, start=1)
    )
    return Carried(since=last.id, approvals=tuple(fresh))


def _of_any_group(approval: Approval) -> bool:
    return bool(approval.groups or approval.standing_in)


def _moved(record: ChangeRecord, last: ChangeRecord) -> str:
    """What is not as it was when they approved."""
    if last.state is State.REJECTED:
        return "somebody rejected it since"
    if record.plan.digest != last.plan.digest:
        return "the plan is another one"
    if record.basis.fingerprint != last.basis.fingerprint:
        return "what it rests on is no longer as it was"
    if record.verdict.policy_revision != last.verdict.policy_revision:
        return "policy is another one"
    if record.parties != last.parties:
        return "somebody else asks for it"
    more = record.verdict.obligations.more_than(last.verdict.obligations)
    if more:
        asked = ", ".join(f"{each.min} of {each.group}" for each in more)
        return f"policy now asks for {asked}"
    return ""


async def _used(tx: Transaction, last: ChangeRecord) -> str:
    spent = await tx.permits.spent_for(last.tenant, last.id, last.plan.digest)
    return "they were used" if spent else ""
