"""Says whether an audit trail is whole: in the store, or in an exported file with nothing else.

What it cannot see: a trail cut together with the checkpoints that knew of the part cut off, and
entries made by whoever holds the signing key.
"""

import asyncio
from collections.abc import Iterator
from itertools import chain
from json import loads
from pathlib import Path
from typing import Final

from brain.domain.audit import AuditHead
from brain.domain.errors import GatewrightError
from brain.domain.identity import TenantId
from brain.ledger.audit_anchors import Trail
from brain.ledger.audit_chain import AuditReport, ChainCheck
from brain.ledger.audit_export import Heading, Line, read_export
from brain.ledger.audit_keys import KeyRing, PublicKeys
from brain.store.store import Store
from brain.store.transaction import Transaction

BATCH: Final = 1000
_BEFORE_ALL: Final = -(2**63)
_DAMAGED = (GatewrightError, ValueError, TypeError, AttributeError)


async def verify(
    store: Store, tenant: TenantId, public_keys: PublicKeys, checkpoints: Path | None
) -> AuditReport:
    """Walk a tenant's whole trail, in batches, at one moment of the database.

    ``public_keys`` are ``Keys.audit_publics``: the one that signs now, or all that ever did, oldest
    first. Without the file of checkpoints a cut-off end or an older database put back whole is not
    seen. Raises StoreUnavailable when nothing can be read.
    """
    # The file first: what is noted in it by now is committed by then.
    trail = await asyncio.to_thread(Trail.noted_in, tenant, KeyRing(public_keys), checkpoints)
    async with store.read() as tx:
        head = await tx.audit.head(tenant)
        await _walk(tx, trail.check)
    return trail.report(head)


def verify_export(
    path: Path,
    public_keys: PublicKeys,
    *,
    tenant: TenantId | None = None,
    checkpoints: Path | None = None,
) -> AuditReport:
    """Walk an exported file: no store, no private key. The report says whose trail it is.

    Without ``tenant`` it is that of the first line. ``checkpoints`` is a file of them that was kept
    elsewhere, beside those in the export. Raises FileNotFoundError as ``open`` does.
    """
    lines = read_export(path)
    first = next(lines, None)
    whose = tenant or TenantId(loads(first[0]) if first and first[0] else "")
    trail = Trail.noted_in(whose, KeyRing(public_keys), checkpoints)
    if first is None or not isinstance(first[1], Heading):
        trail.check.problem("head", 0, "the first line does not say whose trail it is")
    head = _walk_lines(chain([first] if first else [], lines), trail)
    return trail.report(head)


def _walk_lines(lines: Iterator[tuple[bytes, Line]], trail: Trail) -> AuditHead | None:
    head, check = None, trail.check
    for number, (whose, line) in enumerate(lines, start=1):
        check.line = number
        if head is not None:
            check.problem("tail", check.seq, "something follows the head of the file")
        head = trail.take(whose, line) or head
        if check.full:
            break
    check.line = 0
    return head


async def _walk(tx: Transaction, check: ChainCheck) -> None:
    after, limit, seen = _BEFORE_ALL, BATCH, 0
    while not check.full:
        try:
            batch = await tx.audit.range(check.tenant, after, limit)
        except _DAMAGED as error:
            if limit > seen + 1:
                limit = seen + 1  # find which one it is
                continue
            await tx.audit.head(check.tenant)  # raises when it is the whole database
            check.skip(check.seq + 1, type(error).__name__)
            after, seen = check.seq, 0
            continue
        new = batch[seen:]
        if not new:
            return
        for record in new:
            check.feed(record)
        newest = batch[-1].seq
        if type(newest) is not int:
            return
        # The next batch begins with the end of this one, lest a doubled number hides between them.
        after, limit = newest - 1, BATCH
        seen = sum(record.seq == newest for record in batch)
