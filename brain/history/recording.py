"""Writes down what a device says otherwise than before: settings with who changed them, states,
and numbers. What is as it was is not written."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from brain.domain.device import Device
from brain.domain.history import By, Difference, Event, EventKind, Measured, Point, Trait, Window
from brain.domain.identity import ChangeId, DeviceId, TenantId
from brain.domain.parameter import Snapshot
from brain.domain.record import ChangeRecord
from brain.history import our_changes
from brain.history.attribution import BEGUN, PARAMETER_KEY, Evidence, who

_NUMBER: Final = re.compile(r"-?\d{1,20}(\.\d{1,9})?")
_ROW: Final = re.compile(r".*\.[1-9][0-9]*\.")
_MANAGEMENT: Final = "Device.ManagementServer."
_LOOKED_AT: Final = 20
"""Changes of the ledger, newest first. A device has seldom more in a month."""
_MOST: Final = 100
"""Entries of one reading: a device that says more otherwise is another device."""


class Events(Protocol):
    """The timeline's entries."""

    async def add(self, *happened: Event) -> None:
        """Keep them."""

    async def in_window(self, tenant: TenantId, device: DeviceId, window: Window) -> list[Event]:
        """Newest first."""


class Measures(Protocol):
    """Numbers over time."""

    async def add(self, given: Mapping[tuple[TenantId, DeviceId], Measured]) -> None:
        """Keep them."""


class Changes(our_changes.Changes, Protocol):
    """The ledger's records, each by its id too."""

    async def get(self, tenant: TenantId, change: ChangeId) -> ChangeRecord | None:
        """One of them."""


class Snapshots(Protocol):
    """What devices last said."""

    async def latest(
        self, tenant: TenantId, device: DeviceId, *, below: Sequence[str] = ()
    ) -> Snapshot | None:
        """Of one device."""


class Writes(Protocol):
    """``brain.store.transaction.Transaction`` is one; it holds the device."""

    @property
    def events(self) -> Events:
        """The timeline's entries."""

    @property
    def measures(self) -> Measures:
        """Numbers over time."""

    @property
    def changes(self) -> Changes:
        """The ledger's records."""

    @property
    def snapshots(self) -> Snapshots:
        """What devices last said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorder:
    """Keeps differences that a snapshot made. ``trait`` says what each parameter's is worth."""

    trait: Callable[[str], Trait]

    async def differs(
        self,
        tx: Writes,
        device: Device,
        found: Sequence[Difference],
        at: datetime,
        *,
        announced: bool = False,
    ) -> None:
        """A reading at ``at`` brought these; ``announced`` when the device says that they changed.

        A setting that the ledger wrote is not kept again: the ledger tells of it.
        """
        await self._measured(tx, device, found, at)
        entries = await self._key(tx, device, found, at)
        changed = [each for each in found if _is_change(each, announced) and self._is_kept(each)]
        if any(self._settable(each) for each in changed):
            evidence = await _evidence(tx, device, changed, entries)
        else:
            evidence = Evidence()
        for each in _by_row(changed):
            entries.append(self._entry(device, each, evidence, at))
        kept = [each for each in entries if each.by is not By.US or each.path == PARAMETER_KEY]
        await tx.events.add(*_bounded(kept))

    async def was_reset(
        self, tx: Writes, device: Device, before: Snapshot, after: Snapshot
    ) -> None:
        """What the device says after it called for the first time, or anew, with BOOTSTRAP."""
        entries = [
            _event(device, path, value, By.RESET, after.taken_at)
            for path, value in sorted(after.values.items())
            if self.trait(path) is Trait.SETTING and before.values.get(path, value) != value
        ]
        await tx.events.add(*_bounded(entries))

    async def _measured(
        self, tx: Writes, device: Device, found: Iterable[Difference], at: datetime
    ) -> None:
        points = {
            each.path: [Point(at, each.after)]
            for each in found
            if each.after and self.trait(each.path) is Trait.MEASURE and is_plain_number(each.after)
        }
        if points:
            await tx.measures.add({(device.tenant, device.id): points})

    async def _key(
        self, tx: Writes, device: Device, found: Iterable[Difference], at: datetime
    ) -> list[Event]:
        """An entry when the ParameterKey is another. What others write into it is not repeated."""
        for each in found:
            if each.path == PARAMETER_KEY and each.before is not None and each.after is not None:
                ours = await _is_ours(tx, device, each.after)
                by, value = (By.US, each.after) if ours else (By.CONTROLLER, "")
                return [_event(device, each.path, value, by, at)]
        return []

    def _is_kept(self, each: Difference) -> bool:
        return self.trait(each.path) in (Trait.SETTING, Trait.STATE, Trait.HIDDEN)

    def _settable(self, each: Difference) -> bool:
        if each.writable is not None:
            return each.writable
        return self.trait(each.path) is not Trait.STATE

    def _entry(self, device: Device, each: Difference, evidence: Evidence, at: datetime) -> Event:
        hidden = self.trait(each.path) is Trait.HIDDEN
        by = who(replace(each, writable=self._settable(each)), evidence)
        if (each.before is not None and each.after is not None) or each.since is None:
            return _event(device, each.path, "" if hidden else each.after or "", by, at)
        came = "row added" if each.before is None else "row gone"
        return _event(device, _row_of(each.path), "", by, at, came)


def _is_change(each: Difference, announced: bool) -> bool:
    """What is said for the first time has changed only where the device says so."""
    if each.before is not None and each.after is not None:
        return True
    if each.since is None:
        return announced
    return bool(_row_of(each.path))


def _by_row(changed: Iterable[Difference]) -> list[Difference]:
    """One for each row that came or went: the first of its parameters that is set, if any."""
    kept: dict[tuple[str, bool], Difference] = {}
    for each in changed:
        whole = each.since is not None and (each.before is None or each.after is None)
        key = (_row_of(each.path) if whole else each.path, each.after is None)
        if key not in kept or kept[key].writable is False:
            kept[key] = each
    return list(kept.values())


async def _evidence(
    tx: Writes, device: Device, changed: Iterable[Difference], now: Sequence[Event]
) -> Evidence:
    since = min((each.since for each in changed if each.since), default=None)
    if since is None:
        return Evidence()
    tenant, id = device.tenant, device.id
    updates = Window(since=since, kinds=frozenset({EventKind.FIRMWARE}))
    firmware = await tx.events.in_window(tenant, id, updates)
    keys = await tx.events.in_window(tenant, id, Window(since=since, path=PARAMETER_KEY))
    said = await tx.snapshots.latest(tenant, id, below=(_MANAGEMENT,))
    key = said.get(PARAMETER_KEY) if said else None
    ours = bool(key) and await _is_ours(tx, device, key or "")
    return Evidence(
        records=await tx.changes.list(tenant, states=BEGUN, device=id, limit=_LOOKED_AT),
        told=(*now, *keys, *firmware),
        our_key_at=said.taken_at if said and ours else None,
    )


async def _is_ours(tx: Writes, device: Device, key: str) -> bool:
    """A ParameterKey is ours when it is the id of a change of this device."""
    record = await tx.changes.get(device.tenant, ChangeId(key)) if key else None
    return record is not None and record.device == device.id


def _event(device: Device, path: str, value: str, by: By, at: datetime, detail: str = "") -> Event:
    return Event(
        tenant=device.tenant,
        device=device.id,
        kind=EventKind.VALUE_CHANGE,
        at=at,
        path=path,
        value=value,
        detail=detail,
        by=by,
        firmware=device.firmware,
    )


def _bounded(entries: Sequence[Event]) -> list[Event]:
    left_out = len(entries) - _MOST
    if left_out <= 0:
        return list(entries)
    more = replace(entries[0], path="", value="", detail=f"and {left_out} more", by=None)
    return [*entries[:_MOST], more]


def _row_of(path: str) -> str:
    found = _ROW.match(path)
    return found[0] if found else ""


def is_plain_number(value: str) -> bool:
    """Whether it can be kept as a point: digits, and not more of them than a counter has."""
    return _NUMBER.fullmatch(value) is not None
