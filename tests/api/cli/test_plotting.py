"""A parameter over time becomes a picture, or a sentence that says why not."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.cli.histories import sparkline
from api.cli.plotting import draw
from api.curves import Curve
from brain.domain.errors import InvalidInput

START = datetime(2026, 1, 1, tzinfo=UTC)


def drawn(*heights: float, words: tuple[str, ...] = (), unit: str = "dBm") -> Curve:
    times = [START + number * timedelta(hours=1) for number in range(len(heights))]
    return Curve(path="Device.X", unit=unit, times=times, heights=heights, words=words)


def _size(file: Path) -> tuple[int, int]:
    head = file.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])


def test_numbers_are_drawn_into_a_png(tmp_path: Path) -> None:
    draw(drawn(-21.0, -20.5, -22.0), "box", tmp_path / "plot.png")

    assert _size(tmp_path / "plot.png") == (1350, 510)


def test_what_a_device_says_is_not_read_as_mathematics(tmp_path: Path) -> None:
    draw(drawn(0, 1, words=("$\\frac{", "Up"), unit="$x"), "box", tmp_path / "plot.png")

    assert _size(tmp_path / "plot.png") == (1350, 510)


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        draw(drawn(1, 2), "box", tmp_path / "nowhere" / "plot.png")

    assert refused.value.field == "--out"


def test_without_the_extra_it_is_said_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)

    with pytest.raises(InvalidInput, match=r"gatewright\[plots\]"):
        draw(drawn(1, 2), "box", tmp_path / "plot.png")

    assert not (tmp_path / "plot.png").exists()


def test_a_line_of_bars_goes_from_the_lowest_to_the_highest() -> None:
    assert sparkline([0, 7, 3.5]) == "▁█▅"
    assert sparkline([5, 5]) == "▁▁"
    assert len(sparkline([float(each) for each in range(100)])) == 24
