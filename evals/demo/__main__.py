"""``python -m evals.demo [--once]``: what ``gatewright demo`` runs."""

import sys

from evals.demo.main import run_demo

if __name__ == "__main__":
    sys.exit(run_demo(once="--once" in sys.argv[1:]))
