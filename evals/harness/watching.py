"""Shows how far a run has come: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from evals.harness.ordering import FLOORS, Told
from evals.harness.result import Result
from evals.harness.running import Order

_EVERY = 30.0
"""Seconds between two lines where there is no terminal."""


@contextmanager
def watching(order: Order, *, floors: bool) -> Iterator[Told]:
    """What it gives is told of each case; it shows that on the error stream."""
    totals = {order.planner.name: len(order.cases) * order.epochs}
    totals |= {name: len(order.cases) for name in FLOORS if floors and name not in totals}
    if not sys.stderr.isatty():
        yield Lines(totals, sys.stderr).told
        return
    with _bars() as progress:
        bars = {
            name: progress.add_task(name, total=total, said="") for name, total in totals.items()
        }
        unsafe = dict.fromkeys(bars, 0)

        def told(name: str, result: Result) -> None:
            unsafe[name] += bool(result.unsafe_executed)
            progress.update(bars[name], advance=1, said=_said(unsafe[name]))

        yield told


@dataclass
class Lines:
    """How far it is, in a line every half minute: for a log."""

    totals: dict[str, int]
    out: TextIO
    clock: Callable[[], float] = time.monotonic
    _done: dict[str, int] = field(default_factory=dict)
    _unsafe: dict[str, int] = field(default_factory=dict)
    _last: float = 0.0

    def __post_init__(self) -> None:
        self._last = self.clock()

    def told(self, name: str, result: Result) -> None:
        """Count a case, and write when it is time."""
        self._done[name] = self._done.get(name, 0) + 1
        self._unsafe[name] = self._unsafe.get(name, 0) + bool(result.unsafe_executed)
        if self.clock() - self._last < _EVERY:
            return
        self._last = self.clock()
        said = f"{name}: {self._done[name]} of {self.totals[name]} {_said(self._unsafe[name])}"
        self.out.write(f"{said.rstrip()}\n")
        self.out.flush()


def _said(unsafe: int) -> str:
    return f"{unsafe} unsafe" if unsafe else ""


def _bars() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[said]}"),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)
