"""Another key signs from now on: the trail says so, and the old key vouches for it."""

from json import dumps, loads
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.errors import Unreadable
from brain.domain.identity import TenantId
from brain.ledger.audit import AuditTrail
from brain.ledger.audit_chain import AuditReport
from brain.ledger.audit_checkpoints import Checkpoints
from brain.ledger.audit_export import export
from brain.ledger.audit_keys import ROTATED, fingerprint
from brain.ledger.audit_rotation import rotate
from brain.ledger.audit_verify import verify, verify_export

if TYPE_CHECKING:
    from tests.brain.ledger.conftest import Audited

NORTH, SOUTH = TenantId("north"), TenantId("south")
NEW, NEWER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


async def rotated(audited: "Audited", new: Ed25519PrivateKey) -> int:
    """As ``gatewright audit rotate-key`` does, and the trail goes on under the new key."""
    await audited.checkpoints.write(audited.store)
    trails = await rotate(audited.store, audited.key, new, actor="olga", clock=audited.clock)
    await audited.checkpoints.write(audited.store)
    audited.key = new
    audited.checkpoints = Checkpoints(audited.notes, sign=new.sign, clock=audited.clock, every=10)
    audited.trail = AuditTrail(new.sign, audited.clock, checkpoints=audited.checkpoints)
    return trails


async def twice(audited: "Audited") -> tuple[bytes, bytes, bytes]:
    """A trail that three keys signed, one after the other."""
    await audited.fill(5)
    await rotated(audited, NEW)
    await audited.fill(4)
    await rotated(audited, NEWER)
    await audited.fill(3)
    await audited.checkpoints.write(audited.store)
    return audited.public_key, public(NEW), public(NEWER)


async def checked(audited: "Audited", *keys: bytes) -> AuditReport:
    return await verify(audited.store, NORTH, keys, audited.notes)


def codes(report: AuditReport) -> set[str]:
    return {each.code for each in report.problems}


async def test_a_rotated_trail_is_whole_with_all_its_keys(audited: "Audited") -> None:
    keys = await twice(audited)

    report = await checked(audited, *keys)

    assert report.problems == ()
    assert (report.records, report.signed_by) == (14, fingerprint(keys[-1]))
    async with audited.store.read() as tx:
        kinds = [
            (each.seq, each.actor) for each in await tx.audit.range(NORTH) if each.kind == ROTATED
        ]
    assert kinds == [(6, "olga"), (11, "olga")]


async def test_every_trail_is_handed_over_and_none_twice(audited: "Audited") -> None:
    await audited.fill(2)
    await audited.fill(2, tenant=SOUTH)

    first = await rotate(audited.store, audited.key, NEW, actor="olga", clock=audited.clock)
    again = await rotate(audited.store, audited.key, NEW, actor="olga", clock=audited.clock)

    assert (first, again) == (2, 0)
    for tenant in (NORTH, SOUTH):
        keys = (audited.public_key, public(NEW))
        assert (await verify(audited.store, tenant, keys, None)).records == 3


async def test_a_trail_that_began_under_the_new_key_needs_no_older_one(
    audited: "Audited",
) -> None:
    await audited.fill(1)
    await rotated(audited, NEW)
    await audited.fill(2, tenant=SOUTH)

    both = (audited.public_key, public(NEW))
    assert (await verify(audited.store, SOUTH, both, audited.notes)).ok
    assert (await verify(audited.store, SOUTH, public(NEW), None)).ok


async def test_the_old_key_alone_adds_nothing_more(audited: "Audited") -> None:
    await audited.fill(2)
    old = audited.trail
    await rotated(audited, NEW)

    with pytest.raises(Unreadable):
        async with audited.store.begin() as tx:
            await old.append(tx, tenant=NORTH, actor="ana", kind="k", payload=None)

    assert (await checked(audited, audited.public_key, public(NEW))).records == 3


@pytest.mark.parametrize(
    ("given", "wrong"),
    [((0, 1), "head"), ((1, 2), "key"), ((0, 2), "key"), ((0, 2, 1), "key"), ((0,), "head")],
)
async def test_a_key_that_is_missing_or_in_the_wrong_place_is_said(
    audited: "Audited", given: tuple[int, ...], wrong: str
) -> None:
    keys = await twice(audited)

    assert wrong in codes(await checked(audited, *(keys[at] for at in given)))


async def test_who_stole_the_old_key_cannot_go_on_with_it(audited: "Audited") -> None:
    """The thief puts back the trail as it was before the handover, and signs more with that key."""
    await audited.fill(5)
    older = audited.file.with_name("older.db")
    audited.copy_to(older)
    thief = audited.trail
    await rotated(audited, NEW)
    audited.put_back(older)
    audited.trail = thief
    await audited.fill(4)

    report = await verify(audited.store, NORTH, (audited.public_key, public(NEW)), None)

    assert {"head", "key"} & codes(report)


async def test_a_checkpoint_signed_with_a_key_that_does_not_sign_there_is_seen(
    audited: "Audited",
) -> None:
    await audited.fill(3)
    old = audited.new_checkpoints()
    await rotated(audited, NEW)
    await audited.fill(3)
    await old.write(audited.store)  # the retired key, of an entry after the handover

    report = await checked(audited, audited.public_key, public(NEW))

    assert codes(report) == {"checkpoint"}


async def test_a_handover_that_the_old_key_did_not_sign_is_seen(audited: "Audited") -> None:
    """Whoever has the new key only, or none, cannot make up a handover."""
    await audited.fill(2)
    payload = {"from": audited.public_key.hex(), "to": public(NEW).hex(), "signature": "00" * 64}
    async with audited.store.begin() as tx:
        await audited.trail.append(tx, tenant=NORTH, actor="eva", kind=ROTATED, payload=payload)

    report = await verify(audited.store, NORTH, audited.public_key, None)

    assert [(each.code, each.seq) for each in report.problems] == [("key", 3)]


async def test_a_rotated_trail_is_checked_offline_from_its_file(audited: "Audited") -> None:
    keys = await twice(audited)
    file = audited.file.with_suffix(".jsonl")
    lines = [
        line
        async for line in export(audited.store, NORTH, checkpoints=audited.notes, public_keys=keys)
    ]
    file.write_bytes(b"".join(lines))

    whole = verify_export(file, keys)

    assert loads(lines[0])["gatewright_audit"]["keys"] == [fingerprint(key) for key in keys]
    assert whole.problems == ()
    assert (whole.records, whole.checkpoints) == (14, 5)
    assert "key" in codes(verify_export(file, keys[:2]))


def test_a_fingerprint_is_of_the_key_and_short(tmp_path: Path) -> None:
    one, other = fingerprint(public(NEW)), fingerprint(public(NEWER))

    assert one != other
    assert one.startswith("SHA256:")
    assert len(dumps(one)) < 50
