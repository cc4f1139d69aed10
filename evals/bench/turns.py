"""Measures things beside each other, in turns, by the processor time that they take.

On a machine that does other things too, a clock on the wall measures those; and one thing measured
after the other measures the minute that it had. So each has its turn in every round, and what is
told is its median round and its best.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

Work = Callable[[], Awaitable[object]]

told: ContextVar[Callable[[str], None]] = ContextVar("told", default=lambda text: None)
"""Where a benchmark says what it is at; whoever runs it may put something in."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Seconds for one piece of work, once a round: of this process and by the clock."""

    processor: tuple[float, ...]
    clock: tuple[float, ...]

    @property
    def cost(self) -> float:
        """Processor seconds in the median round."""
        return median(self.processor)

    @property
    def best(self) -> float:
        """Processor seconds in the best round."""
        return min(self.processor)


async def in_turns(works: Mapping[str, tuple[Work, int]], rounds: int) -> dict[str, Turns]:
    """Each work by name, with how often it is done in a turn, so many rounds long."""
    for work, _ in works.values():
        await work()
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for number in range(rounds):
        for name, (work, times) in works.items():
            told.get()(f"{name}, round {number + 1} of {rounds} ...")
            found[name].append(await _turn(work, times))
    return {
        name: Turns(tuple(each[0] for each in turns), tuple(each[1] for each in turns))
        for name, turns in found.items()
    }


async def _turn(work: Work, times: int) -> tuple[float, float]:
    used, began = process_time(), perf_counter()
    for _ in range(times):
        await work()
    return (process_time() - used) / times, (perf_counter() - began) / times
