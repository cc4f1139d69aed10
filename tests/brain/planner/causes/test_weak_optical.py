"""Too little light is handed over; no setting can mend it."""

from typing import TYPE_CHECKING

import pytest

from brain.domain.proposal import Cause
from brain.planner.causes.weak_optical import weak_optical

if TYPE_CHECKING:
    from tests.brain.planner.conftest import ObservedOf

LEVEL = "Device.Optical.Interface.1.OpticalSignalLevel"


def test_weak_light_is_handed_over_and_nothing_is_changed(observed_of: "ObservedOf") -> None:
    (found,) = weak_optical(observed_of({LEVEL: "-29100"}))

    assert found.finding.cause is Cause.WEAK_OPTICAL_SIGNAL
    assert found.changes == ()
    assert "-29.1 dBm" in found.hand_over
    assert found.finding.evidence[0].path == LEVEL
    assert not found.finding.evidence[0].guard


@pytest.mark.parametrize("level", ["-27000", "-21500", "0", "-65536", "", "dark"])
def test_enough_light_or_no_reading_is_no_finding(observed_of: "ObservedOf", level: str) -> None:
    assert weak_optical(observed_of({LEVEL: level})) == []


def test_each_interface_is_looked_at(observed_of: "ObservedOf") -> None:
    second = "Device.Optical.Interface.2.OpticalSignalLevel"

    found = weak_optical(observed_of({LEVEL: "-27002", second: "-30000"}))

    assert [each.id for each in found] == ["weak-optical-1", "weak-optical-2"]
