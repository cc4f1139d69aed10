"""How long a million exported audit entries take to check, with the public key alone."""

import resource
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.audit import AuditHead, AuditRecord
from brain.domain.canonical import canonical_bytes
from brain.domain.identity import TenantId
from brain.ledger.audit_chain import BEGINNING, hash_of, head_bytes
from brain.ledger.audit_checkpoints import EVERY
from brain.ledger.audit_export import head_line, heading_line, record_line
from brain.ledger.audit_file import Checkpoint
from brain.ledger.audit_verify import verify_export
from evals.bench.table import Result, Row

RECORDS = 1_000_000
_TENANT = TenantId("default")
_KINDS = ("submitted", "answered", "approved", "executing", "verifying", "succeeded")


async def bench_audit_million() -> Result:
    """A million entries as a year of a busy installation leaves them, with every checkpoint."""
    key = Ed25519PrivateKey.generate()
    with tempfile.TemporaryDirectory() as folder:
        trail, notes = Path(folder) / "trail.jsonl", Path(folder) / "notes.jsonl"
        write_trail(trail, notes, key, RECORDS)
        before, start, busy = _peak(), perf_counter(), process_time()
        report = verify_export(trail, key.public_key().public_bytes_raw(), checkpoints=notes)
        seconds, busy = perf_counter() - start, process_time() - busy
        if not report.ok or report.records != RECORDS:
            raise AssertionError(f"an untouched trail is not whole: {report}")
        size = trail.stat().st_size / 1e6
    rows = (
        Row(name="1,000,000 entries verified", value=seconds, unit="s", aim="60"),
        Row(name="the same, processor time", value=busy, unit="s"),
        Row(name="the file", value=size, unit="MB"),
        Row(name="memory that it took", value=_peak() - before, unit="MB"),
    )
    return Result(name="audit-million", title="Checking an exported audit trail", rows=rows)


def write_trail(trail: Path, notes: Path, key: Ed25519PrivateKey, count: int) -> None:
    """A genuine trail of so many entries, and the checkpoints that would have been kept of it."""
    previous, at = BEGINNING, datetime(2026, 1, 1, tzinfo=UTC)
    with trail.open("wb") as out, notes.open("wb") as noted:
        out.write(heading_line(_TENANT, [key.public_key().public_bytes_raw()]))
        for seq in range(1, count + 1):
            record = _entry(seq, previous, at + timedelta(seconds=30 * seq))
            previous = record.hash
            out.write(record_line(record))
            if seq % EVERY == 0 or seq == count:
                noted.write(_checkpoint(record, key).line)
        signature = key.sign(head_bytes(_TENANT, count, previous))
        out.write(
            head_line(AuditHead(tenant=_TENANT, seq=count, hash=previous, signature=signature))
        )


def _entry(seq: int, previous: str, at: datetime) -> AuditRecord:
    payload = {
        "change": f"chg_{seq // 6:026d}",
        "device": f"00D09E-G1-{seq % 5000}",
        "plan_digest": f"{seq // 6:064x}",
        "reason": "enough people approved",
    }
    unsealed = AuditRecord(
        tenant=_TENANT,
        seq=seq,
        at=at,
        actor="gatewright",
        kind=f"change.{_KINDS[seq % 6]}",
        payload=canonical_bytes(payload).decode(),
        prev_hash=previous,
        hash="",
    )
    return replace(unsealed, hash=hash_of(unsealed))


def _checkpoint(record: AuditRecord, key: Ed25519PrivateKey) -> Checkpoint:
    bare = Checkpoint(tenant=_TENANT, seq=record.seq, hash=record.hash, at=record.at.isoformat())
    return replace(bare, signature=key.sign(bare.signed_bytes))


def _peak() -> float:
    """The most memory that this process ever had, in MB."""
    scale = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale
