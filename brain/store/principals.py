"""Principals: who may call, and what they are trusted with."""

from dataclasses import fields
from typing import Any

from sqlalchemy import Boolean, Column, Row, Table, bindparam, false, select, update

from brain.domain.entrance import Account
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId
from brain.store.columns import WordSet, metadata, one_of, words
from brain.store.repository import Repository, insert_for

principals = Table(
    "principals",
    metadata,
    words("tenant", key=True),
    words("id", key=True),
    one_of("kind", PrincipalKind),
    Column("roles", WordSet(Role), nullable=False),
    Column("groups", WordSet, nullable=False),
    words("name"),
    Column("disabled", Boolean, nullable=False, server_default=false()),
)
_KEPT = tuple(field.name for field in fields(Principal) if field.name != "scopes")
"""Scopes belong to the credential in hand, not to whom it stands for."""
COLUMNS = tuple(principals.c[name] for name in _KEPT)
_of_tenant = principals.c.tenant == bindparam("tenant")
_get = select(*COLUMNS).where(_of_tenant, principals.c.id == bindparam("id"))
_name = select(principals.c.name).where(_of_tenant, principals.c.id == bindparam("id"))
_disabled = select(principals.c.id).where(_of_tenant, principals.c.disabled)
_accounts = (
    select(*COLUMNS, principals.c.name, principals.c.disabled)
    .where(_of_tenant)
    .order_by(principals.c.id)
)
_people = (
    select(*COLUMNS)
    .where(
        _of_tenant,
        principals.c.kind == PrincipalKind.PERSON,
        principals.c.disabled.is_(False),
    )
    .order_by(principals.c.id)
)
_set_disabled = (
    update(principals)
    .where(principals.c.tenant == bindparam("of"), principals.c.id == bindparam("who"))
    .values(disabled=bindparam("disabled"))
)


class Principals(Repository):
    """Kept by id."""

    __slots__ = ()

    async def put(self, principal: Principal, name: str) -> None:
        """Add them, or replace the one of the same id. ``name`` is how people know them.

        Whoever is disabled stays so.
        """
        insert = insert_for(principals, self._db.dialect)
        new = {each: insert.excluded[each] for each in ("kind", "roles", "groups", "name")}
        values = {each: getattr(principal, each) for each in _KEPT} | {"name": name}
        statement = insert.on_conflict_do_update(index_elements=["tenant", "id"], set_=new)
        await self._db.run(statement, values)

    async def get(self, tenant: TenantId, principal: PrincipalId) -> Principal | None:
        """The principal, or None when the tenant has none of that id."""
        row = await self._db.row(_get, {"tenant": tenant, "id": principal})
        return None if row is None else principal_of(row)

    async def name(self, tenant: TenantId, principal: PrincipalId) -> str | None:
        """How people know them; None when the tenant has none of that id."""
        row = await self._db.row(_name, {"tenant": tenant, "id": principal})
        return None if row is None else str(row.name)

    async def people(self, tenant: TenantId) -> list[Principal]:
        """Every person of the tenant whom nobody shut out, by id; machines are not among them."""
        return [principal_of(row) for row in await self._db.rows(_people, {"tenant": tenant})]

    async def accounts(self, tenant: TenantId) -> list[Account]:
        """Everybody and everything that may call, or was shut out, by id."""
        return [
            Account(principal=principal_of(row), name=row.name, disabled=row.disabled)
            for row in await self._db.rows(_accounts, {"tenant": tenant})
        ]

    async def disable(self, tenant: TenantId, principal: PrincipalId, *, disabled: bool) -> bool:
        """Make every token and session of theirs stand for nobody, or take that back.

        Whether the tenant has such a principal.
        """
        values = {"of": tenant, "who": principal, "disabled": disabled}
        return await self._db.run(_set_disabled, values) > 0

    async def disabled(self, tenant: TenantId) -> frozenset[PrincipalId]:
        """Everybody whom ``disable`` shut out."""
        rows = await self._db.rows(_disabled, {"tenant": tenant})
        return frozenset(PrincipalId(row.id) for row in rows)


def principal_of(row: Row[Any], scopes: frozenset[str] | None = None) -> Principal:
    """The principal in a row that has ``COLUMNS`` among its columns."""
    return Principal(**{name: row._mapping[name] for name in _KEPT}, scopes=scopes)
