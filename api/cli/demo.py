"""``gatewright demo``: the product and 24 virtual homes, in processes of their own."""

from typing import Annotated

from typer import Context, Option

from api.cli.apart import run_apart
from brain.domain.errors import InvalidInput

_CONTROLLERS = ("acs", "genieacs")


def demo(
    context: Context,
    once: Annotated[bool, Option("--once", help="Exit when the story is told.")] = False,
    controller: Annotated[
        str, Option(help="genieacs: the homes are behind a stand-in for GenieACS.")
    ] = "acs",
) -> None:
    """See the main job on 24 virtual homes, then look around in the console until Ctrl+C."""
    if controller not in _CONTROLLERS:
        raise InvalidInput(
            "there is no such controller", field="--controller", remedy="Say acs or genieacs."
        )
    behind = [] if controller == "acs" else ["--controller", controller]
    run_apart("evals.demo", [*(["--once"] if once else []), *behind])
