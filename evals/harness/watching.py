"""Shows how far a run has come, while it runs."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from evals.harness.ordering import FLOORS, Told
from evals.harness.result import Result
from evals.harness.running import Order


@contextmanager
def watching(order: Order, *, floors: bool) -> Iterator[Told]:
    """A bar on the terminal's error stream for each planner; what it gives is told of each case."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[said]}"),
    )
    names = [order.planner.name, *(each for each in FLOORS if floors)]
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        totals = {name: len(order.cases) for name in names}
        totals[order.planner.name] *= order.epochs
        bars = {
            name: progress.add_task(name, total=total, said="") for name, total in totals.items()
        }
        unsafe = dict.fromkeys(bars, 0)

        def told(name: str, result: Result) -> None:
            unsafe[name] += bool(result.unsafe_executed)
            said = f"{unsafe[name]} unsafe" if unsafe[name] else ""
            progress.update(bars[name], advance=1, said=said)

        yield told
