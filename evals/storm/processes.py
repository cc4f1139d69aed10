"""The processes of a storm: one ACS, one of homes to be read, and several full of devices."""

import json
import multiprocessing
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import SimpleQueue
from random import Random
from threading import Thread
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from evals.processes import processor_seconds
from evals.storm.crowd import Crowd, Tally
from evals.storm.script import Script
from evals.storm.server import PASSWORD, USERNAME

_TELL_EVERY = 0.25
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class Server:
    """The ACS, and what it tells."""

    process: "subprocess.Popen[str]"
    url: str
    pids: Sequence[int]
    """Its processes: itself, and its doors."""
    told: "SimpleQueue[dict[str, Any]]" = field(default_factory=SimpleQueue)

    def read(self, ids: str) -> None:
        """Have its agent begin to read these."""
        assert self.process.stdin is not None
        self.process.stdin.write(ids + "\n")
        self.process.stdin.flush()

    def processor_seconds(self) -> float:
        """User and system seconds of all its processes so far."""
        return sum(processor_seconds(pid) for pid in self.pids)

    def peak_bytes(self) -> int:
        """The most memory that each of its processes held so far, together."""
        return sum(_peak_bytes(pid) for pid in self.pids)

    def listen(self) -> None:
        """Take in what it tells until it ends."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.told.put(json.loads(line))


@contextmanager
def server(folder: Path, number: int, *, doors: int) -> Iterator[Server]:
    """The ACS with a store in this folder that knows so many devices, behind so many doors."""
    with _python("evals.storm.server", str(folder), str(number), str(doors)) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        if not first:
            raise RuntimeError("the ACS did not start")
        told = json.loads(first)
        made = Server(process, told["url"], (process.pid, *told["pids"]))
        Thread(target=made.listen, daemon=True).start()
        yield made


@contextmanager
def residents(url: str) -> Iterator[str]:
    """The homes to be read, up and known; their ids."""
    with _python("evals.storm.residents", url) as process:
        assert process.stdout is not None
        ids = process.stdout.readline().strip()
        if not ids:
            raise RuntimeError("the homes to be read did not come up")
        yield ids


@contextmanager
def _python(module: str, *words: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", module, *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _peak_bytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


@dataclass(slots=True)
class Devices:
    """One process of the crowd, seen from outside."""

    process: BaseProcess
    pipe: Connection
    tally: Tally = field(default_factory=Tally)

    def look(self) -> None:
        """Take in what it told last; EOFError when it has ended."""
        while self.pipe.poll():
            self.tally = self.pipe.recv()

    def report(self) -> tuple[bytes, bytes]:
        """``Crowd.admitted`` and ``Crowd.took``, after all that it told before."""
        while isinstance(said := self.pipe.recv(), Tally):
            self.tally = said
        return self.pipe.recv_bytes(), self.pipe.recv_bytes()


@contextmanager
def crowd(url: str, number: int, *, processes: int, heedless: float) -> Iterator[list[Devices]]:
    """So many devices, shared among processes. Say ``("gather", n)`` and ``("release", 0)``."""
    made: list[Devices] = []
    share = -(-number // processes)
    try:
        for seed, first in enumerate(range(0, number, share)):
            ours, theirs = _SPAWN.Pipe()
            part = (first, min(share, number - first))
            words = (theirs, url, part, heedless, seed)
            process = _SPAWN.Process(target=_live, args=words, daemon=True)
            process.start()
            theirs.close()
            made.append(Devices(process, ours))
        yield made
    finally:
        for each in made:
            each.process.terminate()
            each.process.join(5)


def _live(pipe: Connection, url: str, part: tuple[int, int], heedless: float, seed: int) -> None:
    parsed = urlsplit(url)
    crowd = Crowd(
        first=part[0],
        count=part[1],
        address=(str(parsed.hostname), int(parsed.port or 0)),
        script=Script(username=USERNAME, password=PASSWORD),
        heedless=heedless,
        draw=Random(seed),  # noqa: S311 - a simulation
    )
    most = _asked(pipe, "gather")
    _tell_until(pipe, crowd, lambda: crowd.gather(most))
    _asked(pipe, "release")
    crowd.release()
    _tell_until(pipe, crowd, crowd.turn)
    _asked(pipe, "report")
    pipe.send("report")
    pipe.send_bytes(crowd.admitted.tobytes())
    pipe.send_bytes(crowd.took.tobytes())
    crowd.close()


def _tell_until(pipe: Connection, crowd: Crowd, over: Callable[[], bool]) -> None:
    """Tell how far it is now and then, and at the end; asked before that, it was given up."""
    told = monotonic()
    while not over() and not pipe.poll():
        if monotonic() > told + _TELL_EVERY:
            told = monotonic()
            pipe.send(crowd.tally)
    pipe.send(crowd.tally)


def _asked(pipe: Connection, wanted: str) -> int:
    word, number = pipe.recv()
    if word != wanted:
        raise RuntimeError(f"asked to {word}, and to {wanted} is next")
    return int(number)
