"""Holds a device's signs against those from before a write, and keeps in the road what it sees.

One bad look decides nothing: a sign has to stay bad. Since when it is stands in the change's road,
so a killed process goes on there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from brain.domain.change import Command
from brain.domain.outcome import ExecutionStep
from brain.domain.parameter import Snapshot
from brain.domain.record import ChangeRecord
from executors.harms import RADAR, Harm, harms, tells
from executors.steps import Parts
from executors.vital_signs import signs_in

_log = structlog.get_logger(__name__)

BAD, WELL, BLIND = "harm", "well", "blind"
"""Lines of the road: a sign got bad, it is well again, the signs could not be weighed."""
_UNTOLD = 2 * RADAR
"""So long a bad sign that is not told any more is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What the signs say now."""

    pending: bool = False
    """Something is bad, and may still be the change settling."""
    why: str = ""
    """Why the change has to be taken back; empty when it has not."""
    lost: str = ""
    """Why nobody can say how it stands; empty when somebody can."""
    handed_over: bool = False
    """A later change is watched, and nothing was bad when that was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Readings:
    """What is compared."""

    earlier: Snapshot | None
    before: Snapshot
    now: Snapshot


@dataclass(frozen=True, slots=True)
class Weighing:
    """Says whether what is bad now is this change's doing."""

    parts: Parts

    def on(self, record: ChangeRecord) -> bool:
        """Whether a change is guarded at all: a command is not, for nothing takes it back."""
        command = isinstance(record.plan.changes[0], Command)
        return bool(self.parts.guard_for) and not command

    async def before(self, record: ChangeRecord) -> Snapshot | None:
        """The backup, when it holds signs and the change is guarded."""
        if not self.on(record):
            return None
        async with self.parts.store.read() as tx:
            backup = await tx.backups.get(record.tenant, record.id)
        return backup if backup is not None and signs_in(backup) else None

    async def bad_since(self, record: ChangeRecord) -> dict[str, datetime]:
        """The signs that were bad at the last look, and since when."""
        async with self.parts.store.read() as tx:
            return _bad_since(await tx.executions.of_change(record.tenant, record.id))

    async def weigh(
        self, record: ChangeRecord, now: Snapshot, heir: Snapshot | None = None
    ) -> Weighed:
        """Hold the signs against those from before.

        ``heir`` is the backup of a later change that is watched. What was well then is not this
        change's doing any more; what was bad already is, and nobody else will undo it.
        """
        before = await self.before(record)
        if before is None:
            return Weighed(handed_over=heir is not None)
        async with self.parts.store.read() as tx:
            earlier = await tx.signs.get(record.tenant, record.id)
        since = await self.bad_since(record)
        readings = _Readings(earlier=earlier, before=before, now=now)
        try:
            found = _counting(record, readings, since)
            ours = _ours(record, replace(readings, now=heir), since) if heir else None
        except Exception:  # noqa: BLE001 - whatever broke, what was written may not be left alone
            _log.exception("signs_not_weighed", change=record.id)
            return await self._blind(record)
        if ours is not None:
            found = [each for each in found if each.sign in ours]
        since = await self._noted(record, found, since, readings)
        if ours is not None:
            since = {sign: at for sign, at in since.items() if sign in ours}
            if not since:
                return Weighed(handed_over=True)
        return self._judged(found, since)

    def _judged(self, found: list[Harm], since: dict[str, datetime]) -> Weighed:
        lasting = [each.words for each in found if self._age(since[each.sign]) >= each.patience]
        if lasting:
            why = f"it did harm elsewhere: {'; '.join(dict.fromkeys(lasting))}"
            return Weighed(pending=True, why=why)
        untold = sorted(since.keys() - {each.sign for each in found})
        waited_for = any(self._age(since[sign]) < _UNTOLD for sign in untold)
        lost = f"it got worse, and the device does not tell of it any more: {', '.join(untold)}"
        return Weighed(pending=bool(found) or waited_for, lost=lost if untold else "")

    async def _noted(
        self,
        record: ChangeRecord,
        found: Iterable[Harm],
        since: dict[str, datetime],
        readings: _Readings,
    ) -> dict[str, datetime]:
        """Since when each sign is bad, with what this look adds to it."""
        bad = {each.sign: each.words for each in found}
        for sign in bad.keys() - since.keys():
            await self.parts.log(record, BAD, f"{sign} {bad[sign]}")
            since = since | {sign: self.parts.clock()}
        for sign in since.keys() - bad.keys():
            if tells(sign, readings.before, readings.now):
                await self.parts.log(record, WELL, f"{sign} is well again")
                since = {each: at for each, at in since.items() if each != sign}
        return since

    async def _blind(self, record: ChangeRecord) -> Weighed:
        """Call a person, once: what cannot be weighed is neither well nor bad."""
        reason = "what the device says of its health cannot be weighed"
        async with self.parts.store.read() as tx:
            road = await tx.executions.of_change(record.tenant, record.id)
        if not any(line.step == BLIND for line in road):
            await self.parts.page(record, reason)
            await self.parts.log(record, BLIND, reason)
        return Weighed(lost=reason)

    def _age(self, at: datetime) -> timedelta:
        return self.parts.clock() - at


def _counting(
    record: ChangeRecord, readings: _Readings, since: Mapping[str, datetime]
) -> list[Harm]:
    """What is bad now, without what began too late to be this change's doing."""
    earlier, before, now = readings.earlier, readings.before, readings.now
    gone = now.taken_at - before.taken_at
    return [
        each
        for each in harms(record.plan, earlier=earlier, before=before, now=now)
        if each.sign in since or each.begins_within is None or gone <= each.begins_within
    ]


def _ours(
    record: ChangeRecord, readings: _Readings, since: Mapping[str, datetime]
) -> frozenset[str]:
    """What was bad already when the next change was written."""
    known = {sign for sign, at in since.items() if at < readings.now.taken_at}
    return frozenset(known | {each.sign for each in _counting(record, readings, since)})


def _bad_since(road: list[ExecutionStep]) -> dict[str, datetime]:
    since: dict[str, datetime] = {}
    for line in road:
        sign = line.detail.partition(" ")[0]
        if line.step == BAD:
            since.setdefault(sign, line.at)
        elif line.step == WELL:
            since.pop(sign, None)
    return since
