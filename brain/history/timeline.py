"""What happened to one device, newest first: what it reported, and what the ledger did to it."""

from typing import Final, Protocol

from brain.domain.history import Event, Window
from brain.domain.identity import DeviceId, TenantId
from brain.domain.ports import Events
from brain.history import our_changes as ours


class Reads(ours.Reads, Protocol):
    """``brain.store.transaction.Transaction`` is one."""

    @property
    def events(self) -> Events:
        """What devices reported."""


_LOOKED_THROUGH: Final = 10
"""Times as many changes are read as entries are wanted: which paths they touch is encrypted."""


EVERYTHING: Final = Window()


async def timeline(
    tx: Reads, tenant: TenantId, device: DeviceId, window: Window = EVERYTHING
) -> list[Event]:
    """The entries, newest first; of a change, one for each path when it was written or put back.

    A value is the one written, or put back; it is empty for what the data model calls secret.
    """
    reported = await tx.events.in_window(tenant, device, window)
    narrow = bool(window.path or window.until)
    look = window.limit * (_LOOKED_THROUGH if narrow else 1)
    done = window.kinds is None or not window.kinds.isdisjoint(ours.KINDS)
    begun = await ours.our_changes(tx, tenant, device, limit=look) if done else []
    found = [event for event in (*begun, *reported) if window.has(event)]
    return sorted(found, key=lambda event: event.at, reverse=True)[: window.limit]
