"""Tallies: what each rule has counted so far of each device, a few numbers a row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, Index, Table, Text, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql

from brain.domain.identity import DeviceId, TenantId
from brain.store.among import among
from brain.store.columns import Moment, metadata, moment, words
from brain.store.repository import Repository

tallies = Table(
    "tallies",
    metadata,
    words("tenant", key=True),
    words("device", key=True),
    words("rule", key=True),
    words("path", key=True),
    words("counted"),
    moment("at"),
    Index(None, "at"),
)
_KEY = (tallies.c.tenant, tallies.c.device, tallies.c.rule, tallies.c.path)
_get = (
    select(*_KEY, tallies.c.counted)
    .where(
        among(tallies.c.tenant, "tenants"),
        among(tallies.c.device, "devices"),
    )
    .order_by(*_KEY)
    .with_for_update()
)
_columns = [
    *(
        func.unnest(bindparam(f"{name}s", type_=ARRAY(Text))).label(name)
        for name in ("tenant", "device", "rule", "path", "counted")
    ),
    bindparam("now", type_=Moment).label("at"),
]
_arrays = select(*_columns)
_prune = delete(tallies).where(tallies.c.at < bindparam("before", type_=Moment))


@dataclass(frozen=True, slots=True, order=True)
class TallyKey:
    """Which tally: of a device, for a rule, over one path or (empty) over all of the rule's."""

    tenant: TenantId
    device: DeviceId
    rule: str
    path: str


class Tallies(Repository):
    """Held while they are added to: two who evaluate at once do not lose each other's counts."""

    __slots__ = ()

    async def hold(self, keys: Iterable[TallyKey], now: datetime) -> dict[TallyKey, str]:
        """What was counted under these keys, empty where nothing was yet, until the end."""
        found = dict.fromkeys(sorted(keys), "")
        if found and self._db.dialect == "postgresql":  # what is not there cannot be held: make it
            await self._db.run(_make, _as_arrays(found, now))
        tenants = sorted({key.tenant for key in found})
        for devices in _some(sorted({key.device for key in found})):
            for row in await self._db.rows(_get, {"tenants": tenants, "devices": devices}):
                key = TallyKey(row.tenant, row.device, row.rule, row.path)
                if key in found:
                    found[key] = row.counted
        return found

    async def put(self, counted: Mapping[TallyKey, str], now: datetime) -> None:
        """Keep what was counted."""
        ordered = dict(sorted(counted.items()))
        if not ordered:
            return
        if self._db.dialect == "postgresql":  # one statement, not one a row
            await self._db.run(_put, _as_arrays(ordered, now))
        else:
            await self._upsert(
                tallies,
                [{**_named(key), "counted": text, "at": now} for key, text in ordered.items()],
            )

    async def prune(self, before: datetime) -> int:
        """Forget what nothing was added to since then; returns how many."""
        return await self._db.run(_prune, {"before": before})


def _named(key: TallyKey) -> dict[str, str]:
    return {"tenant": key.tenant, "device": key.device, "rule": key.rule, "path": key.path}


def _as_arrays(counted: Mapping[TallyKey, str], now: datetime) -> dict[str, object]:
    return {
        "tenants": [key.tenant for key in counted],
        "devices": [key.device for key in counted],
        "rules": [key.rule for key in counted],
        "paths": [key.path for key in counted],
        "counteds": [*counted.values()],
        "now": now,
    }


def _some(items: Sequence[DeviceId], most: int = 5000) -> Iterable[Sequence[DeviceId]]:
    return (items[start : start + most] for start in range(0, len(items), most))


def _from_arrays() -> postgresql.Insert:
    names = [column.name for column in tallies.c]
    return postgresql.insert(tallies).from_select(names, _arrays)


_make = _from_arrays().on_conflict_do_nothing()
_put = _from_arrays()
_put = _put.on_conflict_do_update(
    index_elements=list(tallies.primary_key),
    set_={name: _put.excluded[name] for name in ("counted", "at")},
)
