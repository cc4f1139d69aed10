"""API tokens: only their hashes are kept, and what each is good for, sealed."""

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    LargeBinary,
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
from brain.domain.errors import Altered, Unreadable
from brain.domain.identity import Principal, TenantId
from brain.store.codec import Codec
from brain.store.columns import Moment, WordSet, metadata, words
from brain.store.connection import Connection
from brain.store.principals import COLUMNS, principal_of, principals
from brain.store.repository import Repository, columns_of, context

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
    Column("sealed", LargeBinary),
    ForeignKeyConstraint(["tenant", "principal"], ["principals.tenant", "principals.id"]),
    UniqueConstraint("tenant", "name"),
)
_FIELDS = tuple(field.name for field in fields(TokenRecord))
_codec = Codec(TokenRecord, "token")
_log = structlog.get_logger(__name__)
TOKEN = tuple(tokens.c[name].label(f"token_{name}") for name in (*_FIELDS, "hash", "sealed"))
_theirs = and_(tokens.c.tenant == principals.c.tenant, tokens.c.principal == principals.c.id)
_named = and_(tokens.c.tenant == bindparam("tenant"), tokens.c.name == bindparam("name"))
_add = insert(tokens)
_by_hash = (
    select(*COLUMNS, *TOKEN)
    .join(tokens, _theirs)
    .where(
        tokens.c.hash == bindparam("hash"),
        or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > bindparam("now")),
        not_(principals.c.disabled),
    )
)
_list = (
    select(*COLUMNS, *TOKEN)
    .join(principals, _theirs)
    .where(tokens.c.tenant == bindparam("tenant"))
    .order_by(tokens.c.name)
)
_get = select(*TOKEN).where(_named)
_used = select(tokens.c.used_at).where(tokens.c.hash == bindparam("hash"))
_touch = update(tokens).where(tokens.c.hash == bindparam("of")).values(used_at=bindparam("at"))
_retire = (
    update(tokens)
    .where(tokens.c.tenant == bindparam("of"), tokens.c.name == bindparam("was"))
    .values(name=bindparam("becomes"), expires_at=bindparam("ends"), sealed=bindparam("document"))
)
_revoke = delete(tokens).where(_named)


class Tokens(Repository):
    """Each stands for one principal, with the roles they have at that moment."""

    __slots__ = ()

    async def add(self, token_hash: str, record: TokenRecord) -> None:
        """Keep a token's hash. Conflict when the name is taken or the principal is not kept."""
        values = {"hash": token_hash, **columns_of(record)}
        await self._db.run(_add, {**values, "sealed": self._document(token_hash, record)})

    async def by_hash(self, token_hash: str, *, now: datetime) -> Principal | None:
        """Whom it stands for.

        None for an unknown, revoked or expired token, and for one of somebody who is disabled.
        Raises Altered where SQL gave it, or whom it stands for, more than was given here.
        """
        row = await self._db.row(_by_hash, {"hash": token_hash, "now": now})
        return None if row is None else principal_of(self._db, row, record_of(self._db, row).scopes)

    async def used_at(self, token_hash: str) -> datetime | None:
        """When it was last noted as used."""
        row = await self._db.row(_used, {"hash": token_hash})
        return None if row is None else row.used_at

    async def touch(self, token_hash: str, at: datetime) -> None:
        """It was used."""
        await self._db.run(_touch, {"of": token_hash, "at": at})

    async def get(self, tenant: TenantId, name: str) -> TokenRecord | None:
        """What is known of it; None when the tenant has none of that name. Raises Altered."""
        row = await self._db.row(_get, {"tenant": tenant, "name": name})
        return None if row is None else record_of(self._db, row)

    async def list(self, tenant: TenantId) -> list[tuple[TokenRecord, Principal]]:
        """Every one that was not revoked, by name, and whom it stands for.

        One that was altered, or whose principal was, is not among them; the log says so.
        """
        found = []
        for row in await self._db.rows(_list, {"tenant": tenant}):
            try:
                found.append((record_of(self._db, row), principal_of(self._db, row)))
            except Altered as altered:
                _log.error("token_altered", principal=altered.principal)
        return found

    async def retire(self, tenant: TenantId, name: str, as_name: str, ends: datetime) -> None:
        """Give its name away, and let it expire at ``ends``."""
        row = await self._db.row(_get, {"tenant": tenant, "name": name})
        if row is None:
            return
        retired = replace(record_of(self._db, row), name=as_name, expires_at=ends)
        document = self._document(row.token_hash, retired)
        values = {"of": tenant, "was": name, "becomes": as_name, "ends": ends}
        await self._db.run(_retire, {**values, "document": document})

    async def revoke(self, tenant: TenantId, name: str) -> bool:
        """Make it worthless at once; whether there was one of that name."""
        return await self._db.run(_revoke, {"tenant": tenant, "name": name}) > 0

    def _document(self, token_hash: str, record: TokenRecord) -> bytes:
        """All that is known of it but its last use, which is written again and again."""
        return self._seal(_codec, replace(record, used_at=None), "tokens", token_hash)


def record_of(db: Connection, row: Row[Any]) -> TokenRecord:
    """The record in a row that has ``TOKEN`` among its columns. Raises Altered."""
    said = TokenRecord(**{name: row._mapping[f"token_{name}"] for name in _FIELDS})
    place = context("tokens", row.token_hash)
    try:
        kept = _codec.decode(db.cipher.decrypt(row.token_sealed or b"", place))
    except Unreadable:
        kept = None
    if kept is None or kept != replace(said, used_at=None):
        raise Altered("token", tenant=said.tenant, principal=said.principal)
    return said
