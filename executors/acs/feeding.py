"""Hands the rules that open incidents what devices say: events, readings, and what has changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from brain.datamodel.catalogue import catalogue
from brain.domain.device import Device
from brain.domain.history import Difference, Event, EventKind
from brain.domain.parameter import Snapshot
from brain.domain.remediation import SetAside
from brain.store.transaction import Transaction

ForRules = Callable[[Event], Event | None]
"""An event as it may be kept for the rules; None where none of them counts it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Where no rule looks at anything ``for_rules`` is None, and nothing is kept."""

    for_rules: ForRules | None = None
    most_unread: int = 1_000_000
    """So many may wait to be read by the rules; more are left out, and counted."""

    async def give(self, tx: Transaction, events: Iterable[Event], at: datetime) -> None:
        """Keep what some rule counts until it is read, in the transaction that keeps the rest."""
        if self.for_rules is None:
            return
        kept = [found for event in events if (found := self.for_rules(event)) is not None]
        left_out = await tx.unread_events.add_while_room(kept, self.most_unread)
        if not left_out:
            return
        # The device is served all the same, and its own history has them.
        for tenant, count in Counter(each.tenant for each in kept[-left_out:]).items():
            reason = f"{self.most_unread} events wait to be read by the rules"
            await tx.set_aside.add(
                SetAside(tenant=tenant, what="events of Informs", reason=reason, count=count, at=at)
            )


def told(
    device: Device, snapshot: Snapshot, found: Iterable[Difference], *, announced: bool = False
) -> Iterator[Event]:
    """Each value as an event: it has changed where the device says so (``announced``), or where
    it said another one before (``found``); else it is a reading.

    What is part of every Inform (TR-069 3.7.1.5) is not announced by being there.
    """
    changed = {each.path for each in found if each.before is not None}
    for path, value in snapshot.values.items():
        says_so = announced and not _is_always_told(path)
        yield Event(
            tenant=device.tenant,
            device=device.id,
            kind=EventKind.VALUE_CHANGE if says_so or path in changed else EventKind.INFORM,
            at=snapshot.taken_at,
            path=path,
            value=value,
        )


def _is_always_told(path: str) -> bool:
    entry = catalogue().find(path)
    return entry is not None and entry.forced_inform
