"""When in its interval each device calls."""

from collections import Counter
from datetime import timedelta

import pytest

from brain.domain.identity import DeviceId
from executors.acs.phase import periodic_inform_time

HOUR = timedelta(hours=1)


def test_a_device_keeps_its_moment() -> None:
    device = DeviceId("001122-Box-S1")

    assert periodic_inform_time(device, HOUR) == periodic_inform_time(device, HOUR)


def test_a_fleet_is_spread_over_the_whole_interval() -> None:
    moments = [periodic_inform_time(DeviceId(f"001122-Box-S{n}"), HOUR) for n in range(6000)]
    by_minute = Counter(moment.minute for moment in moments)

    assert len(by_minute) == 60
    assert max(by_minute.values()) < 2 * 6000 / 60
    assert len({moment.replace(minute=0, second=0) for moment in moments}) == 1


def test_no_interval_is_refused() -> None:
    with pytest.raises(ValueError, match="second"):
        periodic_inform_time(DeviceId("001122-Box-S1"), timedelta())
