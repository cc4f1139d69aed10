"""Takes proposals in: normalised, judged, kept."""

from dataclasses import dataclass, replace
from datetime import timedelta

from brain.domain.canonical import Json
from brain.domain.change import Plan
from brain.domain.identity import ChangeId, Principal
from brain.domain.life import State
from brain.domain.ports import Judge, NewId
from brain.domain.proposal import Proposal
from brain.domain.record import Basis, ChangeRecord
from brain.domain.verdict import Decision, Point, Verdict
from brain.ledger.answers import settle
from brain.ledger.carrying import Carried, carried
from brain.ledger.context import (
    Circumstances,
    Memory,
    circumstances,
    judge_with_rollback,
    known_device,
)
from brain.ledger.normalise import basis_of, normalise
from brain.ledger.owners import behind_job
from brain.ledger.steps import GATEWRIGHT, Steps
from brain.store.store import Store
from brain.store.transaction import Transaction

_LOOK_BACK = 20
"""How many changes of the device are looked through for approvals that still count."""

_FIRST_STATE = {
    Decision.ALLOW: State.APPROVED,
    Decision.REVIEW: State.AWAITING_APPROVAL,
    Decision.DENY: State.DENIED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """How long a change may wait for approval, and to be begun, is counted from here."""

    store: Store
    judge: Judge
    memory: Memory
    steps: Steps
    new_id: NewId
    approval_ttl: timedelta
    execution_ttl: timedelta

    async def submit(self, proposal: Proposal, asker: Principal) -> ChangeRecord:
        """Normalise, judge and keep a proposal; the same plan in the same case is kept once.

        Raises NotFound for a device of another tenant, InvalidPlan or InvalidValue for a proposal
        that could not be applied. A denial is not an error: it is a record in state ``denied``.
        """
        record, known = await self._judged(proposal, asker)
        return record if known else await self._keep(proposal, record)

    async def rehearse(self, proposal: Proposal, asker: Principal) -> ChangeRecord:
        """What ``submit`` would keep; nothing is kept but the decision in its log."""
        record, _ = await self._judged(proposal, asker)
        return record

    async def _judged(self, proposal: Proposal, asker: Principal) -> tuple[ChangeRecord, bool]:
        """The record as it would be kept, or the one that is kept already, and whether it is."""
        async with self.store.read() as tx:
            device, snapshot = await known_device(tx, proposal, asker)
            plan = normalise(proposal, snapshot, device)
            basis = basis_of(plan, proposal.finding.evidence, snapshot, device)
            around = await circumstances(tx, self.memory, proposal, asker, plan)
            known = await _open_already(tx, proposal, plan)
            behind = await behind_job(tx, asker, proposal.case)
        if known is not None:
            return known, True
        verdict = await judge_with_rollback(self.judge, around, Point.SUBMIT, self.steps.clock)
        record = self._record(proposal, around, basis, verdict)
        return replace(record, behind=behind.people, unowned=behind.unowned), False

    async def hand_over(self, proposal: Proposal) -> None:
        """Keep a proposal that changes nothing: its evidence is for somebody else."""
        about: dict[str, Json] = {
            "proposal": proposal.id,
            "device": proposal.device,
            "cause": proposal.finding.cause.value,
        }
        async with self.store.begin() as tx:
            await tx.proposals.add(proposal)
            await self.steps.audit.append(
                tx,
                tenant=proposal.tenant,
                actor=str(proposal.asked_by),
                kind="proposal.handed_over",
                payload=about,
            )

    async def _keep(self, proposal: Proposal, record: ChangeRecord) -> ChangeRecord:
        verdict = record.verdict
        more: dict[str, Json] = {
            "state": record.state.value,
            "proposal": proposal.id,
            "decision_id": verdict.decision_id,
            "policy_revision": verdict.policy_revision,
        }
        async with self.store.begin() as tx:
            # Whoever submits for this device at the same time waits here, and then finds this one.
            await tx.devices.hold([record.device])
            known = await _open_already(tx, proposal, record.plan)
            if known is not None:
                return known
            passed_on = await self._passed_on(tx, record)
            if passed_on is not None:
                record = replace(
                    record,
                    answers=len(passed_on.approvals),
                    earlier_approvals=passed_on.said,
                )
            await tx.proposals.add(proposal)
            await tx.changes.add(record)
            await tx.verdicts.attach(record.tenant, record.id, verdict.decision_id)
            await self.steps.note(tx, record, str(proposal.asked_by), "submitted", more)
            return record if passed_on is None else await self._count(tx, record, passed_on)

    async def _passed_on(self, tx: Transaction, record: ChangeRecord) -> Carried | None:
        if record.state is not State.AWAITING_APPROVAL:
            return None
        before = await tx.changes.list(record.tenant, device=record.device, limit=_LOOK_BACK)
        return await carried(tx, record, before, self.steps.clock())

    async def _count(
        self, tx: Transaction, record: ChangeRecord, passed_on: Carried
    ) -> ChangeRecord:
        about: dict[str, Json] = {"since": passed_on.since}
        if passed_on.void:
            await self.steps.note(
                tx, record, GATEWRIGHT, "approvals_void", {**about, "why": passed_on.void}
            )
            return record
        for approval in passed_on.approvals:
            await tx.approvals.add(record.tenant, approval)
        about["by"] = [str(each.by) for each in passed_on.approvals]
        await self.steps.note(tx, record, GATEWRIGHT, "approvals_kept", about)
        return await settle(self.steps, tx, record, actor=GATEWRIGHT)

    def _record(
        self, proposal: Proposal, around: Circumstances, basis: Basis, verdict: Verdict
    ) -> ChangeRecord:
        now = self.steps.clock()
        state = _FIRST_STATE[verdict.decision]
        begin_within = verdict.obligations.begin_within(self.execution_ttl)
        return ChangeRecord(
            id=ChangeId(self.new_id("chg")),
            tenant=proposal.tenant,
            device=proposal.device,
            case=proposal.case,
            proposal=proposal.id,
            plan=around.plan,
            basis=basis,
            cause=proposal.finding.cause,
            author=proposal.author,
            asked_by=proposal.asked_by,
            on_behalf_of=proposal.on_behalf_of,
            effect=proposal.effect,
            state=state,
            verdict=verdict,
            approval_expires_at=now + self.approval_ttl,
            execution_expires_at=now + begin_within if state is State.APPROVED else None,
            reason=_why(verdict),
            created_at=now,
            updated_at=now,
        )


def _why(verdict: Verdict) -> str:
    return "policy could not be asked, so nothing is allowed" if verdict.cause else verdict.why


async def _open_already(tx: Transaction, proposal: Proposal, plan: Plan) -> ChangeRecord | None:
    """The change of the same plan in the same case that is not at an end."""
    same = await tx.changes.open_with_plan(proposal.tenant, plan)
    return next((each for each in same if each.case == proposal.case), None)
