"""What was learned is kept whole, summed in step, and sealed where it gives leave."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from brain.domain.autonomy import Evidence, Level, Standing
from brain.domain.device import Device
from brain.domain.errors import Unreadable
from brain.domain.fared import Fared
from brain.domain.history import TrackRecord
from brain.domain.identity import ChangeId
from brain.domain.record import ChangeRecord
from brain.domain.shadow import Agreement
from brain.store.store import Store
from tests.brain.store.everything import (
    NODE,
    NORTH,
    SITE,
    SUB,
    inhabit,
    kind_of,
    subject_of,
)


@pytest.fixture
async def changes(
    any_store: Store, device: object, a_change: Callable[..., ChangeRecord]
) -> list[ChangeRecord]:
    made = [a_change(id=ChangeId(f"chg_{n}")) for n in range(6)]
    async with any_store.begin() as tx:
        for change in made:
            await tx.changes.add(change)
    return made


def told(change: ChangeRecord, held: bool | None = True, **but: object) -> Fared:
    about = {"tenant": NORTH, "change": change.id, "device": change.device, "held": held}
    fields = {**about, "kind": kind_of(change), "at": change.updated_at, **but}
    return Fared(**fields)  # type: ignore[arg-type]  # typed by what is asked for


async def test_what_is_known_of_a_change_comes_back_as_it_was(
    any_store: Store, changes: list[ChangeRecord]
) -> None:
    whole = told(
        changes[0],
        metric="Device.DeviceInfo.MemoryStatus.Free",
        promised=20,
        before=2**40,
        after=2**41,
        gain=2**40,
        watched=timedelta(seconds=61.5),
    )
    async with any_store.begin() as tx:
        await tx.fared.put(told(changes[0], None))
        await tx.fared.put(whole)

    async with any_store.read() as tx:
        assert await tx.fared.get(NORTH, changes[0].id) == whole
        assert await tx.fared.of_device(NORTH, changes[0].device) == [whole]


async def test_the_sums_are_those_of_the_rows_in_whatever_order_words_came(
    any_store: Store, changes: list[ChangeRecord]
) -> None:
    chance, last = random.Random(7), dict[ChangeId, Fared]()
    async with any_store.begin() as tx:
        for _ in range(40):
            change = chance.choice(changes)
            gain = chance.choice([None, -30, 0, 50, 90])
            word = told(change, chance.choice([None, True, False]), before=100, gain=gain)
            last[change.id] = word
            await tx.fared.put(word)

    async with any_store.read() as tx:
        record = await tx.fared.record(NORTH, kind_of(changes[0]))

    known = [each for each in last.values() if each.held is not None]
    shares = [each.share for each in known if each.share is not None]
    assert (record.tried, record.succeeded) == (len(known), sum(bool(e.held) for e in known))
    assert record.effect is not None
    assert record.effect.measured == len(shares)
    assert record.effect.mean == pytest.approx(sum(shares) / len(shares))


async def test_evidence_counts_back_to_the_last_that_did_not_hold(
    any_store: Store, changes: list[ChangeRecord]
) -> None:
    words = [True, False, True, None, True, True]
    async with any_store.begin() as tx:
        for number, (change, held) in enumerate(zip(changes, words, strict=True)):
            at = change.updated_at + timedelta(minutes=number)
            await tx.fared.put(told(change, held, at=at))

    async with any_store.read() as tx:
        found = await tx.fared.evidence(NORTH, subject_of(changes[0]))

    assert found == Evidence(tried=5, succeeded=4, in_a_row=3)


async def test_rates_are_told_by_whatever_is_asked_for(
    any_store: Store, changes: list[ChangeRecord]
) -> None:
    newer = replace(kind_of(changes[0]), firmware="2.0")
    async with any_store.begin() as tx:
        await tx.fared.put(told(changes[0]))
        await tx.fared.put(told(changes[1], False))
        await tx.fared.put(told(changes[2], kind=newer))

    async with any_store.read() as tx:
        by_firmware = await tx.fared.rates(NORTH, ["firmware"], only={})
        of_one = await tx.fared.rates(NORTH, ["model"], only={"firmware": "2.0"})

    assert by_firmware == [
        ({"firmware": changes[0].basis.firmware}, TrackRecord(tried=2, succeeded=1)),
        ({"firmware": "2.0"}, TrackRecord(tried=1, succeeded=1)),
    ]
    assert of_one == [({"model": "Hub 3"}, TrackRecord(tried=1, succeeded=1))]


async def test_a_standing_is_kept_once_and_moved_by_who_holds_it(
    any_store: Store, changes: list[ChangeRecord]
) -> None:
    first = Standing(tenant=NORTH, subject=subject_of(changes[0]))
    higher = replace(first, level=Level.PROPOSE)
    async with any_store.begin() as tx:
        assert await tx.autonomy.get(NORTH, first.subject) is None
        assert await tx.autonomy.hold(first) == first
        await tx.autonomy.put(higher)
        assert await tx.autonomy.hold(first) == higher

    async with any_store.read() as tx:
        assert await tx.autonomy.list(NORTH) == [higher]


async def test_a_level_that_was_moved_to_another_model_with_sql_is_an_error(
    any_store: Store, changes: list[ChangeRecord]
) -> None:
    standing = Standing(tenant=NORTH, subject=subject_of(changes[0]), level=Level.ALONE)
    async with any_store.begin() as tx:
        await tx.autonomy.put(standing)
        await tx.autonomy._db.run(text("UPDATE autonomy SET model = 'Hub 4'"))

    async with any_store.read() as tx:
        with pytest.raises(Unreadable):
            await tx.autonomy.get(NORTH, replace(standing.subject, model="Hub 4"))


async def test_a_shadow_is_ended_once(
    any_store: Store, a_device: Callable[..., Device], a_change: Callable[..., ChangeRecord]
) -> None:
    async with any_store.begin() as tx:
        device = a_device(site=SITE, subscriber=SUB, access_node=NODE)
        await inhabit(tx, device, a_change())
        (shadow,) = await tx.shadows.list(NORTH)
        assert await tx.shadows.due(shadow.until) == [shadow]
        assert await tx.shadows.due(shadow.until - timedelta(seconds=1)) == []
        agreed = replace(shadow, end=Agreement.AGREED, ended_at=shadow.until, seen="chg_1")

        assert await tx.shadows.tell(agreed)
        assert not await tx.shadows.tell(replace(agreed, end=Agreement.NOTHING))

        assert await tx.shadows.list(NORTH) == [agreed]
        assert await tx.shadows.open_of(NORTH, shadow.device) == []
        assert await tx.shadows.tally(NORTH) == [
            (shadow.subject, shadow.author, Agreement.AGREED, 1)
        ]
