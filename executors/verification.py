"""After the write: is it as written, and did it help? Silence is unknown, never a failure."""

from dataclasses import dataclass
from datetime import datetime

from brain.datamodel.diagnostics import Diagnostic, diagnosis, diagnostic_of
from brain.datamodel.firmware import fetches_firmware
from brain.domain.change import Command
from brain.domain.life import State
from brain.domain.outcome import Progress
from brain.domain.parameter import Snapshot
from brain.domain.proposal import Effect
from brain.domain.record import ChangeRecord
from executors.asking import read_with
from executors.diagnosing import Diagnosing
from executors.guarding import Guard
from executors.next_start import NextStart
from executors.rows import Became, became, stayed, touched
from executors.steps import (
    DECIDED,
    UNREADABLE,
    Next,
    Parts,
    Step,
    route,
    started_since,
    to_read,
)
from executors.weighing import Weighing

_SURE_BETTER = 2
_SURE_WORSE = 3
"""How many looks in a row decide before the watch is over: one reading of a metric is noise."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The steps between *applied* and the end."""

    parts: Parts

    async def verify(self, record: ChangeRecord, now: Next) -> Next:
        """Read back every touched path."""
        if record.state is not State.VERIFYING:
            return route(record)
        parts = self.parts
        if await parts.decided(record):  # and it was held up on its way back
            return Next(Step.ROLL_BACK)
        await parts.fence(record)
        try:
            snapshot = await parts.executor.read(await parts.device(record), to_read(record))
        except UNREADABLE:
            return await self._silent(record, Next(Step.VERIFY, parts.pause))
        if _is_command(record):
            return await self._after_command(record, snapshot)
        now_is = await became(parts, record, snapshot)
        waiting = NextStart(parts)
        if now_is is Became.BEFORE and await waiting.awaited(record, snapshot):
            return await waiting.call(record)
        if now_is is not Became.WRITTEN:
            await parts.log(record, DECIDED, "the device did not keep what was written")
            return Next(Step.ROLL_BACK)
        await parts.log(record, "verify", "read back as written")
        if record.effect is None:
            return await self._succeed(record, "applied and read back")
        return Next(Step.WATCH, parts.pause)

    async def _after_command(self, record: ChangeRecord, snapshot: Snapshot) -> Next:
        """A restart is done when the device says that it started since it was told to."""
        diagnostic = diagnostic_of(record.plan)
        if diagnostic is not None:
            return await self._after_diagnostic(record, diagnostic, snapshot)
        # Firmware is started before the device tells that it was fetched.
        fetched = fetches_firmware(record.plan.paths[0])
        told = await (self._sent_at(record) if fetched else self._applied_at(record))
        if told is not None and started_since(snapshot, told):
            return await self._succeed(record, "the device has started anew")
        if not self.parts.silent_too_long(record.updated_at):
            return Next(Step.VERIFY, self.parts.pause)
        reason = "the device took the command, and does not show that it did it"
        unknown = await self.parts.ledger.move(record, State.UNKNOWN, reason=reason)
        await self.parts.page(unknown, reason)
        return Next(Step.FINISH)

    async def _after_diagnostic(
        self, record: ChangeRecord, diagnostic: Diagnostic, snapshot: Snapshot
    ) -> Next:
        """Done when it is over, however it ended: what it found is the device's word."""
        found = await Diagnosing(self.parts).look(record, diagnostic, snapshot)
        if found is not None:
            return await self._succeed(record, str(found))
        if not self.parts.silent_too_long(record.updated_at):
            return Next(Step.VERIFY, self.parts.pause)
        reason = f"no end of it was seen in time; {diagnosis(diagnostic, snapshot)}"
        await self.parts.ledger.move(record, State.UNKNOWN, reason=reason)
        return Next(Step.FINISH)

    async def watch(self, record: ChangeRecord, now: Next) -> Next:
        """Watch the metric that was promised to improve; keep the promise or take it all back.

        ``now.count`` is the number of looks in a row that said better (positive) or worse.
        """
        effect = record.effect
        if record.state is not State.VERIFYING or effect is None:
            return route(record)
        parts, guard = self.parts, Guard(self.parts)
        if await parts.decided(record):
            return Next(Step.ROLL_BACK)
        await parts.fence(record)
        ours = [] if _is_command(record) else touched(record)
        device, signs = await parts.device(record), await guard.to_read(record)
        try:
            snapshot = await read_with(parts.executor, device, [*ours, effect.metric], signs)
        except UNREADABLE:
            return await self._silent(record, Next(Step.WATCH, parts.pause, now.count))
        seen = snapshot.get(effect.metric)
        count = _streak(now.count, effect, seen)
        await parts.saw(record, seen, _told(effect, seen))
        if not await stayed(parts, record, snapshot):  # whatever helped then, it was not this
            await parts.log(record, DECIDED, "what was written did not stay")
            return Next(Step.ROLL_BACK)
        weighed = await Weighing(parts).weigh(record, snapshot)
        if weighed.why:
            await parts.log(record, DECIDED, weighed.why)
            return Next(Step.ROLL_BACK)
        if count >= _SURE_BETTER and not weighed.pending:
            return await self._succeed(record, f"it helped: {_told(effect, seen)}")
        if count <= -_SURE_WORSE:
            await parts.log(record, DECIDED, f"it made things worse: {_told(effect, seen)}")
            return Next(Step.ROLL_BACK)
        # A look that came late, after a crash say, still counts when it is good news.
        if not effect.kept(seen) and await self._over(record, effect):
            await parts.log(record, DECIDED, f"it did not help: {_told(effect, seen)}")
            return Next(Step.ROLL_BACK)
        return Next(Step.WATCH, parts.pause, count)

    async def look_again(self, record: ChangeRecord, now: Next) -> Next:
        """A device that went silent may come back; what it then says settles the change."""
        if record.state is not State.UNKNOWN:
            return route(record)
        parts = self.parts
        try:
            snapshot = await parts.executor.read(await parts.device(record), to_read(record))
        except UNREADABLE:
            return self._later(now)
        return await self._settle(record, snapshot, now)

    def _later(self, now: Next) -> Next:
        return Next(Step.LOOK_AGAIN, self.parts.pause * min(2**now.count, 60), now.count + 1)

    async def _settle(self, record: ChangeRecord, snapshot: Snapshot, now: Next) -> Next:
        ledger = self.parts.ledger
        now_is = await became(self.parts, record, snapshot)
        if _is_command(record) and await self._applied_at(record) is not None:
            await ledger.move(record, State.VERIFYING, reason="back after the command")
            return Next(Step.VERIFY)
        if now_is is Became.WRITTEN:
            await ledger.move(record, State.VERIFYING, reason="back, and as written")
            return Next(Step.VERIFY)
        if now_is is Became.BEFORE:
            if await NextStart(self.parts).awaited(record, snapshot):
                return self._later(now)
            undone = await self._applied_at(record) is not None
            end = State.ROLLED_BACK if undone else State.FAILED
            await ledger.move(record, end, reason="the device is back, and is as before")
            return Next(Step.FINISH)
        told = "it may have been done" if _is_command(record) else "neither as before nor as wanted"
        await self.parts.page(record, f"back, and {told}")
        return Next(Step.FINISH)

    async def _silent(self, record: ChangeRecord, again: Next) -> Next:
        if not self.parts.silent_too_long(record.updated_at):
            return again
        reason = "the device went silent after the change"
        unknown = await self.parts.ledger.move(record, State.UNKNOWN, reason=reason)
        await self.parts.page(unknown, reason)
        return Next(Step.LOOK_AGAIN, self.parts.pause)

    async def _succeed(self, record: ChangeRecord, reason: str) -> Next:
        await self.parts.ledger.move(record, State.SUCCEEDED, reason=reason)
        return Next(Step.FINISH)

    async def _over(self, record: ChangeRecord, effect: Effect) -> bool:
        applied = await self._applied_at(record) or record.updated_at
        return self.parts.clock() - applied >= effect.within

    async def _applied_at(self, record: ChangeRecord) -> datetime | None:
        async with self.parts.store.read() as tx:
            outcomes = await tx.outcomes.of_change(record.tenant, record.id)
        times = [each.at for each in outcomes if each.progress is Progress.APPLIED]
        return min(times, default=None)

    async def _sent_at(self, record: ChangeRecord) -> datetime | None:
        async with self.parts.store.read() as tx:
            permits = await tx.permits.of_change(record.tenant, record.id)
        return min((each.minted_at for each in permits), default=None)


def _is_command(record: ChangeRecord) -> bool:
    """What a command did is not read back."""
    return isinstance(record.plan.changes[0], Command)


def _streak(count: int, effect: Effect, seen: str | None) -> int:
    if effect.kept(seen):
        return max(count, 0) + 1
    if effect.worse(seen):
        return min(count, 0) - 1
    return 0


def _told(effect: Effect, seen: str | None) -> str:
    return f"{effect.name} was {effect.shown(effect.before)} and is now {effect.shown(seen)}"
