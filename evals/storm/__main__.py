"""``python -m evals.storm [N...]``: storms of so many devices, with a table and a picture each."""

import argparse
import sys

from rich.console import Console

from evals.bench.table import FOLDER, Result, show, write
from evals.storm.figures import Storm, growth, result
from evals.storm.picture import draw
from evals.storm.run import storm

_MOST = 1_000_000


def main() -> int:
    """Run them one after the other; 1 when an aim was missed."""
    asked, console = _asked(), Console()
    storms: list[Storm] = []
    missed = 0
    for number in asked.number or [20_000]:
        with console.status("") as status:
            made = storm(
                number,
                processes=asked.processes,
                heedless=asked.heedless,
                limit=asked.limit,
                doors=asked.doors,
                say=status.update,
            )
        storms.append(made)
        missed += _shown(result(made), console)
        console.print(f"{draw(made, FOLDER) or 'no picture: the extra plots is not installed'}\n")
    if len(storms) > 1:
        missed += _shown(growth(storms), console)
    return 1 if missed else 0


def _shown(made: Result, console: Console) -> int:
    show(made, console)
    console.print(f"written to {write(made)}")
    for row in made.broken:
        console.print(f"MISSED: {row.name} is {row.value:,.3g} {row.unit} (aim {row.aim})")
    return len(made.broken)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=_number, nargs="*", help="devices; 20,000 when left out")
    parser.add_argument("--processes", type=int, default=4, help="that the devices share")
    parser.add_argument(
        "--heedless", type=float, default=0.05, help="the share that does not heed Retry-After"
    )
    parser.add_argument("--doors", type=int, default=0, help="of the ACS; 0: it listens itself")
    parser.add_argument("--limit", type=float, default=3600.0, help="seconds until it is given up")
    return parser.parse_args()


def _number(text: str) -> int:
    number = int(text.replace(",", "").replace("_", ""))
    if not 1 <= number <= _MOST:
        raise argparse.ArgumentTypeError(f"from 1 to {_MOST:,}")
    return number


if __name__ == "__main__":
    sys.exit(main())
