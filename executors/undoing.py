"""Takes a change back to the backup, unless somebody else has written since."""

from dataclasses import dataclass, replace

from brain.datamodel.added_rows import new_rows, row_of
from brain.domain.change import AddObject, Plan
from brain.domain.errors import DeviceUnreachable, PermitRefused
from brain.domain.life import State
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import Snapshot
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Decision, Point
from executors.steps import UNREADABLE, Look, Next, Parts, Step, route

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Undoing:
    """The way back. It is judged and permitted like the way there."""

    parts: Parts

    async def roll_back(self, record: ChangeRecord, now: Next) -> Next:
        """Observe, then undo; ``now.count`` is how often the undoing was sent."""
        if record.state is not State.VERIFYING:
            return route(record)
        if record.plan.added is not None:
            return await self._take_row_out(record, record.plan.added, now)
        undo = record.plan.rollback()
        if undo is None:
            return await self._fail(record, f"{await self._why(record)}; it cannot be undone")
        try:
            look = await self.parts.look(record, undo)
        except UNREADABLE:
            return await self._silent(record, now)
        if undo.reached(look.snapshot.values):
            await self.parts.ledger.move(record, State.ROLLED_BACK, reason=await self._why(record))
            return Next(Step.FINISH)
        reason = await self._obstacle(record, undo, look.snapshot, now)
        if reason:
            return await self._fail(record, reason)
        return await self._undo(record, undo, look, now)

    async def _take_row_out(self, record: ChangeRecord, change: AddObject, now: Next) -> Next:
        """Delete the row that was added, if it is plain which one that is."""
        try:
            look = await self.parts.look(record, record.plan)
        except UNREADABLE:
            return await self._silent(record, now)
        async with self.parts.store.read() as tx:
            backup = await tx.backups.get(record.tenant, record.id)
        if backup is None:
            return await self._fail(record, "there is no backup that tells which row is new")
        if not new_rows(change, backup, look.snapshot):
            await self.parts.ledger.move(record, State.ROLLED_BACK, reason=await self._why(record))
            return Next(Step.FINISH)
        row = row_of(change, backup, look.snapshot)
        if row is None:
            return await self._fail(record, "nobody can tell which of the rows it added")
        if now.count >= _ATTEMPTS:
            return await self._fail(record, "the device does not delete the row")
        undo = record.plan.without_row(int(row.removeprefix(change.path).rstrip(".")))
        assert undo is not None, "a plan that adds a row has one"
        look = replace(look, sent=await self.parts.sent(record, undo))
        return await self._undo(record, undo, look, now)

    async def _why(self, record: ChangeRecord) -> str:
        return await self.parts.decided(record) or "taken back"

    async def _obstacle(
        self, record: ChangeRecord, undo: Plan, snapshot: Snapshot, now: Next
    ) -> str:
        """Why it cannot be undone, or nothing."""
        strangers = undo.moved(snapshot.values)
        if strangers:
            return f"somebody else has written since, so it was not undone: {', '.join(strangers)}"
        async with self.parts.store.read() as tx:
            backup = await tx.backups.get(record.tenant, record.id)
        if backup is None or not undo.reached(backup.values):
            return "the backup does not hold what was there before"
        if now.count >= _ATTEMPTS:
            return "the device does not take the old values back"
        return ""

    async def _undo(self, record: ChangeRecord, undo: Plan, look: Look, now: Next) -> Next:
        parts = self.parts
        verdict = await parts.ledger.rejudge(record, Point.ROLLBACK, undo=undo)
        if verdict.cause and not parts.silent_too_long(record.updated_at):
            return Next(Step.ROLL_BACK, parts.pause, now.count)  # policy may be back by then
        if verdict.decision is not Decision.ALLOW:
            reasons = "; ".join(finding.message for finding in verdict.findings)
            return await self._fail(record, f"policy does not let it be undone: {reasons}")
        try:
            permit, record = await parts.permit(record, undo, verdict, (), look)
            outcome = await parts.executor.apply(await parts.device(record), undo, permit)
        except DeviceUnreachable:
            return await self._silent(record, now)
        except PermitRefused as refused:
            return await self._fail(record, str(refused))
        await parts.keep(record, undo.digest, outcome)
        return await self._after(record, outcome, now)

    async def _after(self, record: ChangeRecord, outcome: Outcome, now: Next) -> Next:
        if outcome.progress is Progress.REFUSED:
            return await self._fail(record, f"the device refused to go back: {outcome.detail}")
        pause = 0.0 if outcome.progress is Progress.APPLIED else self.parts.pause
        return Next(Step.ROLL_BACK, pause, now.count + 1)

    async def _silent(self, record: ChangeRecord, now: Next) -> Next:
        """Never roll back blind."""
        if not self.parts.silent_too_long(record.updated_at):
            return Next(Step.ROLL_BACK, self.parts.pause, now.count)
        reason = "the device went silent before it could be taken back"
        unknown = await self.parts.ledger.move(record, State.UNKNOWN, reason=reason)
        await self.parts.page(unknown, reason)
        return Next(Step.LOOK_AGAIN, self.parts.pause)

    async def _fail(self, record: ChangeRecord, reason: str) -> Next:
        failed = await self.parts.ledger.move(record, State.FAILED, reason=reason)
        await self.parts.page(failed, reason)
        return Next(Step.FINISH)
