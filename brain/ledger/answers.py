"""Takes the answers of reviewers, bound to exactly what they were shown."""

from dataclasses import dataclass
from datetime import timedelta

from brain.domain.approval import Answer, Approval, check_may_answer, satisfied
from brain.domain.canonical import Json
from brain.domain.errors import Conflict, Forbidden
from brain.domain.identity import ChangeId, Principal
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.ledger.steps import Steps, found
from brain.store.store import Store
from brain.store.transaction import Transaction

_TRIES = 5
_NOT_BEGUN = frozenset({State.AWAITING_APPROVAL, State.APPROVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Approve, reject, withdraw."""

    store: Store
    steps: Steps
    execution_ttl: timedelta

    async def answer(
        self, who: Principal, change: ChangeId, *, digest: str, answer: Answer, comment: str
    ) -> ChangeRecord:
        """Keep one person's answer, and move the change when it settles the review.

        Raises NotFound; Forbidden for a machine, for the one who asked and for one of no group
        that is asked; Conflict when the change no longer waits, is another plan, or it is too
        late. Nothing is kept then.
        """
        for _ in range(_TRIES):
            async with self.store.read() as tx:
                record = await found(tx, who.tenant, change)
            if record.state is State.AWAITING_APPROVAL and self._too_late(record):
                await self._expire(record)
                raise Conflict("it waited too long for approval", remedy="Plan it anew.")
            self._check(who, record, digest)
            try:
                return await self._keep(record, self._approval(who, record, answer, comment))
            except Conflict:
                continue  # somebody answered at the same time: look again
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

    def _check(self, who: Principal, record: ChangeRecord, digest: str) -> None:
        check_may_answer(who, author=record.asked_by, on_behalf_of=record.on_behalf_of)
        if record.state is not State.AWAITING_APPROVAL:
            raise Conflict(f"the change no longer waits for approval: it is {record.state}")
        if digest != record.plan.digest:
            raise Conflict(
                "the plan is not the one you were shown",
                field="digest",
                remedy="Open the change again and review what it is now.",
            )
        asked = {required.group for required in record.verdict.obligations.approvals}
        if not asked & who.groups:
            raise Forbidden(f"this review asks for somebody of: {', '.join(sorted(asked))}")

    def _approval(
        self, who: Principal, record: ChangeRecord, answer: Answer, comment: str
    ) -> Approval:
        now = self.steps.clock()
        return Approval(
            change=record.id,
            answer=answer,
            by=who.id,
            groups=who.groups,
            plan_digest=record.plan.digest,
            fingerprint=record.basis.fingerprint,
            policy_revision=record.verdict.policy_revision,
            answered_at=now,
            expires_at=now + self.execution_ttl,
            comment=comment,
        )

    async def _keep(self, record: ChangeRecord, approval: Approval) -> ChangeRecord:
        async with self.store.begin() as tx:
            await tx.approvals.add(record.tenant, approval)
            more: dict[str, Json] = {"answer": approval.answer.value}  # words stay out of it
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
        enough = satisfied(
            record.verdict.obligations,
            await tx.approvals.of_change(record.tenant, record.id),
            plan_digest=record.plan.digest,
            now=self.steps.clock(),
        )
        if not enough:  # the version still moves, so that two answers at once see each other
            return await self.steps.swap(tx, record)
        return await self.steps.advance(
            tx,
            record,
            State.APPROVED,
            reason="enough people approved",
            actor=actor,
            begin_before=approval.expires_at,
        )
