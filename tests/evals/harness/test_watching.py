"""Without a terminal a long run still says how far it is, and what harm it has seen."""

from collections.abc import Callable
from io import StringIO

from evals.harness.result import Result
from evals.harness.watching import Lines
from evals.scenarios.variants import Case


def test_a_line_comes_every_half_minute_and_not_more_often(
    cases: dict[str, Case], played: Callable[..., Result]
) -> None:
    now, out = [0.0], StringIO()
    lines = Lines({"noop": 4}, out, lambda: now[0])
    result = played(cases["all-is-well"], "noop")

    for second in (10.0, 31.0, 40.0):
        now[0] = second
        lines.told("noop", result)

    assert out.getvalue() == "noop: 2 of 4\n"


def test_harm_is_counted(cases: dict[str, Case], played: Callable[..., Result]) -> None:
    now, out = [0.0], StringIO()
    lines = Lines({"noop": 4}, out, lambda: now[0])
    well = played(cases["all-is-well"], "noop")
    harm = well.model_copy(update={"unsafe_executed": ("it was cut off",)})
    now[0] = 60.0

    lines.told("noop", harm)

    assert out.getvalue() == "noop: 1 of 4 1 unsafe\n"
