"""An audit trail as a file that anybody can check: JSON lines, the signed head the last of them.

First a line that says whose trail it is and with which keys it was signed, then the checkpoints,
then every entry, then the head. A line has exactly one form (canonical JSON): its bytes are hashed
as they stand, so one that was altered in any byte does not hold.
"""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from json import JSONEncoder, loads
from pathlib import Path
from typing import Final

from brain.domain.audit import AuditHead, AuditRecord
from brain.domain.canonical import canonical_bytes, jsonable
from brain.domain.identity import TenantId
from brain.ledger.audit_chain import Link
from brain.ledger.audit_file import Checkpoint, checkpoint_of, read_checkpoints
from brain.ledger.audit_keys import ROTATED, fingerprint
from brain.store.store import Store

BATCH: Final = 1000
_LONGEST_LINE: Final = 2**20
_TEXT: Final = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_HASH: Final = rb'"([0-9a-f]{64})"'
_RECORD: Final = re.compile(
    rb'\{"actor":(%b),"at":(%b),"hash":%b,"kind":(%b),"payload":(.*),"prev_hash":%b,'
    rb'"seq":([0-9]{1,18}),"tenant":(%b)\}\n' % (_TEXT, _TEXT, _HASH, _TEXT, _HASH, _TEXT),
    re.DOTALL,
)
_HASHED: Final = b'%b{"actor":%b,"at":%b,"kind":%b,"payload":%b,"seq":%b,"tenant":%b}'
_ROTATED: Final = f'"{ROTATED}"'.encode()
_quoted = JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The first line: whose trail it is, and the fingerprints of its keys, oldest first.

    Nobody signed it: it says which keys to ask for, and proves nothing.
    """

    tenant: TenantId
    keys: tuple[str, ...]


Line = Heading | Checkpoint | Link | AuditHead | None
"""What a line says; None when it is not as it was written."""


async def export(
    store: Store,
    tenant: TenantId,
    *,
    checkpoints: Path | None = None,
    public_keys: Sequence[bytes] = (),
) -> AsyncIterator[bytes]:
    """The lines of a tenant's trail, at one moment of the database; none for an empty one.

    ``checkpoints`` is the file they are kept in, ``public_keys`` those it was signed with so far.
    """
    noted = _noted(checkpoints, tenant)  # before the trail, which then has come as far
    async with store.read() as tx:
        head = await tx.audit.head(tenant)
        if head is None and not await tx.audit.range(tenant, 0, 1):
            return
        yield heading_line(tenant, public_keys)
        for each in noted:
            yield b'{"checkpoint":' + each.line.rstrip(b"\n") + b"}\n"
        after = 0
        while batch := await tx.audit.range(tenant, after, BATCH):
            for record in batch:
                yield record_line(record)
            after = batch[-1].seq
        if head is not None:
            yield head_line(head)


def heading_line(tenant: TenantId, public_keys: Sequence[bytes]) -> bytes:
    """The first line."""
    said = {"tenant": tenant, "keys": [fingerprint(key) for key in public_keys]}
    return canonical_bytes({"gatewright_audit": said}) + b"\n"


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


def read_export(path: Path) -> Iterator[tuple[bytes, Line]]:
    """The tenant that each line names, as JSON, and what it says."""
    with path.open("rb") as file:
        for line in iter(lambda: file.readline(_LONGEST_LINE), b""):
            found = _RECORD.fullmatch(line)
            yield _link(*found.groups()) if found else _other(line)


def _link(  # noqa: PLR0913 - the fields of a line, a million times over
    actor: bytes,
    at: bytes,
    said: bytes,
    kind: bytes,
    payload: bytes,
    before: bytes,
    seq: bytes,
    tenant: bytes,
) -> tuple[bytes, Link]:
    """The bytes are hashed as they stand: whatever is not canonical has another hash."""
    made = sha256(_HASHED % (before, actor, at, kind, payload, seq, tenant)).hexdigest()
    entry_hash = said.decode()
    handover = payload.decode("utf-8", "replace") if kind == _ROTATED else None
    return tenant, Link(int(seq), before.decode(), entry_hash, made == entry_hash, handover)


def _other(line: bytes) -> tuple[bytes, Line]:
    try:
        fields = loads(line)
        said = fields.get("head")
        if said is not None:
            head = AuditHead(**{**said, "signature": bytes.fromhex(said["signature"])})
            return _named(head, head_line(head) == line)
        if "checkpoint" in fields:
            inside = line.removeprefix(b'{"checkpoint":').removesuffix(b"}\n") + b"\n"
            noted = checkpoint_of(inside)
            return _named(noted, noted is not None)
        heading = Heading(
            tenant=TenantId(fields["gatewright_audit"]["tenant"]),
            keys=tuple(fields["gatewright_audit"]["keys"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return b"", None
    fits = line == canonical_bytes(fields) + b"\n" and len(fields["gatewright_audit"]) == len(
        ("tenant", "keys")
    )
    return _named(heading, fits and len(fields) == 1)


def _named(said: Heading | Checkpoint | AuditHead | None, as_written: bool) -> tuple[bytes, Line]:
    if said is None or not as_written:
        return b"", None
    return tenant_bytes(said.tenant), said


def tenant_bytes(tenant: TenantId) -> bytes:
    """A tenant as the lines name it."""
    return _quoted(tenant).encode("utf-8", "surrogatepass")


def _noted(path: Path | None, tenant: TenantId) -> list[Checkpoint]:
    found = read_checkpoints(path) if path else ()
    return [each for _, each in found if each is not None and each.tenant == tenant]
