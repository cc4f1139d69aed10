"""Snapshots: what each device last said, path by path, encrypted.

Kept in parts, one for each object below the root (``Device.WiFi.``): a reading then rewrites those
parts and not the thousands of values of the whole device. What Informs say, a dozen values of as
many objects again and again, is in a part of its own.
"""

import zlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Row, Table, bindparam, select

from brain.domain.errors import NotFound, Unreadable
from brain.domain.history import Difference, Point
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.store.among import among
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.devices import devices
from brain.store.parts import (
    Part,
    by_part,
    differences,
    is_root,
    merged,
    moment_of,
    part_of,
    said_again,
    said_in,
    snapshot_of,
    ticks,
    without,
)
from brain.store.repository import Repository, context

snapshots = Table(
    "snapshots",
    metadata,
    words("tenant", key=True),
    words("device", key=True),
    words("part", key=True),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
)
Owner = tuple[TenantId, DeviceId]
_codec: Codec[Part] = Codec(Part, "snapshot")

_FRESH = ""
"""The part of what Informs said: never older than what another part has of the same path."""
_MOST_FRESH = 256
"""Paths in it; with more each is put where it belongs."""
_SMALL = 2048
"""Bytes that are not worth packing: setting that up costs more than all the rest."""

_of_device = select(snapshots).where(
    snapshots.c.tenant == bindparam("tenant"), snapshots.c.device == bindparam("device")
)
_some = _of_device.where(among(snapshots.c.part, "parts"))
# Held until the end, so that two who merge a new part at once do not lose one's values.
_lock = (
    select(devices.c.id)
    .where(devices.c.tenant == bindparam("tenant"), devices.c.id == bindparam("device"))
    .with_for_update(key_share=True)
)

_of_many = (
    among(devices.c.tenant, "tenants"),
    among(devices.c.id, "devices"),
)
_lock_all = (
    select(devices.c.id).where(*_of_many).order_by(devices.c.id).with_for_update(key_share=True)
)
_some_of_all = select(snapshots).where(
    among(snapshots.c.tenant, "tenants"),
    among(snapshots.c.device, "devices"),
    among(snapshots.c.part, "parts"),
)


_some_of_many = select(snapshots).where(
    snapshots.c.tenant == bindparam("tenant"),
    among(snapshots.c.device, "devices"),
    among(snapshots.c.part, "parts"),
)


class Snapshots(Repository):
    """One a device, growing with what it says."""

    __slots__ = ()

    async def latest(
        self, tenant: TenantId, device: DeviceId, *, below: Sequence[str] = ()
    ) -> Snapshot | None:
        """All that the device said, each path as said last; None when it never said anything.

        ``taken_at`` is when it last said any of it. ``below`` asks for some of the objects below
        the root alone (``Device.WiFi.``), and spares reading the rest.
        """
        key = {"tenant": tenant, "device": device}
        parts = set() if any(map(is_root, below)) else set(map(part_of, below))
        said = self._joined(await self._rows(key, parts), parts)
        return snapshot_of(device, said) if said else None

    async def heard(
        self, tenant: TenantId, device: DeviceId, paths: Collection[str]
    ) -> dict[ParameterPath, Point]:
        """What each of these paths was when it was last said, and when that was."""
        parts = set(map(part_of, paths))
        rows = await self._rows({"tenant": tenant, "device": device}, parts)
        return {
            ParameterPath(path): Point(moment_of(at), value)
            for path, (value, _, at) in self._joined(rows, parts).items()
            if path in paths and value is not None
        }

    async def latest_of(
        self, tenant: TenantId, devices: Collection[DeviceId], *, below: Sequence[str]
    ) -> dict[DeviceId, Snapshot]:
        """``latest`` of many devices; one that said nothing of these objects is left out."""
        parts = set(map(part_of, below))
        if not parts:
            return {}
        key = {"tenant": tenant, "devices": [*devices], "parts": sorted({*parts, _FRESH})}
        rows: dict[DeviceId, list[Row[Any]]] = {}
        for row in await self._db.rows(_some_of_many, key):
            rows.setdefault(row.device, []).append(row)
        said = {device: self._joined(each, parts) for device, each in rows.items()}
        return {device: snapshot_of(device, each) for device, each in said.items() if each}

    async def merge(
        self, tenant: TenantId, snapshot: Snapshot, *, whole: Sequence[str] = ()
    ) -> list[Difference]:
        """Newer values replace older ones, path by path; an older snapshot replaces nothing newer.

        ``whole`` names object paths that were read whole: what was said of them before and is
        absent now is gone from the device, and forgotten. Gives what differs from what was said
        before; what was never said differs from nothing. NotFound for an unknown device.
        """
        key = {"tenant": tenant, "device": snapshot.device}
        if await self._db.row(_lock, key) is None:
            raise NotFound(f"there is no device {snapshot.device}", field="device")
        new = by_part(said_in(snapshot))
        if not new and not whole:
            return []
        of_all = any(map(is_root, whole))
        parts = set() if of_all else {*new, *map(part_of, whole)}
        old = {row.part: self._opened(row) for row in await self._rows(key, parts)}
        fresh = old.pop(_FRESH, {})
        moved = {path: said for path, said in fresh.items() if of_all or part_of(path) in parts}
        for part, said in by_part(moved).items():
            old[part] = merged(old.get(part, {}), said)
        found: list[Difference] = []
        values = []
        for part in sorted(old.keys() | new.keys()):
            kept = without(old.get(part, {}), tuple(whole), ticks(snapshot.taken_at))
            now = merged(kept, new.get(part, {}))
            found += differences(old.get(part, {}), now, whole)
            values.append(self._row(tenant, snapshot.device, part, now))
        if moved:
            left = {path: said for path, said in fresh.items() if path not in moved}
            values.append(self._row(tenant, snapshot.device, _FRESH, left))
        if values:
            await self._upsert(snapshots, values)
        return found

    async def merge_informs(
        self, given: Sequence[tuple[TenantId, Snapshot]], *, held: bool = False
    ) -> dict[DeviceId, list[Difference]]:
        """Merge what Informs said of many devices in a few statements.

        Each device is given once, and is stored; ``held``: ``Devices.hold`` was called for all of
        them in this transaction.
        """
        new = {(tenant, each.device): said_in(each) for tenant, each in given}
        if not new:
            return {}
        key = _key_of(new)
        if not held and len(await self._db.rows(_lock_all, key)) < len(new):
            raise NotFound("one of these devices is not stored", field="device")
        fresh = await self._parts(new, {_FRESH})
        older = await self._older(new, fresh)
        found: dict[DeviceId, list[Difference]] = {}
        values = []
        for owner, said in new.items():
            last = fresh.get(owner, {})
            now, found[owner[1]] = said_again(older.get(owner, {}) | last, said)
            after = last | now
            if len(after) > _MOST_FRESH:
                await self._put_where_it_belongs(*owner, after)
                after = {}
            values.append(self._row(*owner, _FRESH, after))
        if values:
            await self._upsert(snapshots, values)
        return found

    async def _older(
        self, new: Mapping[Owner, Part], fresh: Mapping[Owner, Part]
    ) -> "dict[Owner, Part]":
        """What is known elsewhere of what Informs did not say before."""
        missing = {owner: said.keys() - fresh.get(owner, {}).keys() for owner, said in new.items()}
        owners = [owner for owner, paths in missing.items() if paths]
        if not owners:
            return {}
        return await self._parts(
            owners, {part_of(path) for each in owners for path in missing[each]}
        )

    async def _put_where_it_belongs(self, tenant: TenantId, device: DeviceId, said: Part) -> None:
        parts = by_part(said)
        rows = await self._rows({"tenant": tenant, "device": device}, parts.keys())
        old = {row.part: self._opened(row) for row in rows if row.part != _FRESH}
        values = [
            self._row(tenant, device, part, merged(old.get(part, {}), each))
            for part, each in parts.items()
        ]
        await self._upsert(snapshots, values)

    async def _parts(self, owners: Collection[Owner], parts: Collection[str]) -> dict[Owner, Part]:
        """What these parts of many devices have, as one."""
        key = {**_key_of(owners), "parts": sorted(parts)}
        found: dict[Owner, Part] = {}
        for row in await self._db.rows(_some_of_all, key):
            found.setdefault((row.tenant, row.device), {}).update(self._opened(row))
        return found

    async def _rows(self, key: dict[str, Any], parts: Collection[str]) -> Sequence[Row[Any]]:
        """These parts and what Informs said, or all parts where none is named."""
        if not parts:
            return await self._db.rows(_of_device, key)
        return await self._db.rows(_some, {**key, "parts": sorted({*parts, _FRESH})})

    def _joined(self, rows: Sequence[Row[Any]], parts: Collection[str]) -> Part:
        """These rows of one device as one; of what Informs said, what belongs to these parts."""
        opened = {row.part: self._opened(row) for row in rows}
        fresh = opened.pop(_FRESH, {})
        said = {path: each for part in opened.values() for path, each in part.items()}
        if parts:
            fresh = {path: each for path, each in fresh.items() if part_of(path) in parts}
        return merged(said, fresh)

    def _row(self, tenant: TenantId, device: DeviceId, part: str, said: Part) -> dict[str, Any]:
        place = context("snapshots", tenant, device, part)
        document = self._db.cipher.encrypt(packed(said), place)
        return {"tenant": tenant, "device": device, "part": part, "sealed": document}

    def _opened(self, row: Row[Any]) -> Part:
        place = context("snapshots", row.tenant, row.device, row.part)
        document = self._db.cipher.decrypt(row.sealed, place)
        try:
            plain = document if document.startswith(b"{") else zlib.decompress(document)
            return _codec.decode(plain)
        except zlib.error as error:
            raise Unreadable("a stored snapshot is damaged") from error


def packed(said: Part) -> bytes:
    """A part as it is before it is sealed: JSON, compressed where it is large."""
    plain = _codec.encode(said)
    return plain if len(plain) < _SMALL else zlib.compress(plain, level=1)


def _key_of(owners: Collection[Owner]) -> dict[str, list[str]]:
    return {
        "tenants": sorted({tenant for tenant, _ in owners}),
        "devices": sorted({device for _, device in owners}),
    }
