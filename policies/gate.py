"""The gate: asks the engine, reads its answer, logs the verdict, and mints permits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import perf_counter

from brain.domain.approval import Approval
from brain.domain.canonical import Json
from brain.domain.change import Plan
from brain.domain.errors import PolicyUnavailable
from brain.domain.identity import PermitId
from brain.domain.permit import Permit
from brain.domain.ports import Clock, NewId
from brain.domain.question import Question
from brain.domain.record import ChangeRecord
from brain.domain.topology import BlastRadius
from brain.domain.verdict import (
    Decision,
    Obligations,
    Point,
    PolicyFinding,
    Severity,
    Verdict,
)
from policies.answer import Reading, check_revision, read
from policies.bundle import Bundle
from policies.decision_log import DecisionLog
from policies.engine import ACCESS, DECISION, Engine
from policies.facts import input_of
from policies.minting import Claim, check
from policies.signing import PermitSigner

POLICY_UNAVAILABLE = "policy_unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A ``Judge`` and a ``Minter``: the only one of either."""

    engine: Engine
    bundle: Bundle
    """The active bundle; an answer from any other is none."""
    clock: Clock
    new_id: NewId
    signer: PermitSigner
    log: DecisionLog
    permit_ttl: timedelta = timedelta(minutes=5)
    """How long a permit lives, and how old the verdict may be that it is minted on."""
    stopwatch: Callable[[], float] = perf_counter

    async def judge(self, question: Question) -> Verdict:
        """The verdict on this question, logged.

        An engine that gives no readable answer is a denial whose cause says so. A log that cannot
        be written is raised: nobody may act on a verdict that was not logged.
        """
        asked, started = input_of(question), self.stopwatch()
        try:
            raw = await self.engine.ask(DECISION, asked)
            reading = read(
                raw,
                revision=self.bundle.revision,
                rules=self.bundle.findings,
                broken=question.break_glass is not None,
            )
            cause = ""
        except PolicyUnavailable as error:
            reading, cause = _denied(error), POLICY_UNAVAILABLE
        verdict = self._verdict(question, reading, cause, self.stopwatch() - started)
        await self.log(question.device.tenant, verdict, asked)
        return verdict

    def mint(
        self,
        record: ChangeRecord,
        plan: Plan,
        verdict: Verdict,
        approvals: Sequence[Approval],
        fence: int,
    ) -> Permit:
        """A signed permit for exactly this plan: the record's own, or the one that undoes it.

        Raises PermitRefused with the reason unless the verdict was given just now, at the point
        of the write, by the active bundle, and allows it or is a review that is satisfied.
        """
        now = self.clock()
        check(
            Claim(
                record=record,
                plan=plan,
                verdict=verdict,
                approvals=approvals,
                revision=self.bundle.revision,
                now=now,
                freshness=self.permit_ttl,
            )
        )
        permit = Permit(
            id=PermitId(self.new_id("per")),
            tenant=record.tenant,
            change=record.id,
            device=record.device,
            plan_digest=plan.digest,
            policy_revision=self.bundle.revision,
            fence=fence,
            minted_at=now,
            expires_at=min(now + self.permit_ttl, _until(record, verdict)),
        )
        return self.signer.sign(permit)

    async def ready(self) -> bool:
        """Whether the engine answers at all, and from the active bundle."""
        return not await self.trouble()

    async def trouble(self) -> str:
        """Why the engine cannot be asked just now, in words; empty when it can."""
        nobody: dict[str, Json] = {"action": "", "principal": None, "tenant": ""}
        try:
            raw = await self.engine.ask(ACCESS, nobody)
            check_revision(raw, self.bundle.revision)
        except PolicyUnavailable as error:
            return str(error)
        return "" if raw.result is False else "the policy engine lets nobody in as somebody"

    def _verdict(self, question: Question, reading: Reading, cause: str, seconds: float) -> Verdict:
        return Verdict(
            decision=reading.decision,
            point=question.point,
            plan_digest=question.plan.digest,
            policy_revision=self.bundle.revision,
            engine=self.engine.name,
            decision_id=self.new_id("dec"),
            decided_at=self.clock(),
            findings=reading.findings,
            obligations=reading.obligations,
            cause=cause,
            seconds=seconds,
            reaches=BlastRadius(
                clients=question.clients, others=question.shared_by, sharing=question.sharing
            ),
        )


def _until(record: ChangeRecord, verdict: Verdict) -> datetime:
    """When that is over which a permit rests on: the time to begin, or the broken glass."""
    ends = [datetime.max.replace(tzinfo=UTC)]
    if verdict.point is Point.EXECUTE and record.execution_expires_at is not None:
        ends.append(record.execution_expires_at)
    if verdict.obligations.review_after and record.break_glass is not None:
        ends.append(record.break_glass.expires_at)
    return min(ends)


def _denied(error: PolicyUnavailable) -> Reading:
    finding = PolicyFinding(
        code="policy.unavailable",
        severity=Severity.DENY,
        path="",
        message=f"Policy could not be asked: {error.message}.",
        remedy=error.remedy or "Look at the policy engine, then try again.",
    )
    return Reading(
        decision=Decision.DENY, findings=(finding,), obligations=Obligations(rollback="none")
    )
