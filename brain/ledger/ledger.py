"""The only door through which a change moves on."""

from dataclasses import replace
from datetime import datetime, timedelta

from brain.domain.approval import Answer, satisfied
from brain.domain.autonomy import NEVER
from brain.domain.change import Plan
from brain.domain.errors import Conflict, Forbidden, InvalidInput, NotFound, PolicyUnavailable
from brain.domain.identity import ChangeId, Principal
from brain.domain.life import State
from brain.domain.ports import Clock, Judge, NewId, Wake
from brain.domain.proposal import Proposal
from brain.domain.record import ChangeRecord
from brain.domain.shadow import Shadow
from brain.domain.verdict import Decision, Obligations, Point, Verdict
from brain.history.standing import Rules
from brain.ledger.afterwards import Afterwards
from brain.ledger.answers import Answers, Said, answers_to, as_they_are_now
from brain.ledger.audit import AuditTrail
from brain.ledger.autonomy import Autonomy
from brain.ledger.breaking import Breaking, circumstances_of
from brain.ledger.context import Circumstances, Memory, judge_with_rollback, question
from brain.ledger.intake import Intake
from brain.ledger.learning import Learning
from brain.ledger.levels import Levels
from brain.ledger.pace import take_turn
from brain.ledger.refusals import Refusals
from brain.ledger.remarks import Remarks
from brain.ledger.shadows import Shadows
from brain.ledger.standing_in import StandingIn
from brain.ledger.steps import GATEWRIGHT, Steps
from brain.store.store import Store
from brain.store.transaction import Transaction


class Ledger:
    """Takes proposals and answers in, and wakes the executors when a change may be carried out."""

    def __init__(  # noqa: PLR0913 - the wiring names each part once
        self,
        *,
        store: Store,
        judge: Judge,
        memory: Memory,
        audit: AuditTrail,
        clock: Clock,
        new_id: NewId,
        approval_ttl: timedelta,
        execution_ttl: timedelta,
        wake: Wake,
        autonomy_rules: Rules = lambda: NEVER,
        break_glass_ttl: timedelta = timedelta(minutes=10),
        review_within: timedelta = timedelta(hours=24),
    ) -> None:
        self.store = store
        levels = Levels(audit=audit, rules=autonomy_rules)
        self.shadows = Shadows(store=store, levels=levels, clock=clock)
        self.learning = Learning(levels=levels, shadows=self.shadows)
        self.steps = Steps(audit=audit, clock=clock, learning=self.learning)
        self._clock = clock
        self._judge = judge
        self._memory = memory
        self._wake = wake
        self._intake = Intake(
            store=store,
            judge=judge,
            memory=memory,
            steps=self.steps,
            new_id=new_id,
            approval_ttl=approval_ttl,
            execution_ttl=execution_ttl,
        )
        self.autonomy = Autonomy(
            store=store, intake=self._intake, levels=levels, shadows=self.shadows, clock=clock
        )
        self._breaking = Breaking(
            store=store,
            judge=judge,
            memory=memory,
            steps=self.steps,
            new_id=new_id,
            ttl=break_glass_ttl,
            review_within=review_within,
        )
        self.afterwards = Afterwards(store=store, steps=self.steps, remind_every=review_within)
        self.refusals = Refusals(store=store, steps=self.steps)
        self.remarks = Remarks(store=store, steps=self.steps)
        self._approval_ttl = approval_ttl
        self.standing_in = StandingIn(store=store, audit=audit, clock=clock, new_id=new_id)
        self._answers = Answers(store=store, steps=self.steps, execution_ttl=execution_ttl)

    async def submit(self, proposal: Proposal, asker: Principal) -> ChangeRecord:
        """Take a proposal in: see ``Intake.submit``."""
        return self._woken(await self._intake.submit(proposal, asker))

    async def rehearse(self, proposal: Proposal, asker: Principal) -> ChangeRecord:
        """What would become of a proposal: see ``Intake.rehearse``."""
        return await self._intake.rehearse(proposal, asker)

    async def unattended(self, proposal: Proposal, asker: Principal) -> ChangeRecord | Shadow:
        """Take in a proposal at which nobody sits: see ``Autonomy.unattended``."""
        taken = await self.autonomy.unattended(proposal, asker)
        return taken if isinstance(taken, Shadow) else self._woken(taken)

    async def hand_over(self, proposal: Proposal) -> None:
        """Keep a proposal that changes nothing, with its evidence."""
        await self._intake.hand_over(proposal)

    async def answer(
        self,
        who: Principal,
        change: ChangeId,
        *,
        digest: str,
        answer: Answer,
        comment: str = "",
    ) -> ChangeRecord:
        """Take a reviewer's answer: see ``Answers.answer``."""
        if answer is Answer.TAKE_BACK:
            return await self._answers.take_back(who, change)
        said = Said(answer=answer, digest=digest, comment=comment)
        return self._woken(await self._answers.answer(who, change, said))

    async def take_back(self, who: Principal, change: ChangeId) -> ChangeRecord:
        """Undo one's own approval before the change begins: see ``Answers.take_back``."""
        return await self._answers.take_back(who, change)

    async def withdraw(self, who: Principal, change: ChangeId) -> ChangeRecord:
        """Take a change back before it begins: see ``Answers.withdraw``."""
        return await self._answers.withdraw(who, change)

    async def break_glass(
        self, who: Principal, change: ChangeId, *, digest: str, ticket: str, reason: str
    ) -> ChangeRecord:
        """Go ahead without approval or window: see ``Breaking.break_glass``.

        An attempt that is refused is kept, too, and a person is called.
        """
        try:
            record = await self._breaking.break_glass(
                who, change, digest=digest, ticket=ticket, reason=reason
            )
        except (Conflict, Forbidden, InvalidInput, PolicyUnavailable) as refused:
            await self.refusals.note(who, change, refused)
            raise
        self._wake(record.id)  # also where it was begun and waits for its device
        return record

    async def get(self, change: ChangeId) -> ChangeRecord:
        """The record as it is now, whatever its tenant: for the executors."""
        async with self.store.read() as tx:
            record = await tx.changes.find(change)
        if record is None:
            raise NotFound(f"there is no change {change}")
        return record

    async def move(
        self, record: ChangeRecord, state: State, *, reason: str, actor: str = "gatewright"
    ) -> ChangeRecord:
        """Take one arrow in a transaction of its own."""
        async with self.store.begin() as tx:
            return await self.steps.advance(tx, record, state, reason=reason, actor=actor)

    async def withhold(
        self, record: ChangeRecord, state: State, *, reason: str, sent: int = 0
    ) -> ChangeRecord:
        """Leave executing without a write, so that no other run of it can write any more.

        ``sent`` is how often it had been sent when that was decided. Raises Conflict when it was
        sent meanwhile: then what became of that has to be seen first.
        """
        async with self.store.begin() as tx:
            await self._void(tx, record, sent)
            return await self.steps.advance(tx, record, state, reason=reason)

    async def _void(self, tx: Transaction, record: ChangeRecord, sent: int = 0) -> None:
        """Make void what was permitted and not sent, by moving the device's lease on."""
        await tx.leases.hold(record.device)  # who spends a permit holds it, too
        if await tx.permits.spent_for(record.tenant, record.id, record.plan.digest) != sent:
            raise Conflict("something may have been sent meanwhile")
        await tx.leases.release(record.device, record.id)
        now = self._clock()
        if await tx.leases.take(record.device, record.id, now, now) is not None:
            await tx.leases.release(record.device, record.id)

    async def approved(self, record: ChangeRecord, verdict: Verdict) -> bool:
        """Whether what was answered is enough for this verdict and the first one, now.

        Of those who answered, people who were shut out or left the group no longer count.
        """
        async with self.store.read() as tx:
            given = await as_they_are_now(tx, record, await answers_to(tx, record))
        return all(
            satisfied(
                each.obligations,
                given,
                plan_digest=record.plan.digest,
                now=self._clock(),
                parties=record.parties,
            )
            for each in (verdict, record.verdict)
            if each.decision is Decision.REVIEW
        )

    async def ask_again(self, record: ChangeRecord, verdict: Verdict) -> ChangeRecord:
        """Back to the reviewers: it takes more than what still counts, and nothing was sent.

        What was given counts on, the time to approve begins anew (the device was just seen to be
        as it was planned for), and what policy asked for at first is still asked for.
        """
        asked = verdict.obligations.together(record.verdict.obligations)
        review = verdict if verdict.decision is Decision.REVIEW else record.verdict
        async with self.store.begin() as tx:
            await self._void(tx, record)
            waiting = replace(
                record,
                verdict=replace(review, obligations=asked),
                approval_expires_at=self._clock() + self._approval_ttl,
                execution_expires_at=None,
            )
            return await self.steps.advance(
                tx,
                waiting,
                State.AWAITING_APPROVAL,
                reason=await _why_again(tx, record, asked),
            )

    async def rejudge(
        self, record: ChangeRecord, point: Point, *, undo: Plan | None = None
    ) -> Verdict:
        """Judge a recorded change again, on what is known now, and keep the verdict with it.

        ``undo`` is the plan that takes a new row back; that of settings follows from the plan.
        """
        async with self.store.read() as tx:
            around = await circumstances_of(tx, self._memory, record, self._clock())
            if point is Point.EXECUTE:
                around = await _with_asker_now(tx, around)
        if point is Point.ROLLBACK:
            verdict = await self._judge_undo(around, undo or around.plan.rollback())
        else:
            verdict = await judge_with_rollback(self._judge, around, point, self._clock)
        async with self.store.begin() as tx:
            await tx.verdicts.attach(record.tenant, record.id, verdict.decision_id)
        return verdict

    async def take_turn(self, tx: Transaction, record: ChangeRecord, verdict: Verdict) -> None:
        """Have the change counted as begun, if the limits of its verdict leave room for it.

        Call it first in the transaction that mints the permit. Raises Conflict: see ``pace``.
        """
        await take_turn(tx, self._memory, record, verdict, self._clock())

    async def expire_due(self) -> int:
        """Close every change whose clock ran out before it began; returns how many."""
        now = self._clock()
        async with self.store.read() as tx:
            waiting = await tx.changes.expirable(now)
        closed = 0
        for record in waiting:
            try:
                await self.expire(record)
            except Conflict:
                continue  # somebody was quicker
            closed += 1
        return closed

    async def expire(self, record: ChangeRecord) -> ChangeRecord:
        """Close a change whose time ran out, and say what it waited for until then."""
        waited = f" ({record.reason})" if record.state is State.APPROVED and record.reason else ""
        return await self.move(record, State.EXPIRED, reason=f"its time ran out{waited}")

    async def wait(self, record: ChangeRecord, reason: str) -> None:
        """Say what an approved change waits for: once, however often it is found waiting."""
        if record.reason == reason:
            return
        async with self.store.begin() as tx:
            said = replace(record, reason=reason, updated_at=self._clock())
            said = await self.steps.swap(tx, said)
            await self.steps.note(tx, said, GATEWRIGHT, "waiting", {"reason": reason})

    def begun_in_time(self, record: ChangeRecord) -> bool:
        """Whether an approved change may still be begun."""
        limit: datetime | None = record.execution_expires_at
        return limit is not None and self._clock() < limit

    def _woken(self, record: ChangeRecord) -> ChangeRecord:
        if record.state is State.APPROVED:
            self._wake(record.id)
        return record

    async def _judge_undo(self, around: Circumstances, undo: Plan | None) -> Verdict:
        if undo is None or not around.plan.undone_by(undo):
            raise Conflict("this plan cannot be undone")
        return await self._judge.judge(
            question(around, undo, Point.ROLLBACK, self._clock, undo=True)
        )


async def _with_asker_now(tx: Transaction, around: Circumstances) -> Circumstances:
    """Whoever was shut out has no role any more, so nothing new is done for them."""
    who = around.asker
    if who.id not in await tx.principals.disabled(who.tenant):
        return around
    return replace(around, asker=replace(who, roles=frozenset(), groups=frozenset()))


async def _why_again(tx: Transaction, record: ChangeRecord, asked: Obligations) -> str:
    """What it takes, and whose approval no longer counts."""
    given = await tx.approvals.of_change(record.tenant, record.id)
    now = await as_they_are_now(tx, record, given)
    left = {
        str(was.by)
        for was, still in zip(given, now, strict=True)
        if was.answer is Answer.APPROVE and was != still
    }
    takes = ", ".join(f"{each.min} of {each.group}" for each in asked.approvals)
    if left:
        names = ", ".join(sorted(left))
        why = "who were shut out, left the group or have a part in it"
        return f"approvals of {names} no longer count, {why}: {takes}"
    return f"policy now asks for more approvals: {takes} in all"
