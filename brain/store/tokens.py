"""API tokens: only their hashes are kept."""

from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
)

from brain.domain.identity import Principal, TenantId
from brain.store.columns import Moment, metadata, words
from brain.store.principals import COLUMNS, principals
from brain.store.repository import Repository

tokens = Table(
    "tokens",
    metadata,
    words("hash", key=True),
    words("tenant"),
    words("principal"),
    words("name"),
    Column("expires_at", Moment),
    ForeignKeyConstraint(["tenant", "principal"], ["principals.tenant", "principals.id"]),
    UniqueConstraint("tenant", "name"),
)
_add = insert(tokens)
_by_hash = (
    select(*COLUMNS)
    .join(
        tokens,
        and_(tokens.c.tenant == principals.c.tenant, tokens.c.principal == principals.c.id),
    )
    .where(
        tokens.c.hash == bindparam("hash"),
        or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > bindparam("now")),
    )
)
_revoke = delete(tokens).where(
    tokens.c.tenant == bindparam("tenant"), tokens.c.name == bindparam("name")
)


class Tokens(Repository):
    """Each stands for one principal, with the roles they have at that moment."""

    __slots__ = ()

    async def add(
        self, token_hash: str, principal: Principal, name: str, expires_at: datetime | None
    ) -> None:
        """Keep a token's hash. Conflict when the name is taken or the principal is not kept."""
        values = {
            "hash": token_hash,
            "tenant": principal.tenant,
            "principal": principal.id,
            "name": name,
            "expires_at": expires_at,
        }
        await self._db.run(_add, values)

    async def by_hash(self, token_hash: str, *, now: datetime) -> Principal | None:
        """Whom it stands for; None for an unknown, revoked or expired token."""
        row = await self._db.row(_by_hash, {"hash": token_hash, "now": now})
        return None if row is None else Principal(**row._mapping)

    async def revoke(self, tenant: TenantId, name: str) -> bool:
        """Make it worthless at once; whether there was one of that name."""
        return await self._db.run(_revoke, {"tenant": tenant, "name": name}) > 0
