"""``gatewright evals``: hands over to the scenarios, in a process of their own."""

import subprocess
import sys

from typer import Context, Exit


def evals(context: Context) -> None:
    """Run scenarios on virtual homes through the whole product, and score what becomes of them.

    `gatewright evals --help` lists what there is: run, check, compare, report, list.
    """
    # A process of its own: the front door knows nothing of simulated homes.
    words = [sys.executable, "-m", "evals.harness", *context.args]
    with subprocess.Popen(words) as running:
        while True:
            try:
                code = running.wait()
            except KeyboardInterrupt:
                continue  # it hears of it too, and tidies up
            raise Exit(code)
