"""What people type stays out of the trail for ever, and can be shown to be what they typed."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from brain.domain.identity import TenantId
from brain.ledger.audit_export import export
from brain.ledger.audit_words import SaidThen, said_at

if TYPE_CHECKING:
    from tests.brain.ledger.conftest import Audited

NORTH = TenantId("north")
STORM = {"reason": "storm at Quitzow's"}


async def halted(audited: "Audited", words: dict[str, str]) -> None:
    async with audited.store.begin() as tx:
        await audited.trail.append(
            tx, tenant=NORTH, actor="ana", kind="halt.on", payload={"n": 1}, words=words
        )


async def said(audited: "Audited") -> list[SaidThen]:
    async with audited.store.read() as tx:
        return await said_at(tx, await tx.audit.range(NORTH))


async def test_the_trail_and_its_export_hold_digests_that_tell_nothing(
    audited: "Audited",
) -> None:
    await halted(audited, STORM)
    await halted(audited, STORM)

    async with audited.store.read() as tx:
        one, two = (each.payload for each in await tx.audit.range(NORTH))
    exported = b"".join([line async for line in export(audited.store, NORTH)])
    assert "Quitzow" not in one + exported.decode()
    assert b"Quitzow" not in audited.file.read_bytes()
    assert '"words":{"reason":"' in one
    assert one != two, "that the same was said twice can be seen"
    assert (await audited.verify()).ok


async def test_whoever_may_read_the_trail_reads_what_was_said(audited: "Audited") -> None:
    await halted(audited, STORM)
    await halted(audited, {})
    await halted(audited, {"reason": ""})

    assert await said(audited) == [
        SaidThen(words=STORM, as_written=True),
        SaidThen(),
        SaidThen(),
    ]


@pytest.mark.parametrize("other", [{"reason": "calm"}, {"comment": STORM["reason"]}, {}])
async def test_other_words_than_were_said_are_seen(
    audited: "Audited", other: dict[str, str]
) -> None:
    await halted(audited, STORM)
    audited.tamper("DELETE FROM audit_words")
    async with audited.store.begin() as tx:  # as somebody with the keys could
        await tx.audit_words.add(NORTH, 1, other)

    (now,) = await said(audited)

    assert (now.words, now.as_written) == (other, False)


async def test_words_that_are_no_longer_kept_leave_the_trail_whole(audited: "Audited") -> None:
    await halted(audited, STORM)
    audited.tamper("DELETE FROM audit_words")

    assert await said(audited) == [SaidThen(as_written=False)]
    assert (await audited.verify()).ok


async def test_words_of_one_entry_are_not_those_of_another(audited: "Audited") -> None:
    await halted(audited, STORM)
    await halted(audited, {"reason": "calm"})
    audited.tamper("DELETE FROM audit_words WHERE seq = 2", "UPDATE audit_words SET seq = 2")

    assert await said(audited) == [SaidThen(as_written=False), SaidThen(as_written=False)]


async def test_one_altered_row_of_words_hides_no_other(audited: "Audited") -> None:
    await halted(audited, STORM)
    await halted(audited, {"reason": "calm"})
    await halted(audited, {})
    audited.tamper(
        "UPDATE audit_words SET sealed = x'00' WHERE seq = 1",
        "INSERT INTO audit_words SELECT tenant, 3, sealed FROM audit_words WHERE seq = 2",
    )

    assert await said(audited) == [
        SaidThen(as_written=False),
        SaidThen(words={"reason": "calm"}, as_written=True),
        SaidThen(as_written=False),
    ]


async def test_an_entry_that_was_made_unreadable_keeps_the_others_from_nobody(
    audited: "Audited",
) -> None:
    await halted(audited, STORM)
    await halted(audited, {})
    async with audited.store.read() as tx:
        entries = await tx.audit.range(NORTH)
        broken = replace(entries[1], payload="{not JSON")
        found = await said_at(tx, [entries[0], broken])

    assert found == [SaidThen(words=STORM, as_written=True), SaidThen()]
