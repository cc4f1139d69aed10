"""Whoever owns the database file leaves a trace: every way of altering the trail is seen."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.audit import AuditRecord
from brain.domain.errors import InvalidInput
from brain.domain.identity import TenantId
from brain.ledger import audit_verify
from brain.ledger.audit_chain import PROBLEMS_KEPT, hash_of
from brain.ledger.audit_verify import verify

if TYPE_CHECKING:
    from tests.brain.ledger.conftest import Audited

COLUMNS = ("tenant", "at", "actor", "kind", "payload", "prev_hash", "hash")


async def test_a_whole_trail_is_found_whole(audited: "Audited") -> None:
    await audited.fill(30)

    report = await audited.verify()

    assert report.ok
    assert (report.records, report.checkpoints, report.problems) == (30, 0, ())


async def test_a_trail_nobody_wrote_to_is_whole_and_says_that_it_is_empty(
    audited: "Audited",
) -> None:
    report = await audited.verify()

    assert (report.ok, report.records) == (True, 0)


async def test_one_trail_does_not_vouch_for_another(audited: "Audited") -> None:
    await audited.fill(3)
    await audited.fill(3, tenant=TenantId("south"))
    audited.tamper("UPDATE audit_records SET actor = 'eva' WHERE tenant = 'south' AND seq = 2")

    assert (await audited.verify()).ok
    south = await audited.verify(TenantId("south"))
    assert [(each.code, each.seq) for each in south.problems] == [("altered", 2)]


@pytest.mark.parametrize("column", COLUMNS)
async def test_one_changed_byte_in_any_column_is_seen(audited: "Audited", column: str) -> None:
    await audited.fill(5)
    with closing(sqlite3.connect(audited.file)) as raw:
        query = f"SELECT CAST({column} AS BLOB) FROM audit_records WHERE seq = 3"
        (written,) = raw.execute(query).fetchone()
    random = Random(7)

    for _ in range(25):
        changed = bytearray(written)
        changed[random.randrange(len(changed))] ^= random.randrange(1, 256)
        sql = f"UPDATE audit_records SET {column} = CAST(? AS TEXT) WHERE rowid = 3"
        audited.tamper(sql, values=(bytes(changed),))
        assert not (await audited.verify()).ok, bytes(changed)

    audited.tamper(sql, values=(written,))
    assert (await audited.verify()).ok


@pytest.mark.parametrize("column", COLUMNS[1:])
@pytest.mark.parametrize("value", ["NULL", "7", "7.5", "X'00FF'", "''"])
async def test_a_value_of_another_kind_is_seen_and_stops_nothing(
    audited: "Audited", column: str, value: str
) -> None:
    await audited.fill(5)
    audited.tamper(
        "CREATE TABLE loose AS SELECT * FROM audit_records",
        "DROP TABLE audit_records",
        "ALTER TABLE loose RENAME TO audit_records",
        f"UPDATE audit_records SET {column} = {value} WHERE seq = 3",
    )

    report = await audited.verify()

    assert not report.ok
    assert report.records == 5
    assert {each.seq for each in report.problems} <= {3, 4}


@pytest.mark.parametrize("seq", [1, 2, 3, 4, 5])
async def test_an_entry_that_cannot_be_read_is_named(
    audited: "Audited", seq: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_verify, "BATCH", 3)
    await audited.fill(5)
    audited.tamper(f"UPDATE audit_records SET at = 'yesterday' WHERE seq = {seq}")

    report = await audited.verify()

    assert [(each.code, each.seq) for each in report.problems] == [("unreadable", seq)]
    assert report.records == 5


async def test_a_missing_entry_is_seen(audited: "Audited") -> None:
    await audited.fill(10)
    audited.tamper("DELETE FROM audit_records WHERE seq = 4")

    (problem,) = (await audited.verify()).problems

    assert (problem.code, problem.seq) == ("gap", 4)


async def test_a_missing_beginning_is_seen(audited: "Audited") -> None:
    await audited.fill(10)
    audited.tamper("DELETE FROM audit_records WHERE seq < 4")

    assert await audited.codes() == {"gap"}


async def test_two_entries_that_changed_places_are_seen(audited: "Audited") -> None:
    await audited.fill(10)
    audited.tamper(
        "UPDATE audit_records SET seq = -1 WHERE seq = 4",
        "UPDATE audit_records SET seq = 4 WHERE seq = 7",
        "UPDATE audit_records SET seq = 7 WHERE seq = -1",
    )

    problems = (await audited.verify()).problems

    assert {each.seq for each in problems if each.code == "altered"} == {4, 7}


@pytest.mark.parametrize("seq", [1, 3, 4, 6])
async def test_an_entry_that_is_there_twice_is_seen_even_between_batches(
    audited: "Audited", seq: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_verify, "BATCH", 3)
    await audited.fill(6)
    audited.tamper(
        "CREATE TABLE loose AS SELECT * FROM audit_records",
        "DROP TABLE audit_records",
        "ALTER TABLE loose RENAME TO audit_records",
        f"INSERT INTO audit_records SELECT * FROM audit_records WHERE seq = {seq}",
    )

    (problem,) = (await audited.verify()).problems

    assert (problem.code, problem.seq) == ("repeated", seq)


@pytest.mark.parametrize("number", ["0", "-5", "9"])
async def test_an_entry_slipped_in_beside_the_chain_is_seen(
    audited: "Audited", number: str
) -> None:
    await audited.fill(5)
    audited.tamper(
        "INSERT INTO audit_records SELECT tenant, "
        f"{number}, at, actor, kind, payload, prev_hash, hash FROM audit_records WHERE seq = 2"
    )

    assert not (await audited.verify()).ok


async def test_a_number_that_is_none_is_seen(audited: "Audited") -> None:
    await audited.fill(5)
    audited.tamper(
        "CREATE TABLE loose AS SELECT * FROM audit_records",
        "DROP TABLE audit_records",
        "ALTER TABLE loose RENAME TO audit_records",
        "UPDATE audit_records SET seq = 'five' WHERE seq = 5",
    )

    assert "unreadable" in await audited.codes()


async def test_a_cut_end_is_seen_by_the_head(audited: "Audited") -> None:
    await audited.fill(10)
    audited.tamper("DELETE FROM audit_records WHERE seq > 8")

    (problem,) = (await audited.verify()).problems

    assert (problem.code, problem.seq) == ("tail", 10)


async def test_a_head_moved_back_with_the_cut_is_forged(audited: "Audited") -> None:
    await audited.fill(10)
    audited.tamper(
        "DELETE FROM audit_records WHERE seq > 8",
        "UPDATE audit_heads SET seq = 8, hash = (SELECT hash FROM audit_records WHERE seq = 8)",
    )

    assert await audited.codes() == {"head"}


async def test_a_head_taken_away_is_seen(audited: "Audited") -> None:
    await audited.fill(3)
    audited.tamper("DELETE FROM audit_heads")

    assert await audited.codes() == {"head"}


async def test_a_trail_written_anew_from_an_entry_on_is_seen(audited: "Audited") -> None:
    await audited.fill(6)
    async with audited.store.read() as tx:
        records = await tx.audit.range(TenantId("north"))
    _write_anew(audited, records)

    assert await audited.codes() == {"head"}


def _write_anew(audited: "Audited", records: Sequence[AuditRecord]) -> None:
    """What an intruder without the signing key can do at best."""
    previous = records[2].hash
    for record in records[3:]:
        changed = replace(record, actor="eva", prev_hash=previous)
        previous = hash_of(changed)
        audited.tamper(
            "UPDATE audit_records SET actor = ?, prev_hash = ?, hash = ? WHERE seq = ?",
            values=("eva", changed.prev_hash, previous, record.seq),
        )
    audited.tamper("UPDATE audit_heads SET hash = ?", values=(previous,))


async def test_an_entry_written_anew_with_a_hash_that_fits_it_is_seen(audited: "Audited") -> None:
    await audited.fill(5)
    async with audited.store.read() as tx:
        third = (await tx.audit.range(TenantId("north")))[2]
    fitting = hash_of(replace(third, actor="eva"))
    audited.tamper(
        "UPDATE audit_records SET actor = 'eva', hash = ? WHERE seq = 3", values=(fitting,)
    )

    problems = (await audited.verify()).problems

    assert [(each.code, each.seq) for each in problems] == [("link", 4)]


async def test_a_head_signed_with_another_key_is_seen(audited: "Audited") -> None:
    await audited.fill(3)
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()

    report = await verify(audited.store, TenantId("north"), other, None)

    assert [each.code for each in report.problems] == ["head"]


async def test_a_key_that_is_none_is_an_error_and_not_a_report(audited: "Audited") -> None:
    with pytest.raises(InvalidInput, match="public_key"):
        await verify(audited.store, TenantId("north"), b"short", None)


async def test_a_ruined_trail_ends_the_walk_early(audited: "Audited") -> None:
    await audited.fill(PROBLEMS_KEPT + 50)
    audited.tamper("UPDATE audit_records SET actor = 'eva'")

    report = await audited.verify()

    assert len(report.problems) == PROBLEMS_KEPT
    assert not report.ok
