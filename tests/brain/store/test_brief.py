"""A brief transaction on SQLite: in the event loop's thread, but for its beginning and its end."""

import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from brain.store import one_hop
from brain.store.cipher import Cipher
from brain.store.store import Store


class Watched:
    """A store, and in which thread each statement was carried out."""

    def __init__(self) -> None:
        self.threads: dict[str, int] = {}
        self.store: Store

    def connect(self, *given: Any, **options: Any) -> sqlite3.Connection:
        made = sqlite3.Connection(*given, **options)
        made.set_trace_callback(lambda said: self.threads.update({said: threading.get_ident()}))
        return made

    async def run(self, *, brief: bool) -> None:
        async with self.store.begin(brief=brief) as tx:
            await tx.devices._db.rows(text("SELECT 42"))


@pytest.fixture
async def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watched]:
    made = Watched()
    monkeypatch.setattr(sqlite3, "connect", made.connect)
    made.store = await Store.open(f"sqlite:///{tmp_path / 'x.db'}", Cipher(bytes(32)))
    await made.store.migrate()
    yield made
    await made.store.close()


@pytest.mark.parametrize("brief", [True, False])
async def test_only_the_statements_of_a_brief_one_stay_in_the_thread_of_the_event_loop(
    watched: Watched, brief: bool
) -> None:
    await watched.run(brief=brief)

    here = threading.get_ident()
    assert (watched.threads["SELECT 42"] == here) is brief
    assert watched.threads["BEGIN IMMEDIATE"] != here
    assert watched.threads["COMMIT"] != here


@pytest.mark.parametrize("brief", [True, False])
async def test_the_same_holds_for_one_that_only_reads(watched: Watched, brief: bool) -> None:
    async with watched.store.read(brief=brief) as tx:
        await tx.devices._db.rows(text("SELECT 43"))

    assert (watched.threads["SELECT 43"] == threading.get_ident()) is brief


async def test_what_follows_a_brief_one_on_the_same_connection_goes_to_its_thread(
    watched: Watched,
) -> None:
    await watched.run(brief=True)
    await watched.run(brief=False)

    assert watched.threads["SELECT 42"] != threading.get_ident()


async def test_one_that_has_held_the_event_loop_gives_others_their_turn(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_hop, "_HELD", 0.0)
    await watched.run(brief=True)

    assert watched.threads["SELECT 42"] != threading.get_ident()
