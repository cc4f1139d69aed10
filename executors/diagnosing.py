"""A diagnostic that a device was told to run: whether it is over, and what it found."""

from dataclasses import dataclass

from brain.datamodel.diagnostics import Diagnosis, Diagnostic, diagnosis
from brain.domain.history import Event, EventKind
from brain.domain.outcome import Progress
from brain.domain.parameter import Snapshot
from brain.domain.record import ChangeRecord
from executors.steps import Parts


@dataclass(frozen=True, slots=True)
class Diagnosing:
    """Looks only: what was requested once is never requested again."""

    parts: Parts

    async def look(self, record: ChangeRecord, of: Diagnostic, now: Snapshot) -> Diagnosis | None:
        """What the device says of it, kept in its timeline; None while there may be more to come.

        A device may show the results of an earlier run for a while. Those are believed only when
        it reported ``8 DIAGNOSTICS COMPLETE`` since it was asked.
        """
        found, events = diagnosis(of, now), await self._events(record)
        if not found.over or (not events and await self._as_before(record, of, now)):
            return None
        detail = f"{found}; {record.id}"
        if detail not in [each.detail for each in events]:  # it may be looked at twice
            kept = Event(
                tenant=record.tenant,
                device=record.device,
                kind=EventKind.DIAGNOSTICS,
                at=now.taken_at,
                path=of.at,
                value=found.ended,
                detail=detail,
            )
            async with self.parts.store.begin() as tx:
                await tx.events.add(kept)
        return found

    async def _as_before(self, record: ChangeRecord, of: Diagnostic, now: Snapshot) -> bool:
        async with self.parts.store.read() as tx:
            before = await tx.backups.get(record.tenant, record.id)
        return before is not None and before.below(of.at) == now.below(of.at)

    async def _events(self, record: ChangeRecord) -> list[Event]:
        """What the device reported of diagnostics since it was asked."""
        async with self.parts.store.read() as tx:
            outcomes = await tx.outcomes.of_change(record.tenant, record.id)
            asked = min((o.at for o in outcomes if o.progress is Progress.APPLIED), default=None)
            if asked is None:
                return []
            return await tx.events.of_device(
                record.tenant, record.device, since=asked, kinds=[EventKind.DIAGNOSTICS]
            )
