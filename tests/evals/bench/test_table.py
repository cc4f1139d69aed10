"""What was measured reads the same on screen and in its file."""

from json import loads
from pathlib import Path

from rich.console import Console

from evals.bench.table import Result, Row, percentile, show, spread, write

RESULT = Result(
    name="judge",
    title="Judging",
    rows=(Row(name="p50", value=1.25, unit="ms", aim="0.5"),),
    notes=("a note",),
)


def test_a_file_holds_the_figures_and_where_they_were_measured(tmp_path: Path) -> None:
    document = loads(write(RESULT, tmp_path).read_text())

    row = {"name": "p50", "value": 1.25, "unit": "ms", "aim": "0.5"}
    assert document["rows"] == [{**row, "most": None, "least": None}]
    assert document["python"]


def test_the_table_shows_value_unit_and_aim() -> None:
    console = Console(record=True, width=100)

    show(RESULT, console)

    shown = console.export_text()
    assert [word for word in ("1.25", "ms", "0.5", "a note") if word not in shown] == []


def test_a_figure_out_of_its_bounds_is_seen() -> None:
    rows = [Row(name=str(n), value=n, unit="", most=3, least=2) for n in (1, 2, 3, 4)]

    assert [row.name for row in Result(name="", title="", rows=(*rows,)).broken] == ["1", "4"]


def test_a_percentile_is_one_of_the_samples() -> None:
    samples = [5.0, 1.0, 4.0, 2.0, 3.0]

    assert percentile(samples, 0.5) == 3.0
    assert percentile(samples, 0.99) == 5.0


def test_a_spread_says_median_tail_and_rate() -> None:
    rows = spread("judge", [0.001] * 99 + [0.1])

    assert [round(row.value, 3) for row in rows[:2]] == [1.0, 100.0]
    assert round(rows[2].value) == 503
