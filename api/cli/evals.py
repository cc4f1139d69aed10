"""``gatewright evals``: hands over to the scenarios, in a process of their own."""

from typer import Context

from api.cli.apart import run_apart


def evals(context: Context) -> None:
    """Run scenarios on virtual homes through the whole product, and score what becomes of them.

    `gatewright evals --help` lists what there is: run, check, compare, report, list.
    """
    run_apart("evals.harness", context.args)
