"""Snapshots: what each device last said, path by path, encrypted.

Kept in parts, one for each object below the root (``Device.WiFi.``): an Inform with ten values
then rewrites those parts and not the thousands of values of the whole device.
"""

import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Row, Table, bindparam, select

from brain.domain.errors import NotFound, Unreadable
from brain.domain.identity import DeviceId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.devices import devices
from brain.store.repository import Repository, context

Said = tuple[str | None, bool | None, int]
"""A value, whether it is writable, and when that was said in microseconds since 1970."""
Part = dict[str, Said]

snapshots = Table(
    "snapshots",
    metadata,
    words("tenant", key=True),
    words("device", key=True),
    words("part", key=True),
    sealed("sealed"),
    ForeignKeyConstraint(["tenant", "device"], ["devices.tenant", "devices.id"]),
)
_codec: Codec[Part] = Codec(Part, "snapshot")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)

_of_device = select(snapshots).where(
    snapshots.c.tenant == bindparam("tenant"), snapshots.c.device == bindparam("device")
)
_some = _of_device.where(snapshots.c.part.in_(bindparam("parts", expanding=True)))
# Held until the end, so that two who merge a new part at once do not lose one's values.
_lock = (
    select(devices.c.id)
    .where(devices.c.tenant == bindparam("tenant"), devices.c.id == bindparam("device"))
    .with_for_update(key_share=True)
)

_of_many = (
    devices.c.tenant.in_(bindparam("tenants", expanding=True)),
    devices.c.id.in_(bindparam("devices", expanding=True)),
)
_lock_all = (
    select(devices.c.id).where(*_of_many).order_by(devices.c.id).with_for_update(key_share=True)
)
_some_of_all = select(snapshots).where(
    snapshots.c.tenant.in_(bindparam("tenants", expanding=True)),
    snapshots.c.device.in_(bindparam("devices", expanding=True)),
    snapshots.c.part.in_(bindparam("parts", expanding=True)),
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
        said: Part = {}
        rows = await self._rows(key, () if any(map(_is_root, below)) else below)
        for row in rows:
            said |= self._opened(row)
        return _snapshot(device, said) if said else None

    async def merge(
        self, tenant: TenantId, snapshot: Snapshot, *, whole: Sequence[str] = ()
    ) -> None:
        """Newer values replace older ones, path by path; an older snapshot replaces nothing newer.

        ``whole`` names object paths that were read whole: what was said of them before and is
        absent now is gone from the device, and forgotten. NotFound for an unknown device.
        """
        key = {"tenant": tenant, "device": snapshot.device}
        if await self._db.row(_lock, key) is None:
            raise NotFound(f"there is no device {snapshot.device}", field="device")
        new = _by_part(_said(snapshot))
        if not new and not whole:
            return
        of_all = any(map(_is_root, whole))
        rows = await self._rows(key, () if of_all else (*new, *whole))
        old = {row.part: self._opened(row) for row in rows}
        for part in sorted(old.keys() | new.keys()):
            kept = _without(old.get(part, {}), tuple(whole), _ticks(snapshot.taken_at))
            await self._put(tenant, snapshot.device, part, _merged(kept, new.get(part, {})))

    async def merge_all(self, given: Sequence[tuple[TenantId, Snapshot]]) -> None:
        """``merge`` for many devices in a few statements. Each is given once, and is stored."""
        new = {(tenant, each.device): _by_part(_said(each)) for tenant, each in given}
        key = {
            "tenants": sorted({tenant for tenant, _ in new}),
            "devices": sorted({device for _, device in new}),
        }
        if len(await self._db.rows(_lock_all, key)) < len(new):
            raise NotFound("one of these devices is not stored", field="device")
        parts = sorted({part for said in new.values() for part in said})
        if not parts:
            return
        rows = await self._db.rows(_some_of_all, {**key, "parts": parts})
        old = {
            (row.tenant, row.device, row.part): self._opened(row)
            for row in rows
            if row.part in new.get((row.tenant, row.device), ())
        }
        await self._upsert(
            snapshots,
            [
                self._row(*place, part, _merged(old.get((*place, part), {}), said))
                for place, by_part in new.items()
                for part, said in by_part.items()
            ],
        )

    async def _rows(self, key: dict[str, Any], paths: Collection[str]) -> Sequence[Row[Any]]:
        """The parts that hold these paths, or all of them when none is named."""
        if not paths:
            return await self._db.rows(_of_device, key)
        return await self._db.rows(_some, {**key, "parts": sorted(set(map(_part_of, paths)))})

    async def _put(self, tenant: TenantId, device: DeviceId, part: str, said: Part) -> None:
        await self._upsert(snapshots, self._row(tenant, device, part, said))

    def _row(self, tenant: TenantId, device: DeviceId, part: str, said: Part) -> dict[str, Any]:
        packed = zlib.compress(_codec.encode(said), level=1)
        document = self._db.cipher.encrypt(packed, context("snapshots", tenant, device, part))
        return {"tenant": tenant, "device": device, "part": part, "sealed": document}

    def _opened(self, row: Row[Any]) -> Part:
        place = context("snapshots", row.tenant, row.device, row.part)
        packed = self._db.cipher.decrypt(row.sealed, place)
        try:
            return _codec.decode(zlib.decompress(packed))
        except zlib.error as error:
            raise Unreadable("a stored snapshot is damaged") from error


def _said(snapshot: Snapshot) -> Part:
    at = _ticks(snapshot.taken_at)
    paths: Iterable[ParameterPath] = {**snapshot.values, **snapshot.writable}
    return {path: (snapshot.values.get(path), snapshot.writable.get(path), at) for path in paths}


def _merged(old: Part, new: Part) -> Part:
    """What was not said again of a path (its value, or whether it is writable) stays known."""
    merged = dict(old)
    for path, (value, writable, at) in new.items():
        before = old.get(path, (None, None, at))
        if at >= before[2]:
            value = before[0] if value is None else value
            writable = before[1] if writable is None else writable
            merged[path] = (value, writable, at)
    return merged


def _without(old: Part, gone: tuple[str, ...], at: int) -> Part:
    return {path: said for path, said in old.items() if said[2] > at or not path.startswith(gone)}


def _snapshot(device: DeviceId, said: Mapping[str, Said]) -> Snapshot:
    return Snapshot(
        device=device,
        taken_at=_EPOCH + max(at for _, _, at in said.values()) * _TICK,
        values={ParameterPath(path): v for path, (v, _, _) in said.items() if v is not None},
        writable={ParameterPath(path): w for path, (_, w, _) in said.items() if w is not None},
    )


def _by_part(said: Part) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for path, entry in said.items():
        parts.setdefault(_part_of(path), {})[path] = entry
    return parts


def _part_of(path: str) -> str:
    """The object below the root that a path belongs to, without its dot."""
    return ".".join(path.split(".", 2)[:2])


def _is_root(path: str) -> bool:
    """TR-069 A.3.2.3: the empty path names everything, and so does the root object."""
    return path.partition(".")[2] == ""


def _ticks(at: datetime) -> int:
    return (at - _EPOCH) // _TICK
