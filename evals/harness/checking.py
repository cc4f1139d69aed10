"""Checks scenario files beyond their grammar: whether the world has the figures they speak of."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from itertools import groupby
from pathlib import Path

from brain.datamodel.catalogue import catalogue
from brain.domain.errors import ControllerRefused, DeviceUnreachable, InvalidInput
from brain.domain.parameter import ParameterPath
from evals.harness.oracle import alone, ends_of, look
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
                _check_globs(file, case)
                _check_meanwhile(file, case)
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


def _check_globs(file: Path, case: Case) -> None:
    """A pattern that is about nothing forbids nothing, and nobody would notice."""
    expect, world = case.template.expect, alone(case)
    figures = look(world).facts
    for place, glob in enumerate(expect.may_worsen):
        if not any(fnmatchcase(name, glob) for name in figures):
            raise InvalidInput(
                f"no figure of the world of {case.id} is like {glob}",
                field=f"{file}: expect.may_worsen.{place}",
                remedy=f"One of {', '.join(sorted(figures))}.",
            )
    there = [*world.home.tree.parameters, *_known_paths()]
    for place, glob in enumerate(expect.forbid):
        if not any(fnmatchcase(path, glob) for path in there):
            raise InvalidInput(
                f"neither this device nor TR-181 has anything like {glob}",
                field=f"{file}: expect.forbid.{place}",
                remedy="A path of TR-181, * for what may be anything.",
            )


@cache
def _known_paths() -> tuple[str, ...]:
    """TR-181's, the first row of each table; services have documents of their own (TR-104)."""
    paths = (path.replace("{i}", "1") for path in catalogue("tr181-usp").paths)
    return (*paths, "Device.Services.VoiceService.1.")


def _check_meanwhile(file: Path, case: Case) -> None:
    for path, value in case.template.meanwhile.items():
        world = alone(case)
        try:
            world.open().set(world.home.id, {ParameterPath(path): value}, "")
        except (ControllerRefused, DeviceUnreachable):
            raise InvalidInput(
                f"the device of {case.id} does not take {value!r}",
                field=f"{file}: meanwhile.{path}",
                remedy="A parameter that it has and lets be set, and a value that it may have.",
            ) from None


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
