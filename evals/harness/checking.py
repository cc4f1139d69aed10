"""Checks scenario files beyond their grammar: whether the world has the figures they speak of."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from brain.domain.errors import InvalidInput
from evals.harness.oracle import ends_of, look
from evals.harness.winning import unwinnable
from evals.homes.build import build
from evals.scenarios.loader import files_in, load, load_all
from evals.scenarios.variants import Case


def check_files(paths: Iterable[Path], *, worlds: bool) -> Iterator[tuple[Path, int]]:
    """Each file with how many cases it makes; raises InvalidInput for the first that is wrong."""
    files = files_in(paths)
    load_all(files)
    for file in files:
        cases = load(file)
        if worlds:
            for case in _one_of_each_kind(cases):
                _check_figures(file, case)
                _check_winnable(file, case)
        yield file, len(cases)


def _one_of_each_kind(cases: list[Case]) -> Iterator[Case]:
    """Words and seeds do not change which figures there are."""
    for _, some in groupby(cases, key=lambda case: case.template):
        yield next(some)


def _check_winnable(file: Path, case: Case) -> None:
    for problem in unwinnable(case):
        raise InvalidInput(
            f"{case.id} cannot be won: {problem}",
            field=f"{file}: expect",
            remedy="What docs/evals.md says of expect.mend.",
        )


def _check_figures(file: Path, case: Case) -> None:
    ends = ends_of(case)
    facts = look(build(case.spec(), case.seed), ends).facts
    for place, end in enumerate(ends):
        if end.figure not in facts:
            raise InvalidInput(
                f"the world of {case.id} has no {end.figure}",
                field=f"{file}: expect.ends.{place}",
                remedy=f"A parameter of this make, or one of {', '.join(sorted(facts))}.",
            )
