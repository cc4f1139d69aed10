"""The durable run: each step of a change is a DBOS step, so a killed process goes on where it was.

DBOS repeats a step that was not written down as done, which is why every step looks before it acts.
Business state stays in the ledger: what is kept here is only which step is next.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import structlog
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

from brain.domain.identity import ChangeId
from executors.execution import Execution
from executors.steps import Next, Step

T = TypeVar("T")

_log = structlog.get_logger(__name__)
_AFTER_A_FAILURE = 5.0
_STUCK, _CALLS = 12, 100
"""After so many failures in a row a person is called, and so often that is tried."""
_TELLINGS = 100
_BEFORE_A_WRITE = frozenset({Step.BEGIN, Step.CARRY_OUT})

WORKFLOW_VERSION = "execution-1"
"""Pinned: a new release must go on with the runs of the old one. Raise it with a migration."""


class DurableRuns:
    """Starts and resumes runs. One of these lives in a process: DBOS keeps one registry."""

    def __init__(
        self,
        execution: Execution,
        *,
        database: Path | str,
        ended: Callable[[ChangeId], Awaitable[None]],
    ) -> None:
        self._execution = execution
        self._ended = ended
        self._bells: dict[ChangeId, asyncio.Event] = {}
        self._failures: dict[ChangeId, int] = {}
        self._home: asyncio.AbstractEventLoop | None = None
        config = DBOSConfig(
            name="gatewright",
            system_database_url=_url(database),
            application_version=WORKFLOW_VERSION,
            executor_id="gatewright",
            serializer=DBOSPortableJSONSerializer(),
            log_level="ERROR",
        )
        DBOS(config=config)
        self._workflow = self._register()

    def launch(self) -> None:
        """Open the journal and go on with every run that was under way."""
        self._home = asyncio.get_running_loop()
        DBOS.launch()

    async def start(self, change: ChangeId) -> None:
        """Start the run of a change; starting it again does nothing."""
        with SetWorkflowID(f"chg:{change}"):
            await DBOS.start_workflow_async(self._workflow, change)

    def close(self) -> None:
        """Stop; runs under way are gone on with at the next launch."""
        DBOS.destroy(destroy_registry=True)

    def _register(self) -> Callable[[str], Coroutine[Any, Any, str]]:
        @DBOS.step(name="take_step")
        async def take_step(change: str, step: str, count: int) -> list[str | float | int]:
            then = await self._at_home(self._take(ChangeId(change), Next(Step(step), 0, count)))
            return [then.step.value, then.after, then.count]

        @DBOS.step(name="tell_the_end")
        async def tell_the_end(change: str) -> bool:
            return await self._at_home(self._tell(ChangeId(change)))

        @DBOS.workflow(name="execute_change")
        async def execute_change(change: str) -> str:
            await _step_by_step(change, take_step, tell_the_end)
            return change

        return execute_change

    def rouse(self, change: ChangeId) -> None:
        """Somebody changed what it waits for: look now, not when its pause is over.

        Called on the loop that launched it. Losing a call loses nothing.
        """
        bell = self._bells.get(change)
        if bell is not None:
            bell.set()

    async def _take(self, change: ChangeId, now: Next) -> Next:
        """Take a step. The pause before a write is a part of it, since it can be cut short.

        After a crash within the pause the step is taken again, which does no harm.
        """
        bell = self._bells[change] = asyncio.Event()  # before it looks, so that no ring is lost
        try:
            then = await self._taken(change, now)
            if then.step not in _BEFORE_A_WRITE or not then.after:
                return then
            with suppress(TimeoutError):
                async with asyncio.timeout(then.after):
                    await bell.wait()
            return Next(then.step, 0.0, then.count)
        finally:
            self._bells.pop(change, None)

    async def _taken(self, change: ChangeId, now: Next) -> Next:
        try:
            then = await self._execution.take(change, now)
        except Exception:  # noqa: BLE001 - whatever broke, the run may not be lost: look again later
            _log.exception("step_failed", change=change, step=now.step.value)
            await self._failed(change, now.step)
            return Next(now.step, _AFTER_A_FAILURE, now.count)
        self._failures.pop(change, None)
        return then

    async def _failed(self, change: ChangeId, step: Step) -> None:
        """What breaks for longer than a moment needs a person, who is called once."""
        times = self._failures[change] = self._failures.get(change, 0) + 1
        if times % _STUCK or times > _CALLS * _STUCK:
            return
        try:
            await self._execution.stuck(change, step)
        except Exception:  # noqa: BLE001 - tried again after as many failures more
            _log.exception("call_failed", change=change)
        else:
            self._failures[change] = _CALLS * _STUCK

    async def _tell(self, change: ChangeId) -> bool:
        try:
            await self._ended(change)
        except Exception:  # noqa: BLE001 - whatever broke, the asker should still hear of it
            _log.exception("telling_failed", change=change)
            return False
        return True

    async def _at_home(self, work: Coroutine[Any, Any, T]) -> T:
        """Run it on the loop where everything else lives: DBOS resumes runs on one of its own."""
        home = self._home
        if home is None:
            raise RuntimeError("launch() comes first")
        if asyncio.get_running_loop() is home:
            return await work
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, home))


async def _step_by_step(
    change: str,
    take_step: Callable[[str, str, int], Awaitable[list[str | float | int]]],
    tell_the_end: Callable[[str], Awaitable[bool]],
) -> None:
    """Whoever asked hears of a success at once, and again where harm that shows later undoes it."""
    step, after, count, heard = Step.BEGIN.value, 0.0, 0, False
    while step != Step.DONE.value:
        if step != Step.GUARD.value:
            heard = False
        elif not heard:
            heard = await _told(change, tell_the_end)
        if after:
            await DBOS.sleep_async(after)
        told = await take_step(change, step, count)
        step, after, count = str(told[0]), float(told[1]), int(told[2])
    if not heard:
        await _told(change, tell_the_end)


async def _told(change: str, tell_the_end: Callable[[str], Awaitable[bool]]) -> bool:
    """Tell it, as often as it takes; True, since there is no more to be done then."""
    for _ in range(_TELLINGS):
        if await tell_the_end(change):
            break
        await DBOS.sleep_async(_AFTER_A_FAILURE)
    return True


def _url(database: Path | str) -> str:
    if isinstance(database, str):
        return database
    # DBOS does not switch SQLite to write-ahead logging; measured, it makes four times as many
    # runs a second with it.
    with sqlite3.connect(database) as journal:
        journal.execute("PRAGMA journal_mode=WAL")
    journal.close()
    return f"sqlite:///{database}"
