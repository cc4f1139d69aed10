"""Takes the answers of reviewers, bound to exactly what they were shown."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from brain.domain.approval import (
    Answer,
    Approval,
    Voice,
    as_of_now,
    check_may_answer,
    check_owned,
    holds_until,
    latest_answer,
    whole,
)
from brain.domain.canonical import Json
from brain.domain.errors import Conflict, Forbidden, Unreadable
from brain.domain.identity import ChangeId, Principal
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.ledger.owners import with_owners
from brain.ledger.seats import who_counts
from brain.ledger.standing_in import voices_for
from brain.ledger.steps import Steps, found
from brain.store.store import Store
from brain.store.transaction import Transaction

_TRIES = 5
_NOT_BEGUN = frozenset({State.AWAITING_APPROVAL, State.APPROVED})
_OPEN_TO = {
    Answer.APPROVE: frozenset({State.AWAITING_APPROVAL}),
    Answer.REJECT: _NOT_BEGUN,
    Answer.TAKE_BACK: _NOT_BEGUN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody answers, and to which plan."""

    answer: Answer
    digest: str
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Approve, reject, take back, withdraw."""

    store: Store
    steps: Steps
    execution_ttl: timedelta

    async def answer(self, who: Principal, change: ChangeId, said: Said) -> ChangeRecord:
        """Keep one person's answer, and move the change when it settles the review.

        A rejection settles it, also after others approved, until the change begins. Raises
        NotFound; Forbidden for a machine, for those who asked and for one of no group that is
        asked; Conflict when the change no longer waits, is another plan, or it is too late.
        Nothing is kept then.
        """
        for _ in range(_TRIES):
            async with self.store.read() as tx:
                record = await with_owners(tx, await found(tx, who.tenant, change))
                voices = await voices_for(tx, who, self.steps.clock())
            if record.state is State.AWAITING_APPROVAL and self._too_late(record):
                await self._expire(record)
                raise Conflict("it waited too long for approval", remedy="Plan it anew.")
            self._check(who, record, said)
            voices = _of_use(voices, who, record)
            _check_group(who, voices, record)
            try:
                return await self._keep(record, self._approval(who, record, voices, said))
            except Conflict:
                continue  # somebody answered at the same time: look again
        raise Conflict("others are answering this change just now", remedy="Try again.")

    async def take_back(self, who: Principal, change: ChangeId) -> ChangeRecord:
        """Undo one's own approval while nothing has begun; a rejection has settled it already.

        A change that then lacks an approval waits for approval again, within its first time.
        """
        for _ in range(_TRIES):
            async with self.store.read() as tx:
                record = await found(tx, who.tenant, change)
                given = await answers_to(tx, record)
            _check_open(record, Answer.TAKE_BACK)
            if latest_answer(given, who.id) is None:
                raise Conflict("you have not approved this change", remedy="Look at its answers.")
            said = Said(answer=Answer.TAKE_BACK, digest=record.plan.digest)
            try:
                return await self._keep(record, self._approval(who, record, (), said))
            except Conflict:
                continue
        raise Conflict("others are answering this change just now", remedy="Try again.")

    async def withdraw(self, who: Principal, change: ChangeId) -> ChangeRecord:
        """The one who asked takes the change back, while nothing has begun."""
        async with self.store.begin() as tx:
            record = await found(tx, who.tenant, change)
            if who.id != record.asked_by:
                raise Forbidden("only the one who asked can withdraw a change")
            if record.state not in _NOT_BEGUN:
                raise Conflict(f"it cannot be withdrawn any more: it is {record.state}")
            return await self.steps.advance(
                tx, record, State.SUPERSEDED, reason="withdrawn", actor=str(who.id)
            )

    def _too_late(self, record: ChangeRecord) -> bool:
        return self.steps.clock() >= record.approval_expires_at

    async def _expire(self, record: ChangeRecord) -> None:
        async with self.store.begin() as tx:
            await self.steps.advance(tx, record, State.EXPIRED, reason="nobody answered in time")

    def _check(self, who: Principal, record: ChangeRecord, said: Said) -> None:
        check_may_answer(
            who,
            author=record.asked_by,
            on_behalf_of=record.on_behalf_of,
            behind=record.behind,
        )
        if said.answer is Answer.APPROVE:
            check_owned(record.unowned)
        _check_open(record, said.answer)
        if said.digest != record.plan.digest:
            raise Conflict(
                "the plan is not the one you were shown",
                field="digest",
                remedy="Open the change again and review what it is now.",
            )

    def _approval(
        self, who: Principal, record: ChangeRecord, voices: tuple[Voice, ...], said: Said
    ) -> Approval:
        now = self.steps.clock()
        return Approval(
            change=record.id,
            number=record.answers + 1,
            answer=said.answer,
            by=who.id,
            groups=who.groups,
            standing_in=voices,
            plan_digest=record.plan.digest,
            fingerprint=record.basis.fingerprint,
            policy_revision=record.verdict.policy_revision,
            answered_at=now,
            expires_at=now + record.verdict.obligations.begin_within(self.execution_ttl),
            comment=said.comment,
        )

    async def _keep(self, record: ChangeRecord, approval: Approval) -> ChangeRecord:
        async with self.store.begin() as tx:
            await tx.approvals.add(record.tenant, approval)
            record = replace(record, answers=approval.number)
            more: dict[str, Json] = {"answer": approval.answer.value}  # words stay out of it
            if approval.standing_in:
                more["standing_in_for"] = [f"{v.of} in {v.group}" for v in approval.standing_in]
            await self.steps.note(tx, record, str(approval.by), "answered", more)
            return await self._settle(tx, record, approval)

    async def _settle(
        self, tx: Transaction, record: ChangeRecord, approval: Approval
    ) -> ChangeRecord:
        actor = str(approval.by)
        if approval.answer is Answer.REJECT:
            return await self.steps.advance(
                tx, record, State.REJECTED, reason="rejected by a reviewer", actor=actor
            )
        return await settle(self.steps, tx, record, actor=actor)


async def settle(
    steps: Steps, tx: Transaction, record: ChangeRecord, *, actor: str
) -> ChangeRecord:
    """Move the record to where its answers put it, in the transaction that changed them."""
    until = holds_until(
        record.verdict.obligations,
        await as_they_are_now(tx, record, await answers_to(tx, record)),
        plan_digest=record.plan.digest,
        now=steps.clock(),
        parties=record.parties,
    )
    waits = record.state is State.AWAITING_APPROVAL
    if record.break_glass is not None and not waits:  # it stands for approvals that are missing
        return await steps.swap(tx, record)
    if until is None and not waits:
        record = replace(record, execution_expires_at=None)
        return await steps.advance(
            tx, record, State.AWAITING_APPROVAL, reason="an approval was taken back", actor=actor
        )
    if until is None or not waits:  # the version still moves, so that two at once see each other
        return await steps.swap(tx, replace(record, execution_expires_at=until))
    return await steps.advance(
        tx,
        record,
        State.APPROVED,
        reason="enough people approved",
        actor=actor,
        begin_before=until,
    )


async def answers_to(tx: Transaction, record: ChangeRecord) -> list[Approval]:
    """All answers to a change, or Unreadable when they are not those that were given."""
    given = await tx.approvals.of_change(record.tenant, record.id)
    if not whole(given, record.answers):
        raise Unreadable(
            "an answer to this change was taken out of the database or altered there",
            field="approvals",
            remedy="Find out who wrote there; withdraw the change and have it planned anew.",
        )
    return given


async def as_they_are_now(
    tx: Transaction, record: ChangeRecord, given: Iterable[Approval]
) -> list[Approval]:
    """The answers as far as those who gave them are still of the groups that they gave them for.

    Nor does an owner count whom a service that asked was given since; nobody does without one.
    """
    record = await with_owners(tx, record)
    if record.unowned:
        return as_of_now(given, {})
    return as_of_now(given, await who_counts(tx, record.tenant, besides=record.parties))


def _check_open(record: ChangeRecord, answer: Answer) -> None:
    if record.state not in _OPEN_TO[answer]:
        raise Conflict(f"the change no longer waits for approval: it is {record.state}")


def _of_use(voices: tuple[Voice, ...], who: Principal, record: ChangeRecord) -> tuple[Voice, ...]:
    """Those for groups that are asked and not one's own, lent by nobody who asked for the change.

    An asker who could lend their group to a colleague would have a say in their own change.
    """
    asked = {each.group for each in record.verdict.obligations.approvals}
    return tuple(
        each
        for each in voices
        if each.group in asked - who.groups and str(each.of) not in record.parties
    )


def _check_group(who: Principal, voices: tuple[Voice, ...], record: ChangeRecord) -> None:
    asked = {required.group for required in record.verdict.obligations.approvals}
    if not asked & (who.groups | {each.group for each in voices}):
        raise Forbidden(f"this review asks for somebody of: {', '.join(sorted(asked))}")
