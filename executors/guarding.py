"""Sees to it that a change that does harm elsewhere than its promise is undone, however it helps.

The device's vital signs are read in the batch that is the backup, and again with every look of the
watch and for a while after the change has succeeded.
"""

from dataclasses import dataclass
from datetime import datetime

from brain.domain.life import State
from brain.domain.outcome import Progress
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.record import ChangeRecord
from executors.asking import read_with
from executors.heirs import heir_of
from executors.rows import stayed, touched
from executors.steps import DECIDED, GUARDED, UNREADABLE, Look, Next, Parts, Step, route
from executors.vital_signs import UP_TIME, counts, signs_in, to_read_again, to_watch
from executors.weighing import Weighed, Weighing

_PARTS = (
    *("Device.WiFi.", "Device.IP.", "Device.PPP.", "Device.DHCPv4.", "Device.DNS."),
    *("Device.Optical.", "Device.DSL.", "Device.Cellular.", "Device.Ethernet."),
)
"""The parts of the data model that signs are in, and what tells what they mean."""
_SOONEST, _LATEST = 30.0, 300.0
"""Seconds between looks once it has succeeded: longer the longer all has been well."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Reads signs with looks that are taken anyway, and goes on looking after a success."""

    parts: Parts

    async def to_read_before(self, record: ChangeRecord) -> list[ParameterPath]:
        """What to read beside the backup: signs of what the device said that it has."""
        if not Weighing(self.parts).on(record):
            return []
        async with self.parts.store.read() as tx:
            said = await tx.snapshots.latest(record.tenant, record.device, below=_PARTS)
        return to_watch(said.values if said else ())

    async def until_it_knows(self, record: ChangeRecord, look: Look) -> float:
        """Seconds until the write: who counts is read twice, and with a pause between.

        The first reading is kept before the pause. A run that was killed meanwhile finds it, and
        has to wait for the rest of the pause all the same.
        """
        parts = self.parts
        if not Weighing(parts).on(record) or not counts(look.snapshot):
            return 0.0
        async with parts.store.begin() as tx:
            await tx.signs.put(record.tenant, record.id, _only_signs(look.snapshot))
            first = await tx.signs.get(record.tenant, record.id)
        if first is None:
            return parts.pause
        age = (look.snapshot.taken_at - first.taken_at).total_seconds()
        return max(parts.pause - age, 0.0)

    async def to_read(self, record: ChangeRecord) -> list[ParameterPath]:
        """What to read again: the signs that were read before the write, and their context."""
        before = await Weighing(self.parts).before(record)
        return to_read_again(before) if before is not None else []

    async def after(self, record: ChangeRecord) -> Next:
        """Where the run of a change that succeeded goes: on, as long as it is guarded."""
        before = await Weighing(self.parts).before(record)
        if before is None or await self._until(record) is None:
            return Next(Step.DONE)
        return Next(Step.GUARD, max(self.parts.pause, _SOONEST))

    async def look(self, record: ChangeRecord, now: Next) -> Next:
        """One look at a change that succeeded; harm that lasts begins its way back."""
        until = await self._until(record)
        if record.state is State.VERIFYING:  # it was decided already
            return Next(Step.ROLL_BACK)
        if record.state is not State.SUCCEEDED or until is None:
            return route(record)
        parts = self.parts
        decided = await parts.decided(record)
        if decided:
            return await self._take_back(record, decided)
        device, signs = await parts.device(record), await self.to_read(record)
        try:
            snapshot = await read_with(parts.executor, device, touched(record), signs)
        except UNREADABLE:
            return await self._silent(record, until)
        return await self._weighed(record, snapshot, until)

    async def _weighed(self, record: ChangeRecord, snapshot: Snapshot, until: datetime) -> Next:
        weighing, heir = Weighing(self.parts), await heir_of(self.parts, record)
        known = bool(await weighing.bad_since(record)) or heir is not None
        weighed = await weighing.weigh(record, snapshot, heir)
        if weighed.handed_over:
            return await self._end(record, "another change was written since and is watched")
        if not await stayed(self.parts, record, snapshot):
            return await self._changed_since(record, weighed if known else Weighed())
        if weighed.why:
            return await self._take_back(record, weighed.why)
        if weighed.pending:
            return Next(Step.GUARD, _SOONEST)
        if self.parts.clock() < until:
            return Next(Step.GUARD, self._pause(until))
        return await self._over(record, weighed)

    async def _over(self, record: ChangeRecord, weighed: Weighed) -> Next:
        if not weighed.lost:
            return await self._end(record, "nothing else got worse")
        await self.parts.page(record, weighed.lost)
        return await self._end(record, weighed.lost)

    async def _changed_since(self, record: ChangeRecord, weighed: Weighed) -> Next:
        """What is not ours any more is not undone; harm that was there before needs a person."""
        reason = "somebody has changed it since"
        if weighed.pending or weighed.lost:
            await self.parts.page(record, f"something else got worse, and {reason}")
        return await self._end(record, reason)

    async def _take_back(self, record: ChangeRecord, why: str) -> Next:
        parts = self.parts
        await parts.fence(record)
        await parts.log(record, DECIDED, why)
        await parts.ledger.move(record, State.VERIFYING, reason=f"{why}; it is being taken back")
        return Next(Step.ROLL_BACK)

    async def _silent(self, record: ChangeRecord, until: datetime) -> Next:
        """No answer is neither well nor bad: ask on, and call somebody in the end."""
        parts = self.parts
        if parts.clock() < until + parts.silence_limit:
            return Next(Step.GUARD, self._pause(until))
        reason = "the device does not answer, so nobody knows whether the change did harm"
        await parts.page(record, reason)
        return await self._end(record, reason)

    async def _end(self, record: ChangeRecord, why: str) -> Next:
        await self.parts.log(record, GUARDED, why)
        return Next(Step.DONE)

    def _pause(self, until: datetime) -> float:
        gone = (self.parts.clock() - until + self.parts.guard_for).total_seconds()
        return max(min(gone / 4, _LATEST), _SOONEST, self.parts.pause)

    async def _until(self, record: ChangeRecord) -> datetime | None:
        """When the guard is over; None for what was never applied."""
        async with self.parts.store.read() as tx:
            outcomes = await tx.outcomes.of_change(record.tenant, record.id)
        times = [each.at for each in outcomes if each.progress is Progress.APPLIED]
        return min(times) + self.parts.guard_for if times else None


def _only_signs(snapshot: Snapshot) -> Snapshot:
    kept = {*signs_in(snapshot), UP_TIME}
    values = {path: value for path, value in snapshot.values.items() if path in kept}
    return Snapshot(device=snapshot.device, taken_at=snapshot.taken_at, values=values)
