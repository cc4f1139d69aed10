"""Runs many cases, in several processes where there are several, and keeps what they came to."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from evals.harness.carrying import Reviewer
from evals.harness.minds import Planned
from evals.harness.one_case import Conditions, migrated, run_case
from evals.harness.result import Result
from evals.homes.chance import dice
from evals.scenarios.variants import Case

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
_CASES_A_PROCESS = 200
"""Then fresh ones take over: models that answer megabytes leave some of them behind."""
Progress = Callable[[Result], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be run, and how."""

    cases: Sequence[Case]
    planner: Planned
    epochs: int = 1
    jobs: int = 1
    reviewer: Reviewer = Reviewer.STAMPS
    most_seconds: float = 300.0


def run(order: Order, progress: Progress = lambda result: None) -> list[Result]:
    """Every case in every epoch, in the order of the cases whoever is done first."""
    work = [(case, epoch) for epoch in range(1, order.epochs + 1) for case in order.cases]
    with workplace() as folder:
        store = folder / "empty.db"
        migrated(store)
        under = Conditions(
            empty_store=store,
            folder=folder,
            mind=order.planner.mind,
            reviewer=order.reviewer,
            most_seconds=order.most_seconds,
        )
        done = _in_processes(work, under, order.jobs) if order.jobs > 1 else _here(work, under)
        results = {}
        for place, result in done:
            results[place] = result
            progress(result)
    return [results[place] for place in sorted(results)]


Work = Sequence[tuple[Case, int]]


def _here(work: Work, under: Conditions) -> Iterator[tuple[int, Result]]:
    for place, (case, epoch) in enumerate(work):
        yield place, run_case(case, under.in_epoch(epoch))


def _in_processes(
    work: Work, under: Conditions, jobs: int, *, most: int = _CASES_A_PROCESS
) -> Iterator[tuple[int, Result]]:
    """A pool for so many cases, then another: one that replaces its processes itself
    (``max_tasks_per_child``) waits for ever in Python 3.11.
    """
    places = list(enumerate(work))
    for first in range(0, len(places), most * jobs):
        yield from _in_pool(places[first : first + most * jobs], under, jobs)


def _in_pool(
    work: Sequence[tuple[int, tuple[Case, int]]], under: Conditions, jobs: int
) -> Iterator[tuple[int, Result]]:
    context = get_context("forkserver")
    context.set_forkserver_preload(["evals.harness.minds"])  # imports take longer than a case
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        waiting = {
            pool.submit(run_case, case, under.in_epoch(epoch)): place
            for place, (case, epoch) in work
        }
        try:
            for each in as_completed(waiting):
                yield waiting.pop(each), each.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder in memory where the machine has one: stores are used once and thrown away."""
    folder = Path(mkdtemp(prefix="gatewright-evals-", dir=_MEMORY if _MEMORY.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def chosen(cases: Iterable[Case], *, split: str = "all", only: str = "") -> list[Case]:
    """The cases of this split, whose id holds this text."""
    return [
        case
        for case in cases
        if split in ("all", case.template.split) and (not only or only in case.id)
    ]


def sampled(cases: Iterable[Case], *, each: int, seed: int) -> list[Case]:
    """So many cases of each family, of as many templates as there are; the same for one seed."""
    families: dict[str, list[Case]] = {}
    for case in cases:
        families.setdefault(case.template.family.value, []).append(case)
    return [
        case
        for name, members in families.items()
        for case in _of_many_templates(members, dice(seed, "sample", name))[:each]
    ]


def _of_many_templates(cases: Iterable[Case], draw: Random) -> list[Case]:
    """In drawn order, one of each template before a second of any."""
    templates: dict[str, list[Case]] = {}
    for case in cases:
        templates.setdefault(case.template.id, []).append(case)
    rows = [draw.sample(members, len(members)) for members in templates.values()]
    draw.shuffle(rows)
    return [case for turn in zip_longest(*rows) for case in turn if case is not None]
