"""How changes fared: one row a change, and the sums of them by kind, kept in step.

The sums are what is asked for, so a million changes cost as little as one. What a metric was is a
count that a device told, never a setting or a name, so it is kept in the clear.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    Row,
    Table,
    UpdateBase,
    bindparam,
    func,
    select,
)

from brain.domain.autonomy import Evidence, Subject
from brain.domain.fared import EffectSize, Fared, Kind
from brain.domain.history import TrackRecord
from brain.domain.identity import ChangeId, DeviceId, TenantId
from brain.domain.proposal import Cause
from brain.store.columns import metadata, moment, one_of, words
from brain.store.repository import Repository, insert_for

_KIND: Final = ("cause", "templates", "manufacturer", "model", "firmware")
_SUMS: Final = ("tried", "succeeded", "measured", "shares", "squares")
_READINGS: Final = ("promised", "before", "after", "gain")

fared = Table(
    "fared",
    metadata,
    words("tenant", key=True),
    words("change", key=True),
    words("device"),
    one_of("cause", Cause),
    *(words(name) for name in _KIND[1:]),
    words("metric"),
    *(Column(name, BigInteger) for name in _READINGS),
    Column("watched", Float),
    Column("held", Boolean),
    moment("at"),
    ForeignKeyConstraint(["tenant", "change"], ["changes.tenant", "changes.id"]),
    Index(None, "tenant", "cause", "manufacturer", "model", "at"),
    Index(None, "tenant", "device", "at"),
)
kinds = Table(
    "fared_kinds",
    metadata,
    words("tenant", key=True),
    Column("cause", fared.c.cause.type, primary_key=True, nullable=False),
    *(words(name, key=True) for name in _KIND[1:]),
    *(Column(name, Integer, nullable=False) for name in _SUMS[:3]),
    *(Column(name, Float, nullable=False) for name in _SUMS[3:]),
)
_of_tenant = kinds.c.tenant == bindparam("tenant")
_this = select(fared).where(
    fared.c.tenant == bindparam("tenant"), fared.c.change == bindparam("change")
)
_of_device = (
    select(fared)
    .where(fared.c.tenant == bindparam("tenant"), fared.c.device == bindparam("device"))
    .order_by(fared.c.at.desc(), fared.c.change)
    .limit(bindparam("count"))
)
_totals = [func.sum(kinds.c[name]).label(name) for name in _SUMS]
_record = select(*_totals).where(_of_tenant, *(kinds.c[n] == bindparam(n) for n in _KIND))
_of_subject = select(kinds.c.tried, kinds.c.succeeded).where(
    _of_tenant, *(kinds.c[n] == bindparam(n) for n in ("cause", "manufacturer", "model"))
)
_last_of_subject = (
    select(fared.c.held)
    .where(
        fared.c.tenant == bindparam("tenant"),
        *(fared.c[n] == bindparam(n) for n in ("cause", "manufacturer", "model")),
        fared.c.held.is_not(None),
    )
    .order_by(fared.c.at.desc())
    .limit(bindparam("count"))
)
_IN_A_ROW: Final = 1000
"""As far back as a run of successes is followed where nobody counted along."""


class FaredChanges(Repository):
    """Written by the ledger alone, in the transaction of what happened."""

    __slots__ = ()

    async def get(self, tenant: TenantId, change: ChangeId) -> Fared | None:
        """How one change fared; None when nothing is known of it yet."""
        row = await self._db.row(_this, {"tenant": tenant, "change": change})
        return None if row is None else _fared(row)

    async def of_device(
        self, tenant: TenantId, device: DeviceId, *, limit: int = 100
    ) -> Sequence[Fared]:
        """Newest first."""
        values = {"tenant": tenant, "device": device, "count": limit}
        return [_fared(row) for row in await self._db.rows(_of_device, values)]

    async def put(self, one: Fared) -> None:
        """Keep it instead of what was known of the change, and keep the sums in step."""
        before = await self.get(one.tenant, one.change)
        watched = one.watched.total_seconds() if one.watched is not None else None
        values = {name: getattr(one, name) for name in ("tenant", "change", "device", "metric")}
        readings = {name: getattr(one, name) for name in (*_READINGS, "held", "at")}
        kind = {name: getattr(one.kind, name) for name in _KIND}
        await self._upsert(fared, {**values, **kind, **readings, "watched": watched})
        if before is not None:
            await self._count(before, -1)
        await self._count(one, 1)

    async def _count(self, one: Fared, times: int) -> None:
        if one.held is None:
            return
        kind = {name: getattr(one.kind, name) for name in _KIND}
        sums = {name: times * value for name, value in _summed(one).items()}
        await self._db.run(_add(self._db.dialect), {"tenant": one.tenant, **kind, **sums})

    async def record(self, tenant: TenantId, kind: Kind) -> TrackRecord:
        """How often this very kind was carried out and held, and by how much it helped."""
        values = {name: getattr(kind, name) for name in _KIND}
        row = await self._db.row(_record, {"tenant": tenant, **values})
        assert row is not None  # sums always give a row
        return _track_record(row)

    async def evidence(self, tenant: TenantId, subject: Subject) -> Evidence:
        """All that was carried out for a cause on a model, whatever was changed."""
        named = {
            "tenant": tenant,
            "cause": subject.cause,
            "manufacturer": subject.manufacturer,
            "model": subject.model,
        }
        rows = await self._db.rows(_of_subject, named)
        last = await self._db.rows(_last_of_subject, {**named, "count": _IN_A_ROW})
        broken = [n for n, row in enumerate(last) if not row.held]
        return Evidence(
            tried=sum(row.tried for row in rows),
            succeeded=sum(row.succeeded for row in rows),
            in_a_row=broken[0] if broken else len(last),
        )

    async def rates(
        self, tenant: TenantId, by: Sequence[str], *, only: dict[str, str], limit: int = 200
    ) -> list[tuple[dict[str, str], TrackRecord]]:
        """Records by these fields of ``Kind``, most often tried first; ``only`` narrows them."""
        shown = [kinds.c[name] for name in by]
        narrowed = [kinds.c[name] == bindparam(name) for name in only]
        statement = (
            select(*shown, *_totals)
            .where(_of_tenant, *narrowed)
            .group_by(*shown)
            .order_by(func.sum(kinds.c.tried).desc(), *shown)
            .limit(bindparam("count"))
        )
        rows = await self._db.rows(statement, {"tenant": tenant, "count": limit, **only})
        return [({n: str(getattr(row, n)) for n in by}, _track_record(row)) for row in rows]


def _summed(one: Fared) -> dict[str, float]:
    share = one.share
    return {
        "tried": 1,
        "succeeded": int(bool(one.held)),
        "measured": int(share is not None),
        "shares": share or 0.0,
        "squares": (share or 0.0) ** 2,
    }


def _track_record(row: Row[Any]) -> TrackRecord:
    effect = EffectSize.of(row.measured or 0, row.shares or 0.0, row.squares or 0.0)
    return TrackRecord(tried=row.tried or 0, succeeded=row.succeeded or 0, effect=effect)


def _fared(row: Row[Any]) -> Fared:
    return Fared(
        tenant=row.tenant,
        change=row.change,
        device=row.device,
        kind=Kind(**{name: getattr(row, name) for name in _KIND}),
        at=row.at,
        held=row.held,
        metric=row.metric,
        watched=timedelta(seconds=row.watched) if row.watched is not None else None,
        **{name: getattr(row, name) for name in _READINGS},
    )


@cache
def _add(dialect: str) -> UpdateBase:
    insert = insert_for(kinds, dialect)
    more = {name: kinds.c[name] + insert.excluded[name] for name in _SUMS}
    return insert.on_conflict_do_update(index_elements=list(kinds.primary_key), set_=more)
