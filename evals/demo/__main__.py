"""``python -m evals.demo [--once] [--controller genieacs]``: what ``gatewright demo`` runs."""

import sys

from evals.demo.main import run_demo

if __name__ == "__main__":
    said = sys.argv[1:]
    controller = said[said.index("--controller") + 1] if "--controller" in said else ""
    sys.exit(run_demo(once="--once" in said, controller=controller))
