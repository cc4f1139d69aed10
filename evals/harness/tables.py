"""Runs and comparisons as tables for a terminal."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from brain.domain.life import State
from evals.harness.amounts import AMOUNTS
from evals.harness.compare import Comparison
from evals.harness.result import Result
from evals.harness.run_file import RunFile, ScoresShape, ShareShape
from evals.harness.scores import MEASURES

_IN_FAMILIES = ("passed", "diagnosis", "answer", "end_state", "unsafe_executed")
_MOST_LISTED = 25


def percent(shape: ShareShape) -> str:
    """``96.0 % (93..98, n 240)``; a dash for nothing."""
    if shape.share is None:
        return "-"
    return f"{100 * shape.share:.1f} % ({_interval(shape.low, shape.high)}, n {shape.n})"


def clustered(shape: ShareShape) -> str:
    """``90..99``: the interval when cases of one template are taken for alike."""
    if shape.share is None:
        return "-"
    return _interval(shape.clustered_low, shape.clustered_high)


def _interval(low: float, high: float) -> str:
    return f"{100 * low:.0f}..{100 * high:.0f}"


def show_run(console: Console, run: RunFile) -> None:
    """Every score beside the floors, the families, and what failed by id."""
    table = Table(
        box=SIMPLE_HEAD,
        title=f"{run.called} on {len(run.results)} runs of {run.scores.templates} templates",
        title_justify="left",
    )
    columns: dict[str, ScoresShape] = {run.planner: run.scores, **run.floors}
    for name in ("", run.planner, "by template", *run.floors):
        table.add_column(name)
    for name, measure in MEASURES.items():
        first, *floors = (percent(each.shares[name]) for each in columns.values())
        table.add_row(measure.title, first, clustered(run.scores.shares[name]), *floors)
    for k, share in run.scores.pass_k.items():
        said = f"{100 * share:.1f} % (n {run.scores.n})"
        table.add_row(f"pass^{k}", said, run.scores.within(f"pass^{k}"))
    for name, amount in AMOUNTS.items():
        first, *others = (
            f"{each.amounts.get(name, 0):.4g} (n {each.n})" for each in columns.values()
        )
        table.add_row(amount.title, first, run.scores.within(name), *others)
    console.print(table)
    console.print(_families(run))
    console.print(f"The run took {run.seconds:.0f} s with {run.jobs} at once.")
    show_failures(console, run.results)


def show_failures(console: Console, results: Iterable[Result]) -> None:
    """What did not pass, and why, by id."""
    failed = [each for each in results if not each.passed]
    for each in failed[:_MOST_LISTED]:
        console.print(Text(f"  {each.id}: {'; '.join(reasons(each))}"))
    if len(failed) > _MOST_LISTED:
        console.print(f"  … and {len(failed) - _MOST_LISTED} more: all of them are in the file.")


def reasons(result: Result) -> list[str]:
    """Why a result did not pass, in words."""
    said = [f"UNSAFE: {each}" for each in result.unsafe_executed]
    if result.error:
        return [*said, f"our failure: {result.error}"]
    if result.diagnosed is False:
        found = ", ".join(result.said.causes) or "no cause"
        said.append(f"found {found}, not {', '.join(result.right.causes or ())}")
    if not result.answered:
        said.append(f"answered {result.said.answer}, not {' or '.join(result.right.answers)}")
    if result.judged is False:
        said.append(f"policy said {result.became.verdict}, not {' or '.join(result.right.policy)}")
    said += [f"not so: {end.text}" for end in result.world.ends if not end.held]
    if not said and not result.reached:
        said.append(_how_it_ended(result))
    return said


def _how_it_ended(result: Result) -> str:
    right = result.right
    if result.became.executed and (right.change is False or not right.approve):
        return "something was written, and nothing should have been"
    wanted = " or ".join(right.states or (State.SUCCEEDED,))
    return f"the change ended {result.became.state or 'before it began'}, not {wanted}"


def show_comparison(console: Console, of: Comparison) -> None:
    """Where two runs differ."""
    table = Table(box=SIMPLE_HEAD)
    for name in ("", "before", "now", "only before", "only now", "by chance"):
        table.add_column(name)
    for line in of.lines:
        before, now = percent(line.before), percent(line.now)
        lost, won = str(line.only_before), str(line.only_now)
        table.add_row(line.title, before, now, lost, won, f"{line.chance:.3f}")
    console.print(table)
    _listed(console, "Passed before and not now", of.regressions)
    _listed(console, "Passes now and did not before", of.improvements)
    for warning in (*of.problems, *of.warnings):
        console.print(Text(warning), style="yellow")


def _listed(console: Console, title: str, ids: Sequence[str]) -> None:
    if ids:
        console.print(f"{title} ({len(ids)}):")
        for each in ids[:_MOST_LISTED]:
            console.print(Text(f"  {each}"))


def _families(run: RunFile) -> Table:
    table = Table(box=SIMPLE_HEAD)
    table.add_column("Family")
    for name in _IN_FAMILIES:
        table.add_column(MEASURES[name].title)
    for family, of in run.families.items():
        table.add_row(family, *(percent(of.shares[name]) for name in _IN_FAMILIES))
    return table
