"""A storm is told as it was measured, and an aim that was missed is seen."""

import sqlite3
from array import array
from dataclasses import replace
from pathlib import Path

import pytest

from evals.storm.crowd import Tally
from evals.storm.figures import Kept, Measured, Moment, Storm, growth, kept_in, result
from evals.storm.picture import draw

GOOD = Storm(
    number=4,
    kept=Kept(devices=4, told=4, boots=4, integrity="ok"),
    measured=Measured(
        tally=Tally(done=4, begun=4, attempts=5, sent_away=1),
        open_at_once=4,
        seconds=10.0,
        processor=0.008,
        peak_bytes=2**30,
        admitted=array("d", [1, 2, 3, 4]),
        took=array("d", [0.1, 0.2, 0.3, 0.4]),
        reads=((1.0, 0.2), (2.0, 0.3)),
        reads_failed=0,
        faults={},
        moments=(Moment(1, 0, 4, 1, 0.0), Moment(10, 4, 0, 0, 0.008)),
    ),
)


def missed(storm: Storm) -> list[str]:
    return [row.name for row in result(storm).broken]


def test_a_storm_that_reached_every_aim_misses_none() -> None:
    assert missed(GOOD) == []
    assert GOOD.processor_per_thousand == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("storm", "name"),
    [
        (replace(GOOD, kept=replace(GOOD.kept, told=3)), "Informs lost"),
        (replace(GOOD, kept=replace(GOOD.kept, boots=5)), "duplicate records"),
        (replace(GOOD, kept=replace(GOOD.kept, devices=5)), "duplicate records"),
        (replace(GOOD, kept=replace(GOOD.kept, integrity="broken")), "database errors"),
        (
            replace(GOOD, measured=replace(GOOD.measured, faults={"cwmp_failed": 1})),
            "database errors",
        ),
        (
            replace(GOOD, measured=replace(GOOD.measured, open_at_once=3)),
            "connections open at once",
        ),
        (
            replace(GOOD, measured=replace(GOOD.measured, peak_bytes=3 * 2**30)),
            "peak memory of the server",
        ),
        (
            replace(GOOD, measured=replace(GOOD.measured, reads=((1.0, 4.0),))),
            "live read by an agent, p95",
        ),
        (replace(GOOD, measured=replace(GOOD.measured, reads=())), "live read by an agent, p95"),
    ],
)
def test_each_aim_can_be_missed(storm: Storm, name: str) -> None:
    assert name in missed(storm)


def test_a_session_may_not_become_dearer_with_the_size_of_the_storm() -> None:
    dear = replace(GOOD, measured=replace(GOOD.measured, processor=0.01))

    assert growth([GOOD, GOOD]).broken == ()
    assert [row.value for row in growth([GOOD, dear]).broken] == [pytest.approx(1.25)]


def test_what_is_kept_is_counted_in_the_database(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "storm.db")
    connection.executescript(
        """CREATE TABLE devices (oui); CREATE TABLE events (device, kind);
        INSERT INTO devices VALUES ('02AA55'), ('02AA55'), ('001122');
        INSERT INTO events VALUES ('02AA55-Storm-S0000001', 'boot'), ('02AA55-Storm-S0000001',
        'boot'), ('02AA55-Storm-S0000002', 'firmware'), ('001122-Box-S1', 'boot');"""
    )
    connection.close()

    assert kept_in(tmp_path / "storm.db") == Kept(devices=2, told=1, boots=2, integrity="ok")


def test_a_picture_is_drawn(tmp_path: Path) -> None:
    drawn = draw(GOOD, tmp_path)

    assert drawn is not None
    assert drawn.read_bytes().startswith(b"\x89PNG")
