"""Principals: who may call, and what they are trusted with."""

from dataclasses import fields

from sqlalchemy import Column, Table, bindparam, select

from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId
from brain.store.columns import WordSet, metadata, one_of, words
from brain.store.repository import Repository, columns_of

principals = Table(
    "principals",
    metadata,
    words("tenant", key=True),
    words("id", key=True),
    one_of("kind", PrincipalKind),
    Column("roles", WordSet(Role), nullable=False),
    Column("groups", WordSet, nullable=False),
    words("name"),
)
COLUMNS = tuple(principals.c[field.name] for field in fields(Principal))
_get = select(*COLUMNS).where(
    principals.c.tenant == bindparam("tenant"), principals.c.id == bindparam("id")
)


class Principals(Repository):
    """Kept by id."""

    __slots__ = ()

    async def put(self, principal: Principal, name: str) -> None:
        """Add them, or replace the one of the same id. ``name`` is how people know them."""
        await self._upsert(principals, {**columns_of(principal), "name": name})

    async def get(self, tenant: TenantId, principal: PrincipalId) -> Principal | None:
        """The principal, or None when the tenant has none of that id."""
        row = await self._db.row(_get, {"tenant": tenant, "id": principal})
        return None if row is None else Principal(**row._mapping)
