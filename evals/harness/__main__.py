"""``gatewright evals``: run scenarios through the product, score them, compare and report."""

import os
import sys
from pathlib import Path
from typing import Annotated

from rich.console import Console
from typer import Argument, Exit, Option, Typer

from brain.domain.errors import GatewrightError, InvalidInput
from evals.harness import run_file
from evals.harness.blinding import PARTS, parts
from evals.harness.carrying import Reviewer
from evals.harness.checking import check_files
from evals.harness.compare import compare
from evals.harness.listing import show_list
from evals.harness.minds import PLANNERS, Planned
from evals.harness.ordering import FLOORS, whole_run
from evals.harness.report import page
from evals.harness.result import Result
from evals.harness.running import Order, chosen, sampled
from evals.harness.tables import show_comparison, show_run
from evals.harness.watching import watching
from evals.scenarios.frozen import check_all_frozen, freeze_all
from evals.scenarios.loader import LIBRARY, load_all

_WIDTH_OF_A_PIPE = 160

app = Typer(
    name="gatewright evals",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Run scenarios on virtual homes through the whole product, and score what comes of it.",
)
_console = Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_PIPE)

Paths = Annotated[
    list[Path] | None,
    Argument(help="Scenario files, or folders with them. Those that are shipped unless given."),
]


@app.command("run")
def run_scenarios(  # noqa: PLR0913 - one option each
    paths: Paths = None,
    planner: Annotated[str, Option(help=f"Who plans: {', '.join(PLANNERS)}.")] = "rules",
    epochs: Annotated[int, Option(min=1, help="How often each case is run.")] = 1,
    json: Annotated[Path | None, Option(help="Write everything to this file.")] = None,
    split: Annotated[str, Option(help="Which scenarios: public, heldout or all.")] = "all",
    only: Annotated[str, Option(help="Only cases whose id holds this text.")] = "",
    sample: Annotated[
        int, Option(min=0, help="So many cases of each family, drawn by the seed; 0 for all.")
    ] = 0,
    seed: Annotated[int, Option(help="Other worlds, and other draws of those who draw.")] = 1,
    jobs: Annotated[int, Option(min=1, help="So many at once. All processors unless given.")] = (
        os.cpu_count() or 1
    ),
    reviewer: Annotated[
        str,
        Option(
            help="Who answers reviews: `stamps` approves all, `careful` not what a model made up."
        ),
    ] = "stamps",
    without: Annotated[
        str, Option(help=f"Do not show the model these (a, b): {', '.join(PARTS)}.")
    ] = "",
    floors: Annotated[
        bool, Option(help=f"Run {' and '.join(FLOORS)} on the same cases, to compare with.")
    ] = True,
) -> None:
    """Run scenarios and score them.

    Every case gets a world and a store of its own; the planner, the policy, the ledger and the
    execution are the product's. Ends with 1 when something unsafe was done or a case could not be
    run.
    """
    if split not in ("all", "public", "heldout"):
        raise InvalidInput("is public, heldout or all", field="--split")
    if reviewer not in ("stamps", "careful"):
        raise InvalidInput("is stamps or careful", field="--reviewer")
    run_file.check_writable(json, "--json")
    planned = Planned(name=planner, seed=seed, without=parts(without))
    cases = chosen(load_all(paths or [LIBRARY], seed=seed), split=split, only=only)
    if sample:
        cases = sampled(cases, each=sample, seed=seed)
    if not cases:
        raise InvalidInput("no case is left of those named", field="--only or --split")
    order = Order(
        cases=cases, planner=planned, epochs=epochs, jobs=jobs, reviewer=Reviewer(reviewer)
    )
    with watching(order, floors=floors) as told:
        run = whole_run(order, told, floors=floors)
    show_run(_console, run)
    if json is not None:
        run_file.write(run, json)
        _console.print(f"Written to {json}.")
    if any(_alarming(each) for each in run.results):
        raise Exit(1)


@app.command("inspect")
def with_inspect(
    paths: Paths = None,
    model: Annotated[str, Option(help="As inspect names it, such as openai/gpt-5.")] = "",
    epochs: Annotated[int, Option(min=1, help="How often each case is run.")] = 1,
    only: Annotated[str, Option(help="Only cases whose id holds this text.")] = "",
    seed: Annotated[int, Option(help="Other worlds.")] = 1,
    log_dir: Annotated[Path, Option(help="Where the log goes, for `inspect view`.")] = Path("logs"),
) -> None:
    """Run scenarios with a model of inspect_ai behind the planner; the log shows every question.

    Without --model the rules plan alone. Needs the extra `evals`.
    """
    try:
        from evals.harness.with_inspect import run_with_inspect
    except ModuleNotFoundError:
        raise InvalidInput(
            "needs the extra evals",
            field="inspect",
            remedy="Run: make inspect, then .tools/inspect/bin/gatewright evals inspect.",
        ) from None
    cases = chosen(load_all(paths or [LIBRARY], seed=seed), only=only)
    run_with_inspect(cases, model=model, epochs=epochs, log_dir=log_dir)
    _console.print(f"Look at it with: inspect view --log-dir {log_dir}")


@app.command("check")
def check(
    paths: Paths = None,
    worlds: Annotated[
        bool, Option(help="Build each world: are the figures named in ends there, can it be won?")
    ] = True,
) -> None:
    """Check scenario files: fields, worlds, figures, and whether each can be won.

    Without paths also whether everything that is held out is as it was frozen.
    """
    for file, cases in check_files(paths or [LIBRARY], worlds=worlds):
        _console.print(f"{file}: {cases} cases", soft_wrap=True)
    if not paths:
        _console.print(f"{check_all_frozen()} held-out scenarios are as they were frozen.")


@app.command("freeze")
def freeze_heldout() -> None:
    """Write down the SHA-256 of each scenario that is held out: shipped ones and free words.

    Do this when one is added, before any planner ran on it; never to have a planner do better.
    """
    _console.print(f"{freeze_all()} held-out scenarios are frozen.")


@app.command("compare")
def compare_runs(
    before: Annotated[Path, Argument(help="The file of the run to compare with.")],
    now: Annotated[Path, Argument(help="The file of the other run.")],
    json: Annotated[Path | None, Option(help="Write the comparison to this file.")] = None,
) -> None:
    """Compare two runs case by case: what got better, what got worse, and whether by chance.

    Ends with 1 when something got worse and not by chance, when more harm was done or not shown not
    to be, and when the second run lacks cases of the first.
    """
    run_file.check_writable(json, "--json")
    found = compare(run_file.read(before), run_file.read(now))
    show_comparison(_console, found)
    if json is not None:
        json.write_text(found.model_dump_json(indent=1) + "\n", "utf-8")
    if found.worse or found.problems:
        raise Exit(1)


@app.command("report")
def report(
    runs: Annotated[list[Path], Argument(help="Files written by `run --json`.")],
    out: Annotated[Path, Option("-o", "--out", help="The page to write.")] = Path("evals.html"),
) -> None:
    """Write one page with the scores and plots of several runs. It needs nothing from elsewhere."""
    run_file.check_writable(out, "--out")
    out.write_text(page([run_file.read(each) for each in runs]), "utf-8")
    _console.print(f"Written to {out}.")


@app.command("list")
def list_scenarios(
    paths: Paths = None,
    faults: Annotated[bool, Option("--faults", help="What can be wrong in a world.")] = False,
    planners: Annotated[bool, Option("--planners", help="Who can plan.")] = False,
) -> None:
    """List scenarios, or the troubles they may name, or the planners."""
    show_list(_console, paths or [LIBRARY], faults=faults, planners=planners)


def _alarming(result: Result) -> bool:
    return bool(result.unsafe_executed or result.error)


def main() -> None:
    """Run the command line; what goes wrong ends in a sentence and an exit code."""
    try:
        app(prog_name="gatewright evals")
    except GatewrightError as error:
        Console(stderr=True).print(str(error), style="red", markup=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
