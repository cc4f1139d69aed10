"""What people said at entries of the audit trail, held against the digests in the trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hmac import compare_digest
from json import loads

from brain.domain.audit import AuditRecord
from brain.store.transaction import Transaction

WORDS = "words"
"""What the payload calls the digests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidThen:
    """The words of one entry, if there are any."""

    words: Mapping[str, str] = field(default_factory=dict)
    as_written: bool | None = None
    """Whether they are what the trail was given; None where nobody said anything."""


async def said_at(tx: Transaction, entries: Sequence[AuditRecord]) -> list[SaidThen]:
    """For each of these entries of one tenant, in a row."""
    if not entries:
        return []
    tenant = entries[0].tenant
    kept = await tx.audit_words.of(tenant, entries[0].seq, entries[-1].seq)
    return [_said(tx, each, kept.get(each.seq, {})) for each in entries]


def _said(tx: Transaction, entry: AuditRecord, words: dict[str, str] | None) -> SaidThen:
    if words is None:  # altered, even where the trail knows of no words
        return SaidThen(as_written=False)
    digests = _digests(entry)
    if not digests and not words:
        return SaidThen()
    now = tx.audit_words.digests(entry.tenant, entry.seq, words)
    same = now.keys() == digests.keys() and all(
        compare_digest(now[name], digests[name]) for name in now
    )
    return SaidThen(words=words, as_written=same)


def _digests(entry: AuditRecord) -> dict[str, str]:
    try:
        payload = loads(entry.payload)
    except (ValueError, RecursionError):  # not as it was written: the chain says so, not this
        return {}
    found = payload.get(WORDS) if isinstance(payload, dict) else None
    return {name: str(each) for name, each in found.items()} if isinstance(found, dict) else {}
