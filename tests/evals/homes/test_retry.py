"""The waits of TR-069 3.2.1.1, as its table has them."""

from random import Random

import pytest

from evals.homes.retry import wait_seconds


@pytest.mark.parametrize(
    ("failures", "low", "high"),
    [(0, 5, 10), (1, 5, 10), (2, 10, 20), (5, 80, 160), (10, 2560, 5120), (99, 2560, 5120)],
)
def test_the_wait_doubles_with_each_failure_and_then_stays(
    failures: int, low: int, high: int
) -> None:
    waits = [wait_seconds(failures, minimum=5, multiplier=2000, draw=Random(n)) for n in range(50)]

    assert all(low <= each <= high for each in waits)
    assert max(waits) - min(waits) > (high - low) / 2


def test_a_device_told_to_wait_longer_does() -> None:
    assert wait_seconds(1, minimum=60, multiplier=1500, draw=Random(1)) >= 60
