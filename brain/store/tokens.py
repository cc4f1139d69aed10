"""API tokens: only their hashes are kept."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Row,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    insert,
    not_,
    or_,
    select,
    update,
)

from brain.domain.entrance import TokenRecord
from brain.domain.identity import Principal, PrincipalKind, TenantId
from brain.store.columns import Moment, WordSet, metadata, words
from brain.store.principals import COLUMNS, principal_of, principals
from brain.store.repository import Repository, columns_of

tokens = Table(
    "tokens",
    metadata,
    words("hash", key=True),
    words("tenant"),
    words("principal"),
    words("name"),
    Column("expires_at", Moment),
    Column("scopes", WordSet),
    Column("created_at", Moment),
    Column("used_at", Moment),
    ForeignKeyConstraint(["tenant", "principal"], ["principals.tenant", "principals.id"]),
    UniqueConstraint("tenant", "name"),
)
_FIELDS = tuple(field.name for field in fields(TokenRecord))
_known = tuple(tokens.c[name] for name in _FIELDS)
_theirs = and_(tokens.c.tenant == principals.c.tenant, tokens.c.principal == principals.c.id)
_named = and_(tokens.c.tenant == bindparam("tenant"), tokens.c.name == bindparam("name"))
_add = insert(tokens)
_by_hash = (
    select(*COLUMNS, tokens.c.scopes)
    .join(tokens, _theirs)
    .where(
        tokens.c.hash == bindparam("hash"),
        or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > bindparam("now")),
        not_(principals.c.disabled),
    )
)
_list = (
    select(*_known, principals.c.kind)
    .join(principals, _theirs)
    .where(tokens.c.tenant == bindparam("tenant"))
    .order_by(tokens.c.name)
)
_get = select(*_known).where(_named)
_used = select(tokens.c.used_at).where(tokens.c.hash == bindparam("hash"))
_touch = update(tokens).where(tokens.c.hash == bindparam("of")).values(used_at=bindparam("at"))
_retire = (
    update(tokens)
    .where(tokens.c.tenant == bindparam("of"), tokens.c.name == bindparam("was"))
    .values(name=bindparam("becomes"), expires_at=bindparam("ends"))
)
_revoke = delete(tokens).where(_named)


class Tokens(Repository):
    """Each stands for one principal, with the roles they have at that moment."""

    __slots__ = ()

    async def add(self, token_hash: str, record: TokenRecord) -> None:
        """Keep a token's hash. Conflict when the name is taken or the principal is not kept."""
        await self._db.run(_add, {"hash": token_hash, **columns_of(record)})

    async def by_hash(self, token_hash: str, *, now: datetime) -> Principal | None:
        """Whom it stands for.

        None for an unknown, revoked or expired token, and for one of somebody who is disabled.
        """
        row = await self._db.row(_by_hash, {"hash": token_hash, "now": now})
        return None if row is None else principal_of(row, row.scopes)

    async def used_at(self, token_hash: str) -> datetime | None:
        """When it was last noted as used."""
        row = await self._db.row(_used, {"hash": token_hash})
        return None if row is None else row.used_at

    async def touch(self, token_hash: str, at: datetime) -> None:
        """It was used."""
        await self._db.run(_touch, {"of": token_hash, "at": at})

    async def get(self, tenant: TenantId, name: str) -> TokenRecord | None:
        """What is known of it; None when the tenant has none of that name."""
        row = await self._db.row(_get, {"tenant": tenant, "name": name})
        return None if row is None else _record(row)

    async def list(self, tenant: TenantId) -> list[tuple[TokenRecord, PrincipalKind]]:
        """Every one that was not revoked, by name, and what kind of principal it stands for."""
        rows = await self._db.rows(_list, {"tenant": tenant})
        return [(_record(row), row.kind) for row in rows]

    async def retire(self, tenant: TenantId, name: str, as_name: str, ends: datetime) -> None:
        """Give its name away, and let it expire at ``ends``."""
        values = {"of": tenant, "was": name, "becomes": as_name, "ends": ends}
        await self._db.run(_retire, values)

    async def revoke(self, tenant: TenantId, name: str) -> bool:
        """Make it worthless at once; whether there was one of that name."""
        return await self._db.run(_revoke, {"tenant": tenant, "name": name}) > 0


def _record(row: Row[Any]) -> TokenRecord:
    return TokenRecord(**{name: row._mapping[name] for name in _FIELDS})
