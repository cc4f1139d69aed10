"""The run of one change: lease, look, judge, back up, apply, verify, watch, roll back.

Any step may be repeated after a crash, so each reads the record and the device before it acts: a
device that already is as wanted is done, and nothing is written twice. What to do next follows
from the record's state and from what the device says, never from what this process remembers.
"""

from dataclasses import dataclass

from brain.datamodel.diagnostics import diagnostic_of
from brain.domain.errors import Conflict, DeviceUnreachable, Halted, PermitRefused
from brain.domain.identity import ChangeId
from brain.domain.life import ENDS, State
from brain.domain.outcome import Outcome, Progress
from brain.domain.permit import Permit
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Verdict
from brain.ledger.answers import as_they_are_now
from executors.guarding import Guard
from executors.next_start import NextStart
from executors.rows import Became, became
from executors.ruling import rule
from executors.steps import UNREADABLE, Look, Next, Parts, Step, route
from executors.undoing import Undoing
from executors.verification import Verification
from executors.waiting import Waiting

_NO_WAY_BACK = {State.APPROVED: State.DENIED, State.AWAITING_APPROVAL: State.SUPERSEDED}


@dataclass(frozen=True, slots=True)
class Execution:
    """Takes steps. ``take`` is the whole interface: durable runs and tests call it in a loop."""

    parts: Parts

    async def take(self, change: ChangeId, now: Next) -> Next:
        """Take one step of this change and say what comes next."""
        record = await self.parts.ledger.get(change)
        guarded = record.state is State.SUCCEEDED and now.step is Step.GUARD
        if record.state in ENDS and record.state is not State.UNKNOWN and not guarded:
            return await self._finish(record, now)
        steps = {
            Step.BEGIN: self._begin,
            Step.CARRY_OUT: self._carry_out,
            Step.VERIFY: Verification(self.parts).verify,
            Step.WATCH: Verification(self.parts).watch,
            Step.GUARD: Guard(self.parts).look,
            Step.ROLL_BACK: Undoing(self.parts).roll_back,
            Step.LOOK_AGAIN: Verification(self.parts).look_again,
            Step.FINISH: self._finish,
        }
        try:
            return await steps[now.step](record, now)
        except Conflict:
            return Next(route(await self.parts.ledger.get(change)).step, self.parts.pause)

    async def stuck(self, change: ChangeId, step: Step) -> None:
        """Call a person: a step breaks again and again, and what was written is not watched."""
        record = await self.parts.ledger.get(change)
        await self.parts.page(record, f"its step {step} breaks again and again; it is not watched")

    async def _begin(self, record: ChangeRecord, now: Next) -> Next:
        parts = self.parts
        if record.state is State.AWAITING_APPROVAL:
            return await self._asked_again(record, now)
        if record.state is not State.APPROVED:
            return route(record)
        if not parts.ledger.begun_in_time(record):
            await parts.ledger.expire(record)
            return Next(Step.FINISH)
        async with parts.store.read() as tx:
            halted = await tx.halts.is_halted(record.tenant)
        if halted:
            await parts.ledger.wait(record, "it waits: changes are halted")
            return Next(Step.BEGIN, parts.pause)
        held = await parts.restraint.held(record)
        if held:
            return await Waiting(parts).wait(record, held, now.count)
        instead = await Waiting(parts).instead(record, now)
        if instead is not None:
            return instead
        if await parts.lease(record) is None:
            await parts.ledger.wait(record, "it waits: another change has the device")
            return Next(Step.BEGIN, parts.pause)
        await parts.ledger.move(record, State.EXECUTING, reason="being carried out")
        return Next(Step.CARRY_OUT)

    async def _asked_again(self, record: ChangeRecord, now: Next) -> Next:
        """Wait for the reviewers, who were enough once; the device is for others meanwhile."""
        if now.count == 0:
            await self._finish(record, now)
        return Next(Step.BEGIN, self.parts.pause, 1)

    async def _carry_out(self, record: ChangeRecord, now: Next) -> Next:
        if record.state is not State.EXECUTING:
            return route(record)
        parts, guard = self.parts, Guard(self.parts)
        try:
            look = await parts.look(record, record.plan, await guard.to_read_before(record))
        except UNREADABLE:
            return await self._absent(record, now)
        if look.sent:
            return await self._after_interruption(record, look, now)
        wait = await guard.until_it_knows(record, look)
        if wait:
            return Next(Step.CARRY_OUT, wait, now.count)
        ruling = await rule(parts, record, look.snapshot)
        if ruling.state is None:
            return await self._write(record, look, ruling.verdict)
        if ruling.state is State.AWAITING_APPROVAL:
            return route(await parts.ledger.ask_again(record, ruling.verdict))
        if ruling.state is State.APPROVED:
            return await Waiting(parts).put_back(record, ruling.reason)
        return await self._end(record, ruling.state, ruling.reason)

    async def _absent(self, record: ChangeRecord, now: Next) -> Next:
        parts = self.parts
        if await parts.sent(record, record.plan):
            if not parts.silent_too_long(record.updated_at):
                return Next(Step.CARRY_OUT, parts.pause, now.count)
            reason = "the device went silent after it was sent the change"
            unknown = await parts.ledger.move(record, State.UNKNOWN, reason=reason)
            await parts.page(unknown, reason)
            return Next(Step.LOOK_AGAIN, parts.pause)
        if parts.ledger.begun_in_time(record):
            return Next(Step.CARRY_OUT, parts.pause, now.count)
        reason = "the device did not come in time; nothing was sent"
        return await self._end(record, State.FAILED, reason)

    async def _end(self, record: ChangeRecord, state: State, reason: str, *, sent: int = 0) -> Next:
        """End it unwritten by this run, and so that no other run of it writes any more."""
        await self.parts.ledger.withhold(record, state, reason=reason, sent=sent)
        return Next(Step.FINISH)

    async def _after_interruption(self, record: ChangeRecord, look: Look, now: Next) -> Next:
        """A permit was spent and nobody wrote down what came of it: the device knows."""
        parts, snapshot = self.parts, look.snapshot
        now_is = await became(parts, record, snapshot)
        if now_is is Became.WRITTEN:
            done = Outcome(
                progress=Progress.APPLIED,
                at=parts.clock(),
                detail="found as wanted when looked at again",
                already=True,
            )
            await parts.keep(record, record.plan.digest, done)
            await parts.ledger.move(record, State.VERIFYING, reason="applied")
            return Next(Step.VERIFY)
        if now_is is Became.NEITHER:
            reason = (
                "some values are neither as before nor as wanted"
                if record.plan.sets
                else await self._last_word(record)
            )
            unknown = await parts.ledger.move(record, State.UNKNOWN, reason=reason)
            await parts.page(unknown, reason)
            return Next(Step.FINISH)
        waiting = NextStart(parts)
        if await waiting.awaited(record, snapshot):
            return await waiting.call(record)
        if now.count == 0:  # what was sent may still be on its way: look once more
            return Next(Step.CARRY_OUT, parts.pause, 1)
        await parts.log(record, "look", "the interrupted write never arrived; trying once more")
        ruling = await rule(parts, record, snapshot)
        if ruling.state is None:
            return await self._write(record, look, ruling.verdict)
        if ruling.state is State.APPROVED and parts.ledger.begun_in_time(record):
            pause = Waiting(parts).pause(now.count, record.execution_expires_at)
            return Next(Step.CARRY_OUT, pause, now.count + 1)
        # Something was sent once, so it is neither put back nor begun again.
        state = _NO_WAY_BACK.get(ruling.state, ruling.state)
        return await self._end(record, state, ruling.reason, sent=look.sent)

    async def _last_word(self, record: ChangeRecord) -> str:
        """What is known of a plan that cannot be looked up on the device."""
        async with self.parts.store.read() as tx:
            outcomes = await tx.outcomes.of_change(record.tenant, record.id)
        told = [each.detail for each in outcomes if each.progress is Progress.UNKNOWN]
        unsure = "the device was sent it, and nobody can tell whether it was done"
        return f"{unsure}: {told[-1]}" if told and told[-1] else unsure

    async def _write(self, record: ChangeRecord, look: Look, verdict: Verdict) -> Next:
        parts = self.parts
        try:
            permit, record = await self._permit(record, look, verdict)
        except Halted as halted:  # since it was judged
            return await self._end(record, State.DENIED, str(halted), sent=look.sent)
        except PermitRefused as refused:
            return await self._end(record, State.FAILED, str(refused), sent=look.sent)
        try:
            outcome = await parts.executor.apply(await parts.device(record), record.plan, permit)
        except DeviceUnreachable:
            if record.plan.sets:
                return Next(Step.CARRY_OUT, parts.pause)
            # The permit is spent, and what a command did cannot be looked up later: end it now,
            # while it is certain that nothing was sent.
            reason = "the device did not come for it; nothing was sent"
            await parts.ledger.move(record, State.FAILED, reason=reason)
            return Next(Step.FINISH)
        except Halted as halted:  # since it was permitted
            await parts.ledger.move(record, State.DENIED, reason=str(halted))
            return Next(Step.FINISH)
        except PermitRefused as refused:
            await parts.ledger.move(record, State.FAILED, reason=str(refused))
            return Next(Step.FINISH)
        await parts.keep(record, record.plan.digest, outcome)
        return await self._after(record, outcome)

    async def _permit(
        self, record: ChangeRecord, look: Look, verdict: Verdict
    ) -> tuple[Permit, ChangeRecord]:
        async with self.parts.store.read() as tx:
            given = await tx.approvals.of_change(record.tenant, record.id)
            approvals = await as_they_are_now(tx, record, given)
        return await self.parts.permit(record, record.plan, verdict, approvals, look)

    async def _after(self, record: ChangeRecord, outcome: Outcome) -> Next:
        parts = self.parts
        if outcome.progress is Progress.UNKNOWN:
            if outcome.needs_reboot:
                return await NextStart(parts).call(record)
            return Next(Step.CARRY_OUT, parts.pause)
        if outcome.progress is Progress.REFUSED:
            reason = f"the device refused it, so nothing changed: {outcome.detail}"
            await parts.ledger.move(record, State.FAILED, reason=reason)
            return Next(Step.FINISH)
        await parts.ledger.move(record, State.VERIFYING, reason="applied")
        # A diagnostic begins when the session has ended: to look at once would keep it open.
        return Next(Step.VERIFY, parts.pause if diagnostic_of(record.plan) else 0.0)

    async def _finish(self, record: ChangeRecord, now: Next) -> Next:
        async with self.parts.store.begin() as tx:
            await tx.leases.release(record.device, record.id)
        if record.state is State.SUCCEEDED:
            return await Guard(self.parts).after(record)
        return Next(Step.DONE)
