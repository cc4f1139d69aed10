"""``gatewright demo``: the product and 24 virtual homes, in processes of their own."""

from typing import Annotated

from typer import Context, Option

from api.cli.apart import run_apart


def demo(
    context: Context,
    once: Annotated[bool, Option("--once", help="Exit when the story is told.")] = False,
) -> None:
    """See the main job on 24 virtual homes, then look around in the console until Ctrl+C."""
    run_apart("evals.demo", ["--once"] if once else [])
