"""Lists what there is: scenarios, the troubles that a world may have, planners."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from evals.harness.minds import PLANNERS
from evals.homes.spec import kinds
from evals.scenarios.loader import load_all


def show_list(console: Console, paths: Sequence[Path], *, faults: bool, planners: bool) -> None:
    """One table of each that is asked for; of scenarios when nothing is."""
    if faults:
        console.print(_faults())
    if planners:
        table = _table("Planner", "What it is")
        for name, meaning in PLANNERS.items():
            table.add_row(name, meaning)
        console.print(table)
    if not faults and not planners:
        console.print(_scenarios(paths))


def _scenarios(paths: Sequence[Path]) -> Table:
    cases = load_all(paths)
    counts = Counter(case.template.id for case in cases)
    templates = {case.template.id: case.template for case in cases}
    table = _table("Scenario", "Family", "Split", "Cases", "What it is")
    for name, template in templates.items():
        count = str(counts[name])
        table.add_row(name, template.family.value, template.split, count, template.title)
    return table


def _faults() -> Table:
    table = _table("kind", "What it is", "Fields")
    for kind, model in kinds().items():
        said = (model.__doc__ or "").splitlines()[0]
        table.add_row(kind, said, ", ".join(name for name in model.model_fields if name != "kind"))
    return table


def _table(*columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD)
    for name in columns:
        table.add_column(name)
    return table
