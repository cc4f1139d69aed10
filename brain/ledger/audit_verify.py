"""Says whether an audit trail is whole: in the store, or in an exported file with nothing else.

What it cannot see: a trail cut together with the checkpoints that knew of the part cut off, and
entries made by whoever holds the signing key.
"""

import asyncio
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from brain.domain.audit import AuditHead, AuditRecord
from brain.domain.errors import GatewrightError
from brain.domain.identity import TenantId
from brain.ledger.audit_chain import AuditReport, ChainCheck, head_bytes, signature_check
from brain.ledger.audit_checkpoints import EVERY
from brain.ledger.audit_export import read_export
from brain.ledger.audit_file import read_checkpoints
from brain.store.store import Store
from brain.store.transaction import Transaction

BATCH: Final = 1000
_BEFORE_ALL: Final = -(2**63)
_DAMAGED = (GatewrightError, ValueError, TypeError, AttributeError)


async def verify(
    store: Store, tenant: TenantId, public_key: bytes, checkpoints: Path | None
) -> AuditReport:
    """Walk a tenant's whole trail, in batches, at one moment of the database.

    ``public_key`` is ``Keys.audit_public``. Without the file of checkpoints a cut-off end or an
    older database put back whole is not seen. Raises StoreUnavailable when nothing can be read.
    """
    # The file first: what is noted in it by now is committed by then.
    trail = await asyncio.to_thread(_Trail, tenant, public_key, checkpoints)
    async with store.read() as tx:
        head = await tx.audit.head(tenant)
        await _walk(tx, trail.check)
    return trail.report(head)


def verify_export(
    path: Path,
    public_key: bytes,
    *,
    tenant: TenantId | None = None,
    checkpoints: Path | None = None,
) -> AuditReport:
    """Walk an exported file: no store, no private key. The report says whose trail it is.

    Without ``tenant`` it is that of the first line. Raises FileNotFoundError as ``open`` does.
    """
    lines = read_export(path)
    first = next(lines, None)
    whose = tenant or (first.tenant if first else TenantId(""))
    trail = _Trail(whose, public_key, checkpoints)
    return trail.report(_walk_lines(chain([first], lines), trail.check))


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


def _walk_lines(
    lines: Iterator[AuditRecord | AuditHead | None], check: ChainCheck
) -> AuditHead | None:
    head = None
    for line in lines:
        if check.full:
            break
        if head is not None:
            check.problem("tail", check.seq, "something follows the head of the file")
        if isinstance(line, AuditHead):
            head = line
        elif line is None:
            check.skip(check.seq + 1, "not as it was written")
        else:
            check.feed(line)
    return head


class _Trail:
    """One tenant's chain, held against the head and the checkpoints that are signed."""

    def __init__(self, tenant: TenantId, public_key: bytes, path: Path | None) -> None:
        self.tenant = tenant
        self._signed = signature_check(public_key)
        self._path = path
        self._noted: dict[int, str] = {}
        """Memory grows with the checkpoints, not with the records."""
        self.check = ChainCheck(tenant, self._noted)
        self._load()

    def _load(self) -> None:
        for number, each in read_checkpoints(self._path) if self._path else ():
            wrong = ""
            if each is None:
                wrong = "cannot be read"
            elif not self._signed(each.signed_bytes, each.signature):
                wrong = "was not signed with this key"  # nor may it hide under another's name
            elif each.tenant != self.tenant:
                continue
            elif self._noted.setdefault(each.seq, each.hash) != each.hash:
                wrong = "contradicts one before it"
            if wrong:
                seq = each.seq if each else 0
                self.check.problem("checkpoint", seq, f"line {number} of {self._path} {wrong}")

    def report(self, head: AuditHead | None) -> AuditReport:
        """Hold the end of the walk against the head and the newest checkpoint."""
        self._hold_head(head)
        self._hold_checkpoints()
        return AuditReport(
            tenant=self.tenant,
            records=self.check.records,
            checkpoints=len(self._noted),
            problems=tuple(self.check.problems),
        )

    def _hold_head(self, head: AuditHead | None) -> None:
        check = self.check
        if head is None:
            if check.records:
                check.problem("head", check.seq, "is the last, and no signed head says so")
            return
        if not self._signed(head_bytes(head.tenant, head.seq, head.hash), head.signature):
            check.problem("head", head.seq, "the head was not signed with this key")
        if head.seq != check.seq:
            check.problem(
                "tail", head.seq, f"is the signed head, but the trail ends at {check.seq}"
            )
        elif check.hash not in (None, head.hash):
            check.problem("head", head.seq, "is another entry than its signed head")

    def _hold_checkpoints(self) -> None:
        check, last = self.check, max(self._noted, default=0)
        if last > check.seq:
            check.problem("tail", last, f"was noted in {self._path} and is gone")
        elif self._path and check.seq - last >= 2 * EVERY:
            check.problem("checkpoint", check.seq, f"{self._path} knows no entry after {last}")
