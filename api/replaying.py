"""Replays on the server: one at a time, on its own log, while its progress is followed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from brain.domain.errors import Conflict
from policies.bundle import Bundle
from policies.replay.replay import Pages, replay
from policies.replay.report import Report, report


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What to hold rules against: a part of the log, and how large it is."""

    pages: Pages
    since: datetime
    until: datetime
    in_log: int
    total: int
    """Of ``in_log``, how many are replayed at most."""


class Replays:
    """All processors work on a replay, so a second one waits for its turn to be asked again."""

    def __init__(self) -> None:
        self._busy = asyncio.Lock()

    def check_free(self) -> None:
        """Raise Conflict while one is under way."""
        if self._busy.locked():
            raise Conflict("a replay is under way", remedy="Ask again when it is done.")

    async def follow(self, bundle: Bundle, past: Past) -> AsyncIterator[int | Report]:
        """How many decisions are done, again and again, and the report at last.

        Whoever stops following stops the replay.
        """
        self.check_free()
        async with self._busy:
            heard: asyncio.Queue[int | None] = asyncio.Queue()
            work = asyncio.create_task(_worked(bundle, past, heard))
            try:
                while (done := await heard.get()) is not None:
                    yield done
                yield await work
            finally:
                work.cancel()
                await asyncio.wait({work})


async def _worked(bundle: Bundle, past: Past, heard: "asyncio.Queue[int | None]") -> Report:
    try:
        found = await replay(bundle, past.pages, progress=heard.put_nowait)
    finally:
        heard.put_nowait(None)
    return report(found, bundle, since=past.since, until=past.until, in_log=past.in_log)
