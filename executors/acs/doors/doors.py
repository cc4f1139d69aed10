"""Starts the doors, and starts another one for each that dies.

Every door has a listening socket of its own on the one address, which this process keeps: who came
while a door was dead waits for the next one.
"""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from time import monotonic

import structlog

from brain.domain.errors import InvalidInput
from executors.acs.doors.frames import Frame, Kind
from executors.acs.doors.inside import Inside
from executors.acs.server import CwmpServer

_MODULE = "executors.acs.doors"
_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "HOME")
"""Of the environment: nothing secret is in the process that everybody talks to."""
_SOONEST, _LATEST, _LIVED = 0.2, 5.0, 10.0
"""Seconds before another door is started, doubled for one that did not live so long."""
_STARTING, _ENDING = 30.0, 8.0
_SILENT = 15.0
"""Seconds without a word after which a door is ended: it speaks twice a second."""
_TELL_EVERY = 0.5
"""Seconds."""
_log = structlog.get_logger(__name__)


class Doors:
    """One for each listening socket; a socket is kept open by whoever made it."""

    def __init__(
        self, app: CwmpServer, listeners: Sequence[socket.socket], *, most: int | None = None
    ) -> None:
        """``most``: connections of each door; None: as many as a process may have."""
        self._app, self._listeners, self._most = app, listeners, most
        self.silence = _SILENT
        self._stopping = asyncio.Event()
        self.lines: dict[int, Inside] = {}
        self._processes: dict[int, asyncio.subprocess.Process] = {}
        self._open = [asyncio.Event() for _ in listeners]

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that are doors now."""
        return tuple(each.pid for _, each in sorted(self._processes.items()))

    async def keep(self) -> None:
        """Until ``stop``."""
        async with asyncio.TaskGroup() as tasks:
            for number in range(len(self._listeners)):
                tasks.create_task(self._keep(number))
            tasks.create_task(self._tell())

    async def opened(self) -> None:
        """Wait until each of them listens; InvalidInput where they do not come up."""
        try:
            async with asyncio.timeout(_STARTING):
                await asyncio.gather(*(each.wait() for each in self._open))
        except TimeoutError:
            raise InvalidInput(
                "the doors of the ACS do not come up",
                field="GATEWRIGHT_ACS_DOORS",
                remedy="Look at what their processes print, or set it to 0.",
            ) from None

    def stop(self) -> None:
        """Have them finish what is under way, and end."""
        self._stopping.set()
        for line in self.lines.values():
            line.say(Frame(Kind.STOP))

    async def _keep(self, number: int) -> None:
        wait = _SOONEST
        while not self._stopping.is_set():
            began = monotonic()
            try:
                code: int | str = await self._one(number)
            except OSError as error:  # no process, or no descriptor, to be had now
                code = error.strerror or "OSError"
            if self._stopping.is_set():
                return
            lived = monotonic() - began
            wait = _SOONEST if lived >= _LIVED else min(wait * 2, _LATEST)
            _log.warning("acs_door_ended", door=number, code=code, lived=round(lived, 1))
            await _at_most(self._stopping, wait)

    async def _one(self, number: int) -> int:
        """Start one and wait for its end; its exit code."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                process = await self._started(self._listeners[number], theirs)
            except OSError:
                ours.close()
                raise
        loop = asyncio.get_running_loop()
        inside = partial(Inside, self._app)
        _, line = await loop.create_unix_connection(inside, sock=ours)
        self.lines[number], self._processes[number] = line, process
        opening = asyncio.create_task(self._tell_opened(number, line))
        try:
            if self._stopping.is_set():
                line.say(Frame(Kind.STOP))
            await self._ended(line, process)
            return await process.wait()
        finally:
            opening.cancel()
            line.hang_up()
            del self.lines[number], self._processes[number]
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def _ended(self, line: Inside, process: asyncio.subprocess.Process) -> None:
        """A door without a line is to end soon; so is one that was told to, or says nothing."""
        ended = asyncio.create_task(process.wait())
        silent = asyncio.create_task(line.silent(first=_STARTING, then=self.silence))
        lost, stopping = (asyncio.create_task(e.wait()) for e in (line.lost, self._stopping))
        try:
            await asyncio.wait({ended, silent, lost, stopping}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({ended}, timeout=0 if silent.done() else _ENDING)
            if process.returncode is None:
                process.kill()
        finally:
            for each in (ended, silent, lost, stopping):
                each.cancel()

    async def _started(
        self, listener: socket.socket, line: socket.socket
    ) -> asyncio.subprocess.Process:
        tls = self._app.tls
        files = (tls.certificate, tls.key, tls.clients) if tls else (None, None, None)
        said = {
            "listener": listener.fileno(),
            "line": line.fileno(),
            "tls": [str(each) if each else None for each in files],
            "most": self._most,
        }
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", _MODULE, json.dumps(said)),
            pass_fds=(listener.fileno(), line.fileno()),
            stdin=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        )

    async def _tell_opened(self, number: int, line: Inside) -> None:
        await line.opened.wait()
        self._open[number].set()

    async def _tell(self) -> None:
        """To every door, when those are to come back that it has no room to hear."""
        while not self._stopping.is_set():
            wait = str(self._app.connections.unheard()).encode()
            for line in self.lines.values():
                line.say(Frame(Kind.UNHEARD, 0, (wait,)))
            await _at_most(self._stopping, _TELL_EVERY)


async def _at_most(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


@asynccontextmanager
async def doors(
    app: CwmpServer, listeners: Sequence[socket.socket], *, most: int | None = None
) -> AsyncIterator[Doors]:
    """Open while the block lasts; InvalidInput where TLS cannot be served, or as ``opened``."""
    if app.tls is not None:
        app.tls.options()
    made = Doors(app, listeners, most=most)
    keeping = asyncio.create_task(made.keep())
    keeping.add_done_callback(_tell_of)
    try:
        await made.opened()
        yield made
    finally:
        made.stop()
        try:
            await keeping
        finally:
            await app.settled(_ENDING)


def _tell_of(keeping: asyncio.Task[None]) -> None:
    """When it happens: doors are replaced no longer, and whoever waits for it waits for the end."""
    error = None if keeping.cancelled() else keeping.exception()
    if error is not None:
        _log.error("acs_doors_not_kept", exc_info=error)
