"""A brief transaction on SQLite: in this thread, but for its beginning and its end."""

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from brain.store.cipher import Cipher
from brain.store.store import Store


@pytest.mark.parametrize("brief", [True, False])
async def test_only_the_statements_of_a_brief_one_stay_in_the_thread_of_the_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, brief: bool
) -> None:
    threads: dict[str, int] = {}

    def connected(*given: Any, **options: Any) -> sqlite3.Connection:
        made = connect(*given, **options)
        made.set_trace_callback(lambda said: threads.setdefault(said, threading.get_ident()))
        return made

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", connected)
    store = await Store.open(f"sqlite:///{tmp_path / 'x.db'}", Cipher(bytes(32)))
    await store.migrate()
    threads.clear()
    async with store.begin(brief=brief) as tx:
        await tx.devices._db.rows(text("SELECT 42"))
    await store.close()

    here = threading.get_ident()
    assert (threads["SELECT 42"] == here) is brief
    assert threads["BEGIN IMMEDIATE"] != here
    assert threads["COMMIT"] != here
