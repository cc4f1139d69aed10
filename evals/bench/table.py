"""What a benchmark found: rows for people, the same figures as JSON for comparing over time."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import asdict, dataclass, field
from json import dumps
from pathlib import Path
from platform import machine, python_version
from time import perf_counter

from rich.console import Console
from rich.table import Table as RichTable

FOLDER = Path("build/bench")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing measured. ``value`` is in ``unit``; ``aim`` says what was hoped for.

    Beyond ``most``, or below ``least``, it is broken and no longer slow: the benchmark fails.
    """

    name: str
    value: float
    unit: str
    aim: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def out_of_bounds(self) -> bool:
        """Whether it is more, or less, than it may be."""
        too_much = self.most is not None and not self.value <= self.most
        return too_much or (self.least is not None and not self.value >= self.least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One benchmark."""

    name: str
    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def broken(self) -> tuple[Row, ...]:
        """What is more, or less, than it may be."""
        return tuple(row for row in self.rows if row.out_of_bounds)


Bench = Callable[[], Coroutine[None, None, Result]]


def show(result: Result, console: Console) -> None:
    """Print it as a table."""
    table = RichTable(title=result.title, title_justify="left", caption="\n".join(result.notes))
    table.add_column("what")
    table.add_column("measured", justify="right")
    table.add_column("unit")
    table.add_column("aim")
    for row in result.rows:
        table.add_row(row.name, _shown(row.value), row.unit, row.aim)
    console.print(table)


def write(result: Result, folder: Path = FOLDER) -> Path:
    """Write ``NAME.json`` with the figures and the machine they were measured on."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{result.name}.json"
    document = asdict(result) | {"python": python_version(), "machine": machine()}
    target.write_text(dumps(document, indent=1) + "\n")
    return target


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least this share of them does not exceed."""
    ordered = sorted(samples)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


async def timed(work: Callable[[], Awaitable[object]], rounds: int) -> list[float]:
    """Seconds that each of so many rounds took, after one that is not counted."""
    await work()
    samples = []
    for _ in range(rounds):
        start = perf_counter()
        await work()
        samples.append(perf_counter() - start)
    return samples


def spread(name: str, samples: Sequence[float], aim: str = "") -> tuple[Row, ...]:
    """Median, 99th percentile and rate of samples in seconds."""
    return (
        Row(name=f"{name}, p50", value=percentile(samples, 0.5) * 1e3, unit="ms", aim=aim),
        Row(name=f"{name}, p99", value=percentile(samples, 0.99) * 1e3, unit="ms"),
        Row(name=f"{name}, in a row", value=len(samples) / sum(samples), unit="per second"),
    )


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.3g}"
