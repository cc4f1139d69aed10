"""A small storm, whole: an ACS, homes that are read, and two processes of devices."""

import pytest

from evals.storm.figures import result
from evals.storm.run import storm

_TIMED = {"live read by an agent, p95", "live reads that failed"}
"""What a busy machine decides: measured by the storm, and not tested."""


@pytest.mark.slow
@pytest.mark.parametrize("doors", [0, 2])
def test_in_a_small_storm_nothing_is_lost_and_nothing_is_kept_twice(doors: int) -> None:
    made = storm(300, processes=2, heedless=0.0, limit=90, say=lambda text: None, doors=doors)

    assert made.measured.tally.done == 300
    assert made.measured.open_at_once == 300
    assert made.kept.boots == 300
    assert {row.name for row in result(made).broken} <= _TIMED
    assert made.measured.reads
