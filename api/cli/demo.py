"""``gatewright demo``: the product and 24 virtual homes, in processes of their own."""

import subprocess
import sys
from typing import Annotated

from typer import Context, Exit, Option


def demo(
    context: Context,
    once: Annotated[bool, Option("--once", help="Exit when the story is told.")] = False,
) -> None:
    """See the main job on 24 virtual homes, then look around in the console until Ctrl+C."""
    words = [sys.executable, "-m", "evals.demo", *(["--once"] if once else [])]
    # A process of its own: the front door knows nothing of simulated homes.
    with subprocess.Popen(words) as story:
        while True:
            try:
                code = story.wait()
            except KeyboardInterrupt:
                continue  # it hears of it too, and tidies up
            raise Exit(code)
