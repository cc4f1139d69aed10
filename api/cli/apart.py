"""Runs a part of the evals in a process of its own: nothing here knows of virtual homes."""

import subprocess
import sys
from collections.abc import Sequence

from typer import Exit


def run_apart(module: str, words: Sequence[str]) -> None:
    """Run ``python -m module``; raises Exit with its code. Ctrl+C is its own to answer."""
    with subprocess.Popen([sys.executable, "-m", module, *words]) as running:
        while True:
            try:
                code = running.wait()
            except KeyboardInterrupt:
                continue  # it hears of it too, and tidies up
            raise Exit(code)
