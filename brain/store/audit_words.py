"""What people said for the audit trail, sealed and beside it: the trail has keyed digests alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from sqlalchemy import BigInteger, Column, Table, bindparam, insert, select

from brain.domain.errors import Unreadable
from brain.domain.identity import TenantId
from brain.store.codec import Codec
from brain.store.columns import metadata, sealed, words
from brain.store.repository import Repository, context

audit_words = Table(
    "audit_words",
    metadata,
    words("tenant", key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    sealed("sealed"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    said: dict[str, str]


_codec = Codec(_Words, "words of the audit trail")
_log = structlog.get_logger(__name__)
_add = insert(audit_words)
_range = select(audit_words.c.seq, audit_words.c.sealed).where(
    audit_words.c.tenant == bindparam("tenant"),
    audit_words.c.seq.between(bindparam("first"), bindparam("last")),
)


class AuditWords(Repository):
    """One row for each entry that came with words. Unlike the trail, they may be deleted."""

    __slots__ = ()

    async def add(self, tenant: TenantId, seq: int, said: Mapping[str, str]) -> None:
        """Keep what was said at this entry, by the names that its payload has for it."""
        document = self._seal(_codec, _Words(said=dict(said)), *_place(tenant, seq))
        await self._db.run(_add, {"tenant": tenant, "seq": seq, "sealed": document})

    async def of(self, tenant: TenantId, first: int, last: int) -> dict[int, dict[str, str] | None]:
        """What was said at the entries from ``first`` to ``last``, by number.

        None where a row was altered or belongs elsewhere: the others can be read all the same.
        """
        rows = await self._db.rows(_range, {"tenant": tenant, "first": first, "last": last})
        return {row.seq: self._words(tenant, row.seq, row.sealed) for row in rows}

    def _words(self, tenant: TenantId, seq: int, document: bytes) -> dict[str, str] | None:
        try:
            return self._open(_codec, document, *_place(tenant, seq)).said
        except Unreadable:
            _log.error("audit_words_altered", tenant=tenant, seq=seq)
            return None

    def digests(self, tenant: TenantId, seq: int, said: Mapping[str, str]) -> dict[str, str]:
        """Of each, in hexadecimal: nobody without the key can guess short words by it, or see
        that the same was said twice.
        """
        place = _place(tenant, seq)
        return {
            name: self._db.cipher.blind(text, context(*place, name)).hex()
            for name, text in said.items()
        }


def _place(tenant: str, seq: int) -> tuple[str, ...]:
    return "audit_words", tenant, str(seq)
