"""``python -m evals.bench [NAME...]``: run the benchmarks, print tables, write JSON."""

import asyncio
import sys

from rich.console import Console

from evals.bench.adapters import bench_adapters
from evals.bench.audit_million import bench_audit_million
from evals.bench.brain import bench_brain
from evals.bench.catalogue import bench_catalogue
from evals.bench.cwmp import bench_cwmp
from evals.bench.governance import bench_governance
from evals.bench.judge import bench_judge
from evals.bench.ledger import bench_ledger
from evals.bench.replay import bench_replay
from evals.bench.table import Bench, show, write
from evals.bench.timeline import bench_timeline_year
from evals.bench.turns import told
from evals.bench.usp import bench_usp, bench_usp_small
from evals.bench.worlds import bench_worlds

BENCHES: dict[str, Bench] = {
    "adapters": bench_adapters,
    "audit-million": bench_audit_million,
    "brain": bench_brain,
    "catalogue": bench_catalogue,
    "judge": bench_judge,
    "governance": bench_governance,
    "ledger": bench_ledger,
    "cwmp": bench_cwmp,
    "replay": bench_replay,
    "timeline-year": bench_timeline_year,
    "usp": bench_usp,
    "usp-small": bench_usp_small,
    "worlds": bench_worlds,
}
LONG = frozenset({"timeline-year", "usp-small"})
"""Run when they are named, and not with all the others."""


def main() -> int:
    """Run the named benchmarks, or all of them."""
    console = Console()
    names = sys.argv[1:] or [name for name in BENCHES if name not in LONG]
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        console.print(f"No benchmark {', '.join(unknown)}. There are: {', '.join(BENCHES)}.")
        return 2
    broken = 0
    for name in names:
        with console.status(f"Measuring {name} ...") as status:
            told.set(lambda text, at=name: status.update(f"Measuring {at}: {text}"))  # type: ignore[misc]
            result = asyncio.run(BENCHES[name]())
        show(result, console)
        console.print(f"written to {write(result)}\n")
        for row in result.broken:
            broken += 1
            console.print(f"{row.name} is {row.value:.3g} {row.unit}, out of its bounds.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
