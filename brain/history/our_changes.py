"""What the ledger did to one device, as entries of its timeline: each write at its own moment."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from brain.domain.change import Change, SetParameter
from brain.domain.history import By, Event, EventKind
from brain.domain.identity import ChangeId, DeviceId, TenantId
from brain.domain.life import State
from brain.domain.outcome import KeptOutcome, Progress
from brain.domain.record import ChangeRecord


class Changes(Protocol):
    """The ledger's records."""

    async def list(
        self,
        tenant: TenantId,
        *,
        states: Collection[State] | None = None,
        device: DeviceId | None = None,
        limit: int = 100,
    ) -> Sequence[ChangeRecord]:
        """Newest first."""


class Outcomes(Protocol):
    """What the device or controller said became of each attempt."""

    async def of_changes(
        self, tenant: TenantId, changes: Collection[ChangeId]
    ) -> Mapping[ChangeId, Sequence[KeptOutcome]]:
        """Of each change that has any, in order."""


class Reads(Protocol):
    """``brain.store.transaction.Transaction`` is one."""

    @property
    def changes(self) -> Changes:
        """The ledger's records."""

    @property
    def outcomes(self) -> Outcomes:
        """What became of their attempts."""


_ENDS: Final = {
    State.EXECUTING: None,
    State.VERIFYING: EventKind.CHANGE_APPLIED,
    State.SUCCEEDED: EventKind.CHANGE_APPLIED,
    State.ROLLED_BACK: EventKind.CHANGE_ROLLED_BACK,
    State.FAILED: EventKind.CHANGE_FAILED,
    State.UNKNOWN: EventKind.CHANGE_UNKNOWN,
}
"""What the state says that became of it. One that was never begun did not happen to the device."""
KINDS: Final = frozenset(_ENDS.values()) - {None}
"""The kinds of entries that changes make."""


async def our_changes(tx: Reads, tenant: TenantId, device: DeviceId, *, limit: int) -> list[Event]:
    """Of the newest ``limit`` changes that were begun: one a path and moment, newest first."""
    records = await tx.changes.list(tenant, states=_ENDS.keys(), device=device, limit=limit)
    outcomes = await tx.outcomes.of_changes(tenant, [record.id for record in records])
    return [event for record in records for event in _told(record, outcomes.get(record.id, ()))]


def _told(record: ChangeRecord, outcomes: Sequence[KeptOutcome]) -> Iterator[Event]:
    why = record.reason  # of the last one only: it says how the change ended
    for kind, at in reversed(_moments(record, outcomes)):
        for change in record.plan.changes:
            yield Event(
                tenant=record.tenant,
                device=record.device,
                kind=kind,
                at=at,
                path=change.path,
                value=_value(change, kind),
                by=By.US,
                detail=f"{record.id} for {record.cause}: {why}".removesuffix(": "),
            )
        why = ""


def _moments(
    record: ChangeRecord, outcomes: Sequence[KeptOutcome]
) -> list[tuple[EventKind, datetime]]:
    """When it was written and when it was put back; an attempt that was made twice, once.

    Where no attempt says so (a silent device that was read again), the record's own last step does.
    """
    moments: list[tuple[EventKind, datetime]] = []
    for outcome in outcomes:
        own = outcome.plan_digest == record.plan.digest
        kind = EventKind.CHANGE_APPLIED if own else EventKind.CHANGE_ROLLED_BACK
        if outcome.progress is Progress.APPLIED and (not moments or moments[-1][0] is not kind):
            moments.append((kind, outcome.at))
    end = _ENDS[record.state]
    if end is not None and (not moments or moments[-1][0] is not end):
        moments.append((end, record.updated_at))
    return moments


def _value(change: Change, kind: EventKind) -> str:
    if not isinstance(change, SetParameter) or change.secret:
        return ""
    if kind is EventKind.CHANGE_ROLLED_BACK:
        return change.before
    # What a device holds after a failure or a silence, the ledger does not know.
    return change.after if kind is EventKind.CHANGE_APPLIED else ""
