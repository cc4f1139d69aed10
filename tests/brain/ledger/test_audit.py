"""Appending to the trail: chained, signed, in the transaction of the fact, or not at all."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from json import loads
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from brain.domain.audit import AuditHead, AuditRecord
from brain.domain.canonical import Json, canonical_bytes, jsonable
from brain.domain.errors import InvalidInput, Unreadable
from brain.domain.identity import TenantId
from brain.ledger.audit import LONGEST_PAYLOAD, AuditTrail
from brain.ledger.audit_chain import BEGINNING, hash_of, head_bytes
from brain.ledger.audit_verify import verify
from brain.store.store import Store

if TYPE_CHECKING:
    from tests.brain.ledger.conftest import Audited

NORTH, SOUTH = TenantId("north"), TenantId("south")


async def records_of(store: Store, tenant: TenantId = NORTH) -> list[AuditRecord]:
    async with store.read() as tx:
        return await tx.audit.range(tenant)


async def head_of(store: Store, tenant: TenantId = NORTH) -> AuditHead:
    async with store.read() as tx:
        head = await tx.audit.head(tenant)
    assert head is not None
    return head


async def test_each_entry_is_linked_to_the_one_before(audited: "Audited") -> None:
    await audited.fill(3)

    first, second, third = await records_of(audited.store)
    assert (first.seq, second.seq, third.seq) == (1, 2, 3)
    assert first.prev_hash == BEGINNING
    assert second.prev_hash == first.hash
    assert third.prev_hash == second.hash


async def test_an_entry_says_who_did_what_when(audited: "Audited") -> None:
    async with audited.store.begin() as tx:
        returned = await audited.trail.append(
            tx,
            tenant=NORTH,
            actor="ana",
            kind="change.approved",
            payload={"b": 1, "a": ["é", None]},
        )

    (record,) = await records_of(audited.store)
    assert record == returned
    assert (record.actor, record.kind, record.at) == ("ana", "change.approved", audited.clock())
    assert record.payload == '{"a":["é",null],"b":1}'


async def test_the_hash_can_be_made_again_from_its_description(audited: "Audited") -> None:
    await audited.fill(2)

    _, record = await records_of(audited.store)
    said = {
        "actor": record.actor,
        "at": jsonable(record.at),
        "kind": record.kind,
        "payload": loads(record.payload),
        "seq": record.seq,
        "tenant": record.tenant,
    }
    expected = sha256(record.prev_hash.encode() + canonical_bytes(said)).hexdigest()
    assert record.hash == expected


@given(
    texts=st.tuples(*[st.text(max_size=20)] * 3),
    payload=st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    ),
    at=st.datetimes(timezones=st.just(UTC)),
)
@settings(max_examples=60, deadline=None)
def test_the_hash_is_over_the_canonical_form_whatever_is_in_it(
    texts: tuple[str, str, str], payload: Json, at: datetime
) -> None:
    actor, kind, tenant = texts
    record = AuditRecord(
        tenant=TenantId(tenant),
        seq=7,
        at=at,
        actor=actor,
        kind=kind,
        payload=canonical_bytes(payload).decode("utf-8", "surrogatepass"),
        prev_hash=BEGINNING,
        hash="",
    )
    said = {"actor": actor, "at": at, "kind": kind, "payload": payload, "seq": 7, "tenant": tenant}

    assert hash_of(record) == sha256(BEGINNING.encode() + canonical_bytes(said)).hexdigest()


async def test_the_newest_entry_is_signed(audited: "Audited") -> None:
    await audited.fill(2)

    head = await head_of(audited.store)
    newest = (await records_of(audited.store))[-1]
    assert (head.seq, head.hash) == (2, newest.hash)
    Ed25519PublicKey.from_public_bytes(audited.public_key).verify(
        head.signature, head_bytes(NORTH, 2, newest.hash)
    )


async def test_an_entry_goes_with_the_fact_that_is_rolled_back(audited: "Audited") -> None:
    await audited.fill(1)

    async def fail() -> None:
        async with audited.store.begin() as tx:
            await audited.trail.append(tx, tenant=NORTH, actor="ana", kind="k", payload=None)
            raise RuntimeError("the fact did not happen")

    with pytest.raises(RuntimeError):
        await fail()

    assert len(await records_of(audited.store)) == 1
    assert (await head_of(audited.store)).seq == 1


async def test_tenants_have_trails_of_their_own(audited: "Audited") -> None:
    await audited.fill(2, tenant=NORTH)
    await audited.fill(1, tenant=SOUTH)

    (south,) = await records_of(audited.store, SOUTH)
    assert (south.seq, south.prev_hash) == (1, BEGINNING)
    assert len(await records_of(audited.store, NORTH)) == 2


async def test_many_at_once_make_one_chain(audited: "Audited") -> None:
    await asyncio.gather(*(audited.fill(1) for _ in range(20)))

    assert [record.seq for record in await records_of(audited.store)] == list(range(1, 21))
    assert (await audited.verify()).ok


@pytest.mark.parametrize(
    "payload",
    [float("nan"), "\ud800", {"a": object()}, "x" * LONGEST_PAYLOAD],
    ids=["nan", "surrogate", "object", "long"],
)
async def test_what_cannot_be_kept_is_refused(audited: "Audited", payload: Json) -> None:
    with pytest.raises(InvalidInput, match="payload"):
        async with audited.store.begin() as tx:
            await audited.trail.append(tx, tenant=NORTH, actor="ana", kind="k", payload=payload)

    assert await records_of(audited.store) == []


@pytest.mark.parametrize(("actor", "kind"), [("", "k"), ("ana", ""), ("a\nb", "k"), ("ana", "\0")])
async def test_an_entry_without_a_plain_actor_and_kind_is_refused(
    audited: "Audited", actor: str, kind: str
) -> None:
    with pytest.raises(InvalidInput, match=r"actor|kind"):
        async with audited.store.begin() as tx:
            await audited.trail.append(tx, tenant=NORTH, actor=actor, kind=kind, payload=None)

    assert await records_of(audited.store) == []


async def test_nothing_is_added_behind_a_head_that_somebody_else_made(audited: "Audited") -> None:
    await audited.fill(3)
    audited.tamper("UPDATE audit_heads SET hash = ?", values=("f" * 64,))

    with pytest.raises(Unreadable, match="audit verify"):
        await audited.fill(1)

    assert len(await records_of(audited.store)) == 3


async def test_nothing_is_added_under_another_key(audited: "Audited") -> None:
    await audited.fill(1)
    other = AuditTrail(Ed25519PrivateKey.generate().sign, audited.clock)

    with pytest.raises(Unreadable):
        async with audited.store.begin() as tx:
            await other.append(tx, tenant=NORTH, actor="ana", kind="k", payload=None)

    assert len(await records_of(audited.store)) == 1


def test_every_field_counts_in_the_hash(clock: Callable[[], datetime]) -> None:
    record = AuditRecord(
        tenant=NORTH,
        seq=1,
        at=clock(),
        actor="a",
        kind="k",
        payload="1",
        prev_hash=BEGINNING,
        hash="",
    )
    others = [
        replace(record, tenant=SOUTH),
        replace(record, seq=2),
        replace(record, at=clock() + timedelta(microseconds=1)),
        replace(record, actor="b"),
        replace(record, kind="l"),
        replace(record, payload="2"),
        replace(record, prev_hash="1" * 64),
    ]

    assert len({hash_of(each) for each in [record, *others]}) == 8


async def test_both_databases_keep_a_trail_whole(
    any_store: Store, clock: Callable[[], datetime]
) -> None:
    key = Ed25519PrivateKey.generate()
    trail = AuditTrail(key.sign, clock)
    for number in range(3):
        async with any_store.begin() as tx:
            payload: Json = {"number": number, "reason": "Žofie's \u0000 radio"}
            await trail.append(tx, tenant=NORTH, actor="ana", kind="k", payload=payload)

    report = await verify(any_store, NORTH, key.public_key().public_bytes_raw(), None)

    assert (report.ok, report.records) == (True, 3)
