"""An exported trail can be checked by anybody who has the file and the public key."""

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.identity import TenantId
from brain.ledger.audit_chain import AuditReport
from brain.ledger.audit_export import export
from brain.ledger.audit_verify import verify_export

if TYPE_CHECKING:
    from tests.brain.ledger.conftest import Audited

NORTH, SOUTH = TenantId("north"), TenantId("south")


async def exported(audited: "Audited", tenant: TenantId = NORTH) -> list[bytes]:
    return [line async for line in export(audited.store, tenant)]


def checked(audited: "Audited", lines: list[bytes], notes: Path | None = None) -> AuditReport:
    path = audited.file.with_suffix(".jsonl")
    path.write_bytes(b"".join(lines))
    return verify_export(path, audited.public_key, checkpoints=notes)


async def test_an_export_is_whole_and_says_whose_it_is(audited: "Audited") -> None:
    await audited.fill(12)
    await audited.fill(2, tenant=SOUTH)

    lines = await exported(audited)
    report = checked(audited, lines)

    assert (report.ok, report.records, report.tenant) == (True, 12, NORTH)
    assert len(lines) == 14
    assert lines[0] == b'{"gatewright_audit":{"keys":[],"tenant":"north"}}\n'
    assert lines[1].startswith(b'{"actor":"ana","at":"2026-01-01T12:00:00Z","hash":"')


async def test_an_export_is_held_against_the_checkpoints(audited: "Audited") -> None:
    await audited.fill(5)
    older = await exported(audited)
    await audited.fill(5)
    await audited.checkpoints.write(audited.store)

    assert checked(audited, await exported(audited), audited.notes).ok
    assert checked(audited, older).ok
    assert [each.code for each in checked(audited, older, audited.notes).problems] == ["tail"]


async def test_one_changed_byte_anywhere_is_seen(audited: "Audited") -> None:
    await audited.fill(4)
    content = b"".join(await exported(audited))
    random = Random(11)

    for _ in range(300):
        changed = bytearray(content)
        changed[random.randrange(len(changed))] ^= random.randrange(1, 256)
        assert not checked(audited, [bytes(changed)]).ok


async def test_a_line_taken_out_doubled_moved_or_added_is_seen(audited: "Audited") -> None:
    await audited.fill(6)
    lines = await exported(audited)

    for place in range(len(lines)):
        assert not checked(audited, lines[:place] + lines[place + 1 :]).ok
        assert not checked(audited, [*lines[: place + 1], *lines[place:]]).ok
    assert not checked(audited, [lines[1], lines[0], *lines[2:]]).ok
    assert not checked(audited, [*lines, b"\n"]).ok


async def test_a_line_in_another_form_is_not_read(audited: "Audited") -> None:
    await audited.fill(2)
    heading, first, *rest = await exported(audited)

    spaced = first.replace(b'"actor":', b'"actor": ')
    doubled = first.replace(b'{"actor":', b'{"actor":"eva","actor":')

    assert not checked(audited, [heading, spaced, *rest]).ok
    assert not checked(audited, [heading, doubled, *rest]).ok


async def test_the_head_of_another_trail_does_not_close_this_one(audited: "Audited") -> None:
    await audited.fill(3)
    await audited.fill(3, tenant=SOUTH)
    north, south = await exported(audited), await exported(audited, SOUTH)

    assert not checked(audited, [*north[:-1], south[-1]]).ok
    assert not checked(audited, [south[0], *north[1:]]).ok


@pytest.mark.parametrize("keep", [0, 2], ids=["empty", "cut"])
async def test_a_file_without_its_end_is_never_whole(audited: "Audited", keep: int) -> None:
    await audited.fill(5)

    report = checked(audited, (await exported(audited))[:keep])

    assert "head" in {each.code for each in report.problems}


async def test_a_trail_other_than_the_expected_is_refused(audited: "Audited") -> None:
    await audited.fill(2)
    path = audited.file.with_suffix(".jsonl")
    path.write_bytes(b"".join(await exported(audited)))

    assert not verify_export(path, audited.public_key, tenant=SOUTH).ok


async def test_the_wrong_key_does_not_pass(audited: "Audited") -> None:
    await audited.fill(2)
    path = audited.file.with_suffix(".jsonl")
    path.write_bytes(b"".join(await exported(audited)))
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()

    assert [each.code for each in verify_export(path, other).problems] == ["head"]


async def test_a_trail_damaged_in_the_store_is_still_damaged_when_exported(
    audited: "Audited",
) -> None:
    await audited.fill(5)
    audited.tamper('UPDATE audit_records SET payload = \'{"change":"chg_9"}\' WHERE seq = 3')

    report = checked(audited, await exported(audited))

    assert [(each.code, each.seq) for each in report.problems] == [("altered", 3)]
