"""A million entries are checked in under a minute, in little memory."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.ledger.audit_verify import verify_export
from evals.bench.audit_million import bench_audit_million, write_trail


def test_the_trail_that_is_measured_is_one_that_would_be_exported(tmp_path: Path) -> None:
    key, trail, notes = Ed25519PrivateKey.generate(), tmp_path / "trail", tmp_path / "notes"
    write_trail(trail, notes, key, 150)

    report = verify_export(trail, key.public_key().public_bytes_raw(), checkpoints=notes)

    assert report.problems == ()
    assert (report.records, report.checkpoints) == (150, 2)


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_a_million_entries_are_checked_in_under_a_minute_and_little_memory() -> None:
    result = await bench_audit_million()

    measured = {row.name: row.value for row in result.rows}
    assert measured["the same, processor time"] < 60  # whatever else the machine does
    assert measured["memory that it took"] < 64
