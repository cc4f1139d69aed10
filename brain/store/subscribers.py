"""Subscribers: names are encrypted, and found again through keyed digests of their words.

Each beginning of each word has a digest. Who steals the database without the key learns from them
which names begin alike, and no name.
"""

import re
import unicodedata

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Table,
    bindparam,
    delete,
    distinct,
    func,
    insert,
    or_,
    select,
)

from brain.domain.device import Subscriber
from brain.domain.identity import SubscriberId, TenantId
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.repository import Repository, context, pattern

_LONGEST = 12

subscribers = Table(
    "subscribers",
    metadata,
    words("tenant", key=True),
    words("id", key=True),
    sealed("sealed"),
)
beginnings = Table(
    "subscriber_words",
    metadata,
    words("tenant", key=True),
    Column("digest", LargeBinary, primary_key=True),
    words("subscriber", key=True),
    ForeignKeyConstraint(
        ["tenant", "subscriber"], ["subscribers.tenant", "subscribers.id"], ondelete="CASCADE"
    ),
    Index(None, "tenant", "subscriber"),
)
_codec = Codec(Subscriber, "subscriber")
_of_tenant = subscribers.c.tenant == bindparam("tenant")
_get = select(subscribers).where(_of_tenant, subscribers.c.id == bindparam("id"))
_all = select(subscribers).where(_of_tenant).order_by(subscribers.c.id).limit(bindparam("count"))
_named = (
    select(beginnings.c.subscriber)
    .where(
        beginnings.c.tenant == bindparam("tenant"),
        beginnings.c.digest.in_(bindparam("digests", expanding=True)),
    )
    .group_by(beginnings.c.subscriber)
    .having(func.count(distinct(beginnings.c.digest)) == bindparam("asked"))
)
_found = _all.where(
    or_(subscribers.c.id.like(bindparam("like"), escape="\\"), subscribers.c.id.in_(_named))
)
_forget = delete(beginnings).where(
    beginnings.c.tenant == bindparam("tenant"), beginnings.c.subscriber == bindparam("subscriber")
)
_index = insert(beginnings)


class Subscribers(Repository):
    """Kept by id, found by id or by how the words of a name begin."""

    __slots__ = ()

    async def get(self, tenant: TenantId, subscriber: SubscriberId) -> Subscriber | None:
        """The subscriber, or None when the tenant has none of that id."""
        row = await self._db.row(_get, {"tenant": tenant, "id": subscriber})
        return None if row is None else self._opened(tenant, row.id, row.sealed)

    async def put(self, subscriber: Subscriber) -> None:
        """Add them, or replace the one of the same id."""
        key = {"tenant": subscriber.tenant, "subscriber": subscriber.id}
        document = self._seal(_codec, subscriber, "subscribers", subscriber.tenant, subscriber.id)
        await self._upsert(
            subscribers, {"tenant": subscriber.tenant, "id": subscriber.id, "sealed": document}
        )
        await self._db.run(_forget, key)
        starts = {word[:end] for word in _words(subscriber.name) for end in range(1, _LONGEST + 1)}
        rows = [{**key, "digest": self._blind(subscriber.tenant, start)} for start in starts]
        if rows:
            await self._db.run(_index, rows)

    async def list(self, tenant: TenantId, search: str = "", limit: int = 100) -> list[Subscriber]:
        """By id; with ``search``, those whose id or words of the name begin with what was typed."""
        values = {"tenant": tenant, "count": limit}
        if not search.strip():
            rows = await self._db.rows(_all, values)
        else:
            typed = {word[:_LONGEST] for word in _words(search)}
            digests = [self._blind(tenant, word) for word in typed]
            like = pattern(search.strip(), anywhere=False)
            values |= {"digests": digests, "asked": len(digests) or -1, "like": like}
            rows = await self._db.rows(_found, values)
        return [self._opened(tenant, row.id, row.sealed) for row in rows]

    def _opened(self, tenant: TenantId, subscriber: str, document: bytes) -> Subscriber:
        return self._open(_codec, document, "subscribers", tenant, subscriber)

    def _blind(self, tenant: TenantId, beginning: str) -> bytes:
        return self._db.cipher.blind(beginning, context("subscriber_words", tenant))


def _words(text: str) -> set[str]:
    """Words as people type them: no accents, no capitals."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return set(re.findall(r"\w+", plain.casefold()))
