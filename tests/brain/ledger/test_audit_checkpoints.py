"""Checkpoints outside the database show a cut end, and an older database put back whole."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from json import dumps, loads
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from brain.domain.errors import StoreUnavailable, Unreadable
from brain.domain.identity import TenantId
from brain.ledger.audit import AuditTrail
from brain.ledger.audit_checkpoints import EVERY
from brain.ledger.audit_file import last_seqs
from brain.store.store import Store

if TYPE_CHECKING:
    from tests.brain.ledger.conftest import Audited

NORTH, SOUTH = TenantId("north"), TenantId("south")


def lines(audited: "Audited") -> list[dict[str, object]]:
    if not audited.notes.exists():
        return []
    return [loads(line) for line in audited.notes.read_text().splitlines()]


@asynccontextmanager
async def keeping(
    audited: "Audited", interval: timedelta = timedelta(hours=1)
) -> AsyncIterator[None]:
    keeper = asyncio.create_task(audited.checkpoints.keep(audited.store, interval=interval))
    try:
        yield
    finally:
        keeper.cancel()
        with suppress(asyncio.CancelledError):
            await keeper


async def grown(audited: "Audited", count: int) -> None:
    async with asyncio.timeout(5):
        while len(lines(audited)) < count:  # noqa: ASYNC110 - what is awaited is a file
            await asyncio.sleep(0.01)


async def test_a_checkpoint_names_the_newest_entry_of_each_tenant(audited: "Audited") -> None:
    await audited.fill(3, tenant=NORTH)
    await audited.fill(2, tenant=SOUTH)

    assert await audited.checkpoints.write(audited.store) == 2

    assert {(line["tenant"], line["seq"]) for line in lines(audited)} == {
        ("north", 3),
        ("south", 2),
    }
    assert {line["at"] for line in lines(audited)} == {"2026-01-01T12:00:00Z"}
    assert audited.notes.stat().st_mode & 0o777 == 0o600


async def test_no_line_is_added_when_nothing_was(audited: "Audited") -> None:
    await audited.fill(3)
    await audited.checkpoints.write(audited.store)

    assert await audited.checkpoints.write(audited.store) == 0
    assert len(lines(audited)) == 1


async def test_the_very_first_entry_is_noted(audited: "Audited") -> None:
    await audited.fill(1)

    assert await audited.checkpoints.write(audited.store) == 1


async def test_two_who_write_at_once_note_each_entry_once(audited: "Audited") -> None:
    await audited.fill(3)

    write = audited.checkpoints.write
    counts = await asyncio.gather(*(write(audited.store) for _ in range(4)))

    assert sum(counts) == len(lines(audited)) == 1


async def test_what_was_rolled_back_is_not_noted(audited: "Audited") -> None:
    await audited.fill(3)

    async def fail() -> None:
        async with audited.store.begin() as tx:
            await audited.trail.append(tx, tenant=NORTH, actor="ana", kind="k", payload=None)
            raise RuntimeError("the fact did not happen")

    with pytest.raises(RuntimeError):
        await fail()
    await audited.checkpoints.write(audited.store)

    assert [line["seq"] for line in lines(audited)] == [3]


async def test_it_is_written_at_the_start_and_after_every_so_many_records(
    audited: "Audited",
) -> None:
    await audited.fill(3)

    async with keeping(audited):
        await grown(audited, 1)
        await audited.fill(9)
        await asyncio.sleep(0.05)
        assert len(lines(audited)) == 1
        await audited.fill(1)
        await grown(audited, 2)

    assert [line["seq"] for line in lines(audited)] == [3, 13]


async def test_it_is_written_once_more_at_the_end(audited: "Audited") -> None:
    await audited.fill(3)

    async with keeping(audited):
        await grown(audited, 1)
        await audited.fill(1)

    assert [line["seq"] for line in lines(audited)] == [3, 4]


async def test_keeping_goes_on_when_a_file_cannot_be_written(audited: "Audited") -> None:
    await audited.fill(3)
    audited.notes.mkdir()

    async with keeping(audited, interval=timedelta(milliseconds=20)):
        await asyncio.sleep(0.05)
        audited.notes.rmdir()
        await grown(audited, 1)

    assert [line["seq"] for line in lines(audited)] == [3]


async def test_keeping_ends_when_the_trail_is_cut(audited: "Audited") -> None:
    await audited.fill(3)
    await audited.checkpoints.write(audited.store)
    audited.tamper("DELETE FROM audit_records", "DELETE FROM audit_heads")

    with pytest.raises(Unreadable, match="ends at 0"):
        await audited.new_checkpoints().keep(audited.store)


async def test_it_is_written_when_the_hour_is_over(audited: "Audited") -> None:
    await audited.fill(3)

    async with keeping(audited, interval=timedelta(milliseconds=20)):
        await grown(audited, 1)
        await audited.fill(1)
        await grown(audited, 2)

    assert [line["seq"] for line in lines(audited)] == [3, 4]


async def test_a_cut_end_with_its_own_genuine_head_is_seen_by_the_checkpoint(
    audited: "Audited", tmp_path: Path
) -> None:
    await audited.fill(8)
    older = tmp_path / "older.db"
    audited.copy_to(older)
    await audited.fill(4)
    await audited.checkpoints.write(audited.store)

    audited.put_back(older)

    assert (await audited.verify()).ok, "within itself the older database is whole"
    (problem,) = (await audited.verify(notes=audited.notes)).problems
    assert (problem.code, problem.seq) == ("tail", 12)


async def test_an_older_database_that_grew_again_is_seen_by_the_checkpoint(
    audited: "Audited", tmp_path: Path
) -> None:
    await audited.fill(8)
    older = tmp_path / "older.db"
    audited.copy_to(older)
    await audited.fill(4)
    await audited.checkpoints.write(audited.store)
    audited.put_back(older)
    audited.clock.advance(minutes=1)  # type: ignore[attr-defined]  # the clock of the tests

    await audited.fill(10)

    assert (await audited.verify()).ok
    problems = (await audited.verify(notes=audited.notes)).problems
    assert [(each.code, each.seq) for each in problems] == [("checkpoint", 12)]


async def test_the_writer_itself_notices_an_older_database(
    audited: "Audited", tmp_path: Path
) -> None:
    await audited.fill(8)
    older = tmp_path / "older.db"
    audited.copy_to(older)
    await audited.fill(4)
    await audited.checkpoints.write(audited.store)
    audited.put_back(older)

    with pytest.raises(Unreadable, match="ends at 8 but had come to 12"):
        await audited.new_checkpoints().write(audited.store)

    assert [line["seq"] for line in lines(audited)] == [12]


async def test_a_trail_that_holds_its_checkpoints_is_whole(audited: "Audited") -> None:
    for _ in range(3):
        await audited.fill(5)
        await audited.checkpoints.write(audited.store)

    report = await audited.verify(notes=audited.notes)

    assert report.ok
    assert (report.records, report.checkpoints) == (15, 3)


@pytest.mark.parametrize("field", ["tenant", "seq", "hash", "at", "signature"])
async def test_an_altered_checkpoint_is_seen(audited: "Audited", field: str) -> None:
    await audited.fill(5)
    await audited.checkpoints.write(audited.store)
    (line,) = lines(audited)
    said = line[field]
    other = {**line, field: said - 1 if isinstance(said, int) else f"0{said}"[: len(str(said))]}
    assert other != line
    text = dumps(other, sort_keys=True, separators=(",", ":"))

    audited.notes.write_text(text + "\n")

    assert await audited.codes(notes=audited.notes) == {"checkpoint"}


@pytest.mark.parametrize("content", ["{}\n", "\n", "[1]\n", "\x00\n", '{"seq":1', "x" * 9000])
async def test_a_line_that_cannot_be_read_is_a_problem(audited: "Audited", content: str) -> None:
    await audited.fill(5)
    audited.notes.write_text(content)

    assert await audited.codes(notes=audited.notes) == {"checkpoint"}


async def test_a_half_written_last_line_gives_way_to_the_next(audited: "Audited") -> None:
    await audited.fill(5)
    await audited.checkpoints.write(audited.store)
    whole = audited.notes.read_bytes()
    audited.notes.write_bytes(whole + whole[: len(whole) // 2])
    await audited.fill(1)

    await audited.checkpoints.write(audited.store)

    assert audited.notes.read_bytes().startswith(whole)
    report = await audited.verify(notes=audited.notes)
    assert (report.ok, report.checkpoints) == (True, 2)


async def test_a_lost_file_is_seen_once_there_should_be_one(audited: "Audited") -> None:
    await audited.fill(2 * EVERY - 1)
    assert (await audited.verify(notes=audited.notes)).ok

    await audited.fill(1)

    assert await audited.codes(notes=audited.notes) == {"checkpoint"}


async def test_two_processes_share_the_file(audited: "Audited") -> None:
    await audited.fill(5)
    await audited.checkpoints.write(audited.store)
    other = audited.new_checkpoints()
    trail = AuditTrail(audited.key.sign, audited.clock, checkpoints=other)
    async with audited.store.begin() as tx:
        await trail.append(tx, tenant=NORTH, actor="ana", kind="k", payload=None)

    assert await other.write(audited.store) == 1

    assert last_seqs(audited.notes) == {NORTH: 6}
    assert (await audited.verify(notes=audited.notes)).checkpoints == 2


async def test_a_file_that_cannot_be_written_is_said_and_tried_again(audited: "Audited") -> None:
    await audited.fill(5)
    audited.notes.mkdir()
    with pytest.raises(StoreUnavailable, match=r"audit-checkpoints\.jsonl"):
        await audited.checkpoints.write(audited.store)
    shutil.rmtree(audited.notes)

    assert await audited.checkpoints.write(audited.store) == 1


async def test_a_cancellation_that_was_taken_for_an_error_ends_the_keeping_with_a_checkpoint(
    audited: "Audited", monkeypatch: pytest.MonkeyPatch
) -> None:
    await audited.fill(3)
    write, begun, tries = audited.checkpoints.write, asyncio.Event(), []

    async def stuck(store: Store, *, behind: int = 1) -> int:
        tries.append(behind)
        if len(tries) > 1:
            return await write(store, behind=behind)
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise StoreUnavailable("a driver that does not pass it on") from None
        return 0

    monkeypatch.setattr(audited.checkpoints, "write", stuck)
    keeper = asyncio.create_task(audited.checkpoints.keep(audited.store))
    await begun.wait()
    keeper.cancel()
    await asyncio.wait([keeper], timeout=5)

    assert keeper.done()
    assert [line["seq"] for line in lines(audited)] == [3]
