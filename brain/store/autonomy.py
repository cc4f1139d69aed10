"""Autonomy: where each playbook stands on each model, sealed, so that SQL raises none."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Row, Table, bindparam, select

from brain.domain.autonomy import Standing, Subject
from brain.domain.errors import Unreadable
from brain.domain.identity import TenantId
from brain.domain.proposal import Cause
from brain.store.codec import Codec
from brain.store.columns import Word, metadata, sealed, words
from brain.store.repository import Repository, insert_for

autonomy = Table(
    "autonomy",
    metadata,
    words("tenant", key=True),
    Column("cause", Word(Cause), primary_key=True, nullable=False),
    words("manufacturer", key=True),
    words("model", key=True),
    sealed("sealed"),
)
_codec = Codec(Standing, "standing")
_of_tenant = autonomy.c.tenant == bindparam("tenant")
_list = (
    select(autonomy)
    .where(_of_tenant)
    .order_by(autonomy.c.cause, autonomy.c.manufacturer, autonomy.c.model)
)
_get = select(autonomy).where(
    _of_tenant,
    *(autonomy.c[name] == bindparam(name) for name in ("cause", "manufacturer", "model")),
)
_hold = _get.with_for_update()


class Autonomy(Repository):
    """One row a playbook and model; there is none before anything was heard of it."""

    __slots__ = ()

    async def get(self, tenant: TenantId, subject: Subject) -> Standing | None:
        """Where it stands; None when nothing was heard of it yet."""
        row = await self._db.row(_get, _key(tenant, subject))
        return None if row is None else self._standing(row)

    async def hold(self, first: Standing) -> Standing:
        """Where it stands, and nobody else moves it until the transaction ends.

        ``first`` is kept where nothing was heard of it yet.
        """
        key = _key(first.tenant, first.subject)
        insert = insert_for(autonomy, self._db.dialect).on_conflict_do_nothing()
        await self._db.run(insert, {**key, "sealed": self._document(first)})
        row = await self._db.row(_hold, key)
        assert row is not None  # it was put there just now
        return self._standing(row)

    async def put(self, standing: Standing) -> None:
        """Keep it instead of the one before."""
        key = _key(standing.tenant, standing.subject)
        await self._upsert(autonomy, {**key, "sealed": self._document(standing)})

    async def list(self, tenant: TenantId) -> Sequence[Standing]:
        """All of a tenant: by cause, manufacturer and model."""
        return [self._standing(row) for row in await self._db.rows(_list, {"tenant": tenant})]

    def _document(self, standing: Standing) -> bytes:
        place = ("autonomy", *map(str, _key(standing.tenant, standing.subject).values()))
        return self._seal(_codec, standing, *place)

    def _standing(self, row: Row[Any]) -> Standing:
        subject = Subject(cause=row.cause, manufacturer=row.manufacturer, model=row.model)
        place = ("autonomy", *map(str, _key(row.tenant, subject).values()))
        standing = self._open(_codec, row.sealed, *place)
        if (standing.tenant, standing.subject) != (row.tenant, subject):
            raise Unreadable(f"the standing of {subject} does not agree with its columns")
        return standing


def _key(tenant: TenantId, subject: Subject) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "cause": subject.cause,
        "manufacturer": subject.manufacturer,
        "model": subject.model,
    }
