"""An audit trail as a file that anybody can check: JSON lines, and the signed head as the last.

A line has exactly one form (canonical JSON), so one that was altered in any byte is not read.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from json import JSONEncoder, loads
from pathlib import Path
from typing import Final

from brain.domain.audit import AuditHead, AuditRecord
from brain.domain.canonical import canonical_bytes, jsonable
from brain.domain.identity import TenantId
from brain.store.store import Store

BATCH: Final = 1000
_LONGEST_LINE: Final = 2**20

_quoted = JSONEncoder(ensure_ascii=False).encode


async def export(store: Store, tenant: TenantId) -> AsyncIterator[bytes]:
    """The lines of a tenant's trail, at one moment of the database; none for an empty one."""
    async with store.read() as tx:
        head = await tx.audit.head(tenant)
        after = 0
        while batch := await tx.audit.range(tenant, after, BATCH):
            for record in batch:
                yield record_line(record)
            after = batch[-1].seq
        if head is not None:
            yield head_line(head)


def record_line(record: AuditRecord) -> bytes:
    """One entry, its payload as JSON within JSON."""
    text = (
        f'{{"actor":{_quoted(record.actor)},"at":{_quoted(jsonable(record.at))},'
        f'"hash":{_quoted(record.hash)},"kind":{_quoted(record.kind)},"payload":{record.payload},'
        f'"prev_hash":{_quoted(record.prev_hash)},"seq":{record.seq:d},'
        f'"tenant":{_quoted(record.tenant)}}}\n'
    )
    return text.encode("utf-8", "surrogatepass")


def head_line(head: AuditHead) -> bytes:
    """The newest entry and its signature, in hexadecimal."""
    said = {"hash": head.hash, "seq": head.seq, "tenant": head.tenant}
    return canonical_bytes({"head": {**said, "signature": head.signature.hex()}}) + b"\n"


def read_export(path: Path) -> Iterator[AuditRecord | AuditHead | None]:
    """What the lines say, None for one that is not as it was written."""
    with path.open("rb") as file:
        for line in iter(lambda: file.readline(_LONGEST_LINE), b""):
            try:
                yield _parsed(line)
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                yield None


def _parsed(line: bytes) -> AuditRecord | AuditHead | None:
    fields = loads(line)
    if "head" in fields:
        said = fields["head"]
        head = AuditHead(**{**said, "signature": bytes.fromhex(said["signature"])})
        return head if head_line(head) == line else None
    at = datetime.fromisoformat(fields.pop("at"))
    payload = canonical_bytes(fields.pop("payload")).decode()
    record = AuditRecord(**fields, at=at, payload=payload)
    return record if record_line(record) == line else None
