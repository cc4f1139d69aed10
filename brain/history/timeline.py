"""What happened to one device, newest first: what it reported, and what the ledger did to it."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final, Protocol

from brain.domain.change import Change, SetParameter
from brain.domain.history import By, Event, EventKind, Window
from brain.domain.identity import DeviceId, TenantId
from brain.domain.life import State
from brain.domain.ports import Events
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


class Reads(Protocol):
    """``brain.store.transaction.Transaction`` is one."""

    @property
    def events(self) -> Events:
        """What devices reported."""

    @property
    def changes(self) -> Changes:
        """The ledger's records."""


_KINDS: Final = {
    State.VERIFYING: EventKind.CHANGE_APPLIED,
    State.SUCCEEDED: EventKind.CHANGE_APPLIED,
    State.ROLLED_BACK: EventKind.CHANGE_ROLLED_BACK,
    State.FAILED: EventKind.CHANGE_FAILED,
    State.UNKNOWN: EventKind.CHANGE_UNKNOWN,
}
"""Of the changes that were begun. One that was never begun did not happen to the device."""
_LOOKED_THROUGH: Final = 10
"""Times as many changes are read as entries are wanted: which paths they touch is encrypted."""


EVERYTHING: Final = Window()


async def timeline(
    tx: Reads, tenant: TenantId, device: DeviceId, window: Window = EVERYTHING
) -> list[Event]:
    """The entries, newest first; a change that was begun is one for each path it touches.

    A value is the one written, or put back; it is empty for what the data model calls secret.
    """
    reported = await tx.events.in_window(tenant, device, window)
    narrow = bool(window.path or window.until)
    look = window.limit * (_LOOKED_THROUGH if narrow else 1)
    done = window.kinds is None or not window.kinds.isdisjoint(_KINDS.values())
    records = (
        await tx.changes.list(tenant, states=_KINDS.keys(), device=device, limit=look)
        if done
        else ()
    )
    begun = [event for record in records for event in _events(record)]
    found = [event for event in (*begun, *reported) if window.has(event)]
    return sorted(found, key=lambda event: event.at, reverse=True)[: window.limit]


def _events(record: ChangeRecord) -> Iterator[Event]:
    for change in record.plan.changes:
        yield Event(
            tenant=record.tenant,
            device=record.device,
            kind=_KINDS[record.state],
            at=record.updated_at,
            path=change.path,
            value=_value(change, record.state),
            by=By.US,
            detail=f"{record.id} for {record.cause}: {record.reason}".removesuffix(": "),
        )


def _value(change: Change, state: State) -> str:
    if not isinstance(change, SetParameter) or change.secret:
        return ""
    if state is State.ROLLED_BACK:
        return change.before
    # What a device holds after a failure or a silence, the ledger does not know.
    return change.after if state in (State.VERIFYING, State.SUCCEEDED) else ""
