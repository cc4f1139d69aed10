"""Learns from what became of changes, in the very transaction in which that is written down.

What a change promised is kept with what came of it; the autonomy of its playbook on that model
falls at once where it did not hold, and rises as far as evidence takes it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from brain.domain.autonomy import Standing
from brain.domain.fared import Fared, Kind, templates_of
from brain.domain.life import State
from brain.domain.outcome import Progress
from brain.domain.parameter import Value, template_of
from brain.domain.proposal import Effect
from brain.domain.record import ChangeRecord
from brain.history.standing import subject_for
from brain.ledger.levels import Levels
from brain.ledger.shadows import Shadows
from brain.store.transaction import Transaction

_WORDS: Final = {
    State.SUCCEEDED: True,
    State.ROLLED_BACK: False,
    State.FAILED: False,
    State.UNKNOWN: False,
}
"""What an end says of a change. A device that fell silent does not speak for it."""
_LARGEST: Final = 2**53
"""A count beyond it is not taken: no device counts so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """Keeps effects and levels, inside the caller's transaction."""

    levels: Levels
    shadows: Shadows

    async def saw(
        self, tx: Transaction, record: ChangeRecord, seen: Value | None, *, at: datetime
    ) -> None:
        """Keep one look at what was promised to move; ``at`` is when it was looked at."""
        known = await _known(tx, record)
        if known is None or record.effect is None:
            return
        outcomes = await tx.outcomes.of_change(record.tenant, record.id)
        applied = [each.at for each in outcomes if each.progress is Progress.APPLIED]
        looked = replace(
            known,
            at=at,
            after=_count(seen),
            gain=record.effect.gain(seen) if _count(seen) is not None else None,
            watched=at - min(applied, default=at),
        )
        await tx.fared.put(looked)

    async def moved(self, tx: Transaction, was: State, record: ChangeRecord) -> None:
        """Take in that a change came to where it is now, from ``was``."""
        if (was, record.state) == (State.EXECUTING, State.VERIFYING):
            await self.shadows.applied(tx, record)
        # What is taken back for harm that showed later did not hold, from now on.
        held = False if was is State.SUCCEEDED else _WORDS.get(record.state)
        if held is None or not await _was_sent(tx, record):
            return
        known = await _known(tx, record)
        if known is None:
            return
        kind = known.kind
        subject = subject_for(kind.cause, kind.manufacturer, kind.model)
        # Before the sums are moved: a standing that is new here begins with what they say.
        before = await self.levels.hold(tx, record.tenant, subject) if subject else None
        await tx.fared.put(replace(known, held=held, at=record.updated_at))
        if before is not None:
            await self._heard(tx, record, before, known.held, held)

    async def _heard(
        self,
        tx: Transaction,
        record: ChangeRecord,
        before: Standing,
        was: bool | None,
        held: bool,
    ) -> None:
        why = f"{record.id}: {record.reason}"
        after = before.heard(was, held, self.levels.rules(), at=record.updated_at, why=why)
        await self.levels.keep(tx, before, after, about={"change": record.id})


async def _was_sent(tx: Transaction, record: ChangeRecord) -> bool:
    """One that failed before anything was sent says nothing of such changes."""
    if record.state is not State.FAILED:
        return True
    return bool(await tx.outcomes.of_change(record.tenant, record.id))


async def _known(tx: Transaction, record: ChangeRecord) -> Fared | None:
    """What is known of how it fared, or the beginning of that; None without its device."""
    kept = await tx.fared.get(record.tenant, record.id)
    if kept is not None:
        return kept
    device = await tx.devices.get(record.tenant, record.device)
    if device is None:
        return None
    kind = Kind(
        cause=record.cause,
        templates=templates_of(record.plan.paths),
        manufacturer=device.manufacturer,
        model=device.model,
        firmware=record.basis.firmware,
    )
    return _promised(
        Fared(
            tenant=record.tenant,
            change=record.id,
            device=record.device,
            kind=kind,
            at=record.updated_at,
        ),
        record.effect,
    )


def _promised(fared: Fared, effect: Effect | None) -> Fared:
    if effect is None:
        return fared
    return replace(
        fared,
        metric=template_of(effect.metric),
        promised=effect.by,
        before=_count(effect.before),
    )


def _count(value: Value | None) -> int | None:
    try:
        number = int(value or "")
    except ValueError:
        return None
    return number if abs(number) <= _LARGEST else None
