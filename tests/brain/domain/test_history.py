"""How sure a track record makes one."""

import pytest

from brain.domain.history import TrackRecord


def test_what_was_never_tried_gives_no_confidence() -> None:
    assert TrackRecord(tried=0, succeeded=0).lower_bound == 0.0


@pytest.mark.parametrize(
    ("tried", "succeeded", "bound"),
    [(30, 30, 0.8865), (100, 99, 0.9455), (10, 5, 0.2366)],  # Wilson (1927), z = 1.96
)
def test_the_lower_bound_is_wilsons(tried: int, succeeded: int, bound: float) -> None:
    record = TrackRecord(tried=tried, succeeded=succeeded)

    assert record.lower_bound == pytest.approx(bound, abs=5e-4)
