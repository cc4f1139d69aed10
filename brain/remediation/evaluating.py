"""Takes unread events, adds them to what the rules count, and has what met a rule judged.

One transaction takes a batch, counts it and keeps what follows: killed anywhere, it is as if the
batch had not been taken. Processes beside each other take different events.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import partial

import structlog

from brain.domain.device import Device
from brain.domain.errors import StoreUnavailable, Unreadable
from brain.domain.history import Event
from brain.domain.identity import DeviceId
from brain.domain.ports import Clock
from brain.domain.remediation import Trip
from brain.remediation.index import Index
from brain.remediation.measuring import Tally
from brain.remediation.rules import Measure, Rule, Rulebook
from brain.remediation.setting_aside import put_aside
from brain.store.store import Store
from brain.store.tallies import TallyKey
from brain.store.transaction import Transaction

BATCH = 2_000
"""Events in one transaction: other writers wait for its end (about 0.1 s on one core)."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Counts, and never decides how far a trouble reaches."""

    store: Store
    rulebook: Rulebook
    clock: Clock
    zone: tzinfo
    index: Index = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the rules to be looked up by what an event is about."""
        object.__setattr__(self, "index", Index(self.rulebook))

    async def batch(self, count: int = BATCH) -> int:
        """One batch; how many events it had."""
        async with self.store.begin() as tx:
            events = await tx.unread_events.take(count)
            await self._all_but_what_fails(tx, events)
        return len(events)

    async def _all_but_what_fails(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Count them; where that fails each half by itself, down to the one event to blame."""
        failed = await tx.apart(partial(self._evaluate, tx, events))
        if isinstance(failed, StoreUnavailable):
            raise failed
        if failed is not None and len(events) > 1:
            half = len(events) // 2
            await self._all_but_what_fails(tx, events[:half])
            await self._all_but_what_fails(tx, events[half:])
        elif failed is not None:
            what = f"{events[0].kind} events of {events[0].device}"
            await put_aside(tx, events[0].tenant, what, failed, self.clock())

    async def _evaluate(self, tx: Transaction, events: Sequence[Event]) -> None:
        wanted = self._wanted(events)
        devices = await tx.devices.known({key.device for key in wanted})
        known = {each.id: each for each in devices}
        wanted = {
            key: found
            for key, found in wanted.items()
            if key.device in known and known[key.device].tenant == key.tenant
        }
        if wanted:
            await self._count(tx, wanted, known)

    def _wanted(self, events: Iterable[Event]) -> dict[TallyKey, tuple[Rule, list[Event]]]:
        found: dict[TallyKey, tuple[Rule, list[Event]]] = {}
        for event in events:
            for rule in self.index.rules(event):
                path = "" if rule.measure is Measure.COUNT else event.path
                key = TallyKey(event.tenant, event.device, rule.id, path)
                found.setdefault(key, (rule, []))[1].append(event)
        return found

    async def _count(
        self,
        tx: Transaction,
        wanted: dict[TallyKey, tuple[Rule, list[Event]]],
        known: Mapping[DeviceId, Device],
    ) -> None:
        now = self.clock()
        held = await tx.tallies.hold(wanted, now)
        counted, tripped = {}, []
        for key, (rule, events) in wanted.items():
            device = known[key.device]
            tally = _read(key, held[key])
            for event in sorted(events, key=lambda each: each.at):
                tally.add(rule, event, version=version_of(device), zone=self.zone)
            tripped += self._trips(rule, tally, device, now)
            counted[key] = tally.write()
        await tx.tallies.put(counted, now)
        await _note_versions(tx, known.values(), now)
        await tx.trips.put(tripped)

    def _trips(self, rule: Rule, tally: Tally, device: Device, now: datetime) -> list[Trip]:
        """The trip of a condition that is met, once within the rule's cool-down."""
        rested = tally.tripped_at is None or now - tally.tripped_at >= rule.cool_down
        said = tally.met(rule) if rested else ""
        if not said:
            return []
        tally.tripped_at = now
        return [
            Trip(
                tenant=device.tenant,
                rule=rule.id,
                device=device.id,
                node=device.access_node,
                version=version_of(device),
                at=now,
                judge_at=now + rule.settle,
                said=said,
                seen=tuple(tally.seen),
            )
        ]


def _read(key: TallyKey, text: str) -> Tally:
    """What was counted; where that is damaged it is counted anew, and the others go on."""
    try:
        return Tally.read(text)
    except Unreadable:
        _log.error("tally_unreadable", rule=key.rule, device=key.device)
        return Tally()


def version_of(device: Device) -> str:
    """Manufacturer, model and firmware as one; empty where one of them is not known."""
    parts = (device.manufacturer, device.model, device.firmware)
    return "\x1f".join(parts) if all(parts) else ""


async def _note_versions(tx: Transaction, devices: Iterable[Device], now: datetime) -> None:
    """When each version was first met: trouble that is older is not of the version's making."""
    found = {(each.tenant, version_of(each)) for each in devices}
    await tx.versions.met(sorted(each for each in found if each[1]), now)
