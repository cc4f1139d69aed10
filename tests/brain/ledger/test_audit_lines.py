"""Every kind of tampering with an exported trail is told with the first line that is wrong."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.identity import TenantId
from brain.ledger.audit_export import export
from brain.ledger.audit_file import checkpoint_of
from brain.ledger.audit_verify import verify_export

if TYPE_CHECKING:
    from tests.brain.ledger.conftest import Audited

NORTH, SOUTH = TenantId("north"), TenantId("south")
HEADING, CHECKPOINT, FIRST = 0, 1, 2
"""Where they are, counted from 0; lines are told counted from 1."""
Lines = list[bytes]


def forged(lines: Lines) -> Lines:
    """Somebody else signs the checkpoint."""
    inside = lines[CHECKPOINT].removeprefix(b'{"checkpoint":').removesuffix(b"}\n") + b"\n"
    genuine = checkpoint_of(inside)
    assert genuine is not None
    eva = Ed25519PrivateKey.generate()
    hers = replace(genuine, hash="f" * 64)
    line = replace(hers, signature=eva.sign(hers.signed_bytes)).line.rstrip(b"\n")
    return [lines[0], b'{"checkpoint":' + line + b"}\n", *lines[FIRST:]]


TAMPERINGS: dict[str, tuple[Callable[[Lines, Lines], Lines], str, int]] = {
    "edited": (
        lambda own, other: [*own[:4], own[4].replace(b'"ana"', b'"eva"'), *own[5:]],
        "altered",
        5,
    ),
    "reordered": (lambda own, other: [*own[:4], own[5], own[4], *own[6:]], "gap", 5),
    "one less": (lambda own, other: [*own[:4], *own[5:]], "gap", 5),
    "one twice": (lambda own, other: [*own[:5], *own[4:]], "repeated", 6),
    "without an end": (lambda own, other: own[:-3], "head", 0),
    "cut before the head": (lambda own, other: [*own[:-3], own[-1]], "tail", 0),
    "an entry of another tenant": (
        lambda own, other: [*own[:4], other[4], *own[5:]],
        "link",
        5,
    ),
    "the heading of another tenant": (lambda own, other: [other[0], *own[1:]], "altered", 3),
    "a forged checkpoint": (lambda own, other: forged(own), "checkpoint", 2),
    "a checkpoint of another tenant": (
        lambda own, other: [own[0], other[CHECKPOINT], *own[1:]],
        "",
        0,
    ),
    "no heading": (lambda own, other: own[1:], "head", 0),
    "a line that is none": (lambda own, other: [*own[:4], b"{}\n", *own[4:]], "unreadable", 5),
    "more after the head": (lambda own, other: [*own, own[-2]], "tail", 12),
    "half a line": (lambda own, other: [*own[:-1], own[-1][:40]], "unreadable", 11),
}


@pytest.fixture
async def trails(audited: "Audited") -> tuple[Lines, Lines]:
    """Two tenants' exports: a heading, a checkpoint, eight entries and the head each."""
    for tenant in (NORTH, SOUTH):
        await audited.fill(8, tenant=tenant)
    await audited.checkpoints.write(audited.store)
    keys = (audited.public_key,)
    found = [
        [
            line
            async for line in export(
                audited.store, tenant, checkpoints=audited.notes, public_keys=keys
            )
        ]
        for tenant in (NORTH, SOUTH)
    ]
    assert {len(lines) for lines in found} == {11}
    return found[0], found[1]


@pytest.mark.parametrize("name", TAMPERINGS)
def test_the_first_line_that_is_wrong_is_named(
    audited: "Audited", trails: tuple[Lines, Lines], name: str
) -> None:
    tamper, code, line = TAMPERINGS[name]
    own, other = trails
    file = audited.file.with_suffix(".jsonl")
    file.write_bytes(b"".join(own))
    assert verify_export(file, audited.public_key).problems == ()

    file.write_bytes(b"".join(tamper(list(own), list(other))))
    problems = verify_export(file, audited.public_key).problems

    if not code:  # a genuine checkpoint of another trail says nothing of this one
        assert problems == ()
        return
    assert (problems[0].code, problems[0].line) == (code, line), problems
