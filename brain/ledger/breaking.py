"""Breaks the glass: a person goes ahead in an emergency, for one change, and answers for it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from brain.domain.break_glass import BreakGlass, BrokenGlass, check_may_break, check_wording
from brain.domain.errors import Conflict, Forbidden, NotFound, PolicyUnavailable
from brain.domain.identity import BrokenGlassId, ChangeId, Principal
from brain.domain.life import State
from brain.domain.ports import Judge, NewId
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Decision, Point, Severity, Verdict
from brain.ledger.context import (
    Circumstances,
    Memory,
    asker_of,
    circumstances,
    judge_with_rollback,
)
from brain.ledger.pace import counted
from brain.ledger.steps import GATEWRIGHT, Steps, found
from brain.store.store import Store
from brain.store.transaction import Transaction

_TRIES = 5
_WAITING = frozenset({State.AWAITING_APPROVAL, State.APPROVED, State.EXECUTING})
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaking:
    """The verb. It moves a change like an approval does, and leaves more behind."""

    store: Store
    judge: Judge
    memory: Memory
    steps: Steps
    new_id: NewId
    ttl: timedelta
    """How long a broken glass holds."""
    review_within: timedelta
    """How long a review may take before somebody is called about it."""

    async def break_glass(
        self, who: Principal, change: ChangeId, *, digest: str, ticket: str, reason: str
    ) -> ChangeRecord:
        """Go ahead with exactly this plan, without waiting for approval or a window.

        Raises NotFound; InvalidInput for a ticket or a reason that is none; Forbidden for whoever
        may not, and for what policy denies even so; PolicyUnavailable; Conflict when the change
        does not wait, is another plan, or had its glass broken already. Nothing is changed then.
        """
        check_may_break(who)
        check_wording(ticket, reason)
        for _ in range(_TRIES):
            record, around = await self._look(who, change, digest, ticket, reason)
            verdict = await judge_with_rollback(self.judge, around, Point.EXECUTE, self.steps.clock)
            _check_let_through(verdict)
            try:
                return await self._keep(record, around, verdict)
            except Conflict:
                continue  # somebody moved it, or broke another glass, at the same time: look again
        raise Conflict("others are at this change just now", remedy="Try again.")

    async def _look(
        self, who: Principal, change: ChangeId, digest: str, ticket: str, reason: str
    ) -> tuple[ChangeRecord, Circumstances]:
        now = self.steps.clock()
        async with self.store.read() as tx:
            record = await found(tx, who.tenant, change)
            self._check(record, digest)
            sent = await tx.permits.spent_for(record.tenant, record.id, record.plan.digest)
            if sent:
                raise Conflict("it is being carried out already: the device was sent it")
            glass = BreakGlass(
                by=who.id,
                ticket=ticket,
                reason=reason,
                plan_digest=record.plan.digest,
                at=now,
                expires_at=now + self.ttl,
            )
            broken = replace(record, break_glass=glass)
            return record, await circumstances_of(tx, self.memory, broken, now)

    def _check(self, record: ChangeRecord, digest: str) -> None:
        if record.break_glass is not None:
            raise Conflict("the glass was broken for this change already")
        if record.state not in _WAITING:
            raise Conflict(f"the change waits for nothing: it is {record.state}")
        if digest != record.plan.digest:
            raise Conflict(
                "the plan is not the one you were shown",
                field="digest",
                remedy="Open the change again and look at what it is now.",
            )
        waits = record.state is State.AWAITING_APPROVAL
        limit = record.approval_expires_at if waits else record.execution_expires_at
        if limit is None or self.steps.clock() >= limit:
            raise Conflict("it waited too long", remedy="Plan it anew.")

    async def _keep(
        self, record: ChangeRecord, around: Circumstances, verdict: Verdict
    ) -> ChangeRecord:
        glass = around.break_glass
        if glass is None:
            raise ValueError("it was judged as if no glass were broken")
        broken = BrokenGlass(
            id=BrokenGlassId(self.new_id("glass")),
            tenant=record.tenant,
            change=record.id,
            glass=glass,
            asked_by=record.asked_by,
            on_behalf_of=record.on_behalf_of,
            reviewers=verdict.obligations.review_after,
        )
        hurried = replace(
            record,
            break_glass=glass,
            reason=_why(glass),
            updated_at=glass.at,
            execution_expires_at=glass.expires_at,
        )
        async with self.store.begin() as tx:
            hurried = await self.steps.swap(tx, hurried)
            # Those who break a glass at the same time queue up at the end of the audit trail, so
            # that each counts those before it.
            await self._note(tx, hurried, broken, verdict)
            waiting = await tx.broken_glasses.unreviewed(record.tenant, besides=record.id)
            if waiting != around.unreviewed:
                raise Conflict("another glass was broken meanwhile")
            await tx.broken_glasses.add(broken, due_at=glass.at + self.review_within)
            await tx.verdicts.attach(record.tenant, record.id, verdict.decision_id)
            if record.state is State.AWAITING_APPROVAL:
                hurried = await self.steps.advance(
                    tx, hurried, State.APPROVED, reason=hurried.reason, actor=str(glass.by)
                )
        _log.error("page", change=record.id, device=record.device, reason=hurried.reason)
        return hurried

    async def _note(
        self, tx: Transaction, record: ChangeRecord, broken: BrokenGlass, verdict: Verdict
    ) -> None:
        glass = broken.glass
        await self.steps.note(
            tx,
            record,
            str(glass.by),
            "break_glass",
            {
                "broken_glass": broken.id,
                "until": glass.expires_at.isoformat(),
                "decision_id": verdict.decision_id,
                "review_by": broken.reviewers,
            },
            words={"ticket": glass.ticket, "reason": glass.reason},
        )
        await self.steps.note(tx, record, GATEWRIGHT, "paged", {"reason": _why(glass)})


async def circumstances_of(
    tx: Transaction, memory: Memory, record: ChangeRecord, now: datetime
) -> Circumstances:
    """All that policy may ask about a recorded change, gathered afresh, with its broken glass."""
    proposal = await tx.proposals.get(record.tenant, record.proposal)
    asker = await tx.principals.get(record.tenant, record.asked_by)
    if proposal is None or asker is None:
        raise NotFound("the proposal, or the one who asked for it, is gone")
    around = await circumstances(tx, memory, proposal, asker, record.plan)
    around = replace(around, usage=await counted(tx, memory, around.device, record, now))
    glass = record.break_glass
    if glass is None:
        return around
    who = await tx.principals.get(record.tenant, glass.by)
    if glass.by in await tx.principals.disabled(record.tenant):
        who = None  # shut out since, so what they began is not gone on with
    return replace(
        around,
        break_glass=glass,
        breaker=None if who is None else asker_of(who),
        unreviewed=await tx.broken_glasses.unreviewed(record.tenant, besides=record.id),
    )


def _check_let_through(verdict: Verdict) -> None:
    if verdict.cause:
        raise PolicyUnavailable("policy could not be asked, so nothing is let through")
    if verdict.decision is Decision.ALLOW and verdict.obligations.review_after:
        return
    against = [each for each in verdict.findings if each.severity is Severity.DENY]
    reasons = "; ".join(f"{each.message.rstrip('.')} ({each.code})" for each in against)
    raise Forbidden(
        f"policy does not let it through, with the glass broken or not: {reasons}"
        if against
        else "policy knows of no broken glass",
        remedy=against[0].remedy if against else "Have it approved.",
    )


def _why(glass: BreakGlass) -> str:
    """Without what they said of it: this goes into the trail and the log."""
    return f"{glass.by} broke the glass for it"
