"""Waits for what passes by itself: a window, a freeze, a limit, a device, the policy engine.

A change that waits stays approved, without the device's lease, so it can still be withdrawn and
others can go first. It is asked about again with growing pauses, says what it waits for, and ends
when its clock runs out. Nothing is sent meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime

from brain.domain.errors import Unreadable
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Decision, Point, Severity, Verdict
from executors.ruling import rests_on_answers
from executors.steps import UNREADABLE, Next, Parts, Step, route, to_read

FIRST, LONGEST = 5.0, 60.0
"""Seconds before it is asked again: each time twice as long, so that the log does not fill up."""
ABSENT = "core.device_absent"
"""The rule that a look at the device may settle: what answers is there."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Asks policy before anything is begun, and puts back what was begun too early."""

    parts: Parts

    async def instead(self, record: ChangeRecord, now: Next) -> Next | None:
        """What to do rather than begin this approved change; None when it may be begun."""
        verdict = await self.parts.ledger.rejudge(record, Point.EXECUTE)
        if verdict.decision is not Decision.DENY:
            return None
        if not verdict.passes:
            return await self._end(record, State.DENIED, verdict.why)
        if verdict.policy_revision != record.verdict.policy_revision:
            return await self._end(record, State.SUPERSEDED, "policy changed since it was judged")
        if await self._lacks_answers(record, verdict):
            return route(await self.parts.ledger.ask_again(record, verdict))
        if _only_absent(verdict) and await self._answers(record):
            return None
        return await self.wait(record, verdict.why, now.count)

    async def wait(self, record: ChangeRecord, why: str, count: int = 0) -> Next:
        """Say what it waits for, and ask again later; ``count`` is how often it was asked."""
        await self.parts.ledger.wait(record, f"it waits: {why}")
        return Next(Step.BEGIN, self.pause(count, record.execution_expires_at), count + 1)

    async def put_back(self, record: ChangeRecord, why: str) -> Next:
        """Back among the approved ones: it was begun, nothing was sent, and it has to wait."""
        await self.parts.ledger.withhold(record, State.APPROVED, reason=f"it waits: {why}")
        return Next(Step.BEGIN, self.pause(0, record.execution_expires_at), 1)

    def pause(self, count: int, until: datetime | None) -> float:
        """Seconds until it is asked again, and no longer than it may still be begun."""
        pause = min(FIRST * 2.0 ** min(count, 10), LONGEST)
        left = LONGEST if until is None else (until - self.parts.clock()).total_seconds()
        return max(min(pause, left), self.parts.pause)

    async def _end(self, record: ChangeRecord, state: State, why: str) -> Next:
        await self.parts.ledger.move(record, state, reason=why)
        return Next(Step.FINISH)

    async def _lacks_answers(self, record: ChangeRecord, verdict: Verdict) -> bool:
        """Whether approvals are missing that were there: who gave them was shut out meanwhile.

        Answers that were altered are for the ruling to find, once it is begun.
        """
        if record.break_glass is not None or not rests_on_answers(record, verdict):
            return False
        try:
            return not await self.parts.ledger.approved(record, verdict)
        except Unreadable:
            return False

    async def _answers(self, record: ChangeRecord) -> bool:
        """Whether the device is there after all. Reading takes no lease and changes nothing."""
        try:
            await self.parts.executor.read(await self.parts.device(record), to_read(record))
        except UNREADABLE:
            return False
        return True


def _only_absent(verdict: Verdict) -> bool:
    against = {each.code for each in verdict.findings if each.severity is Severity.DENY}
    return against == {ABSENT}
