"""A box that can say nothing of the air chooses its channel itself, where frames get lost."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from brain.domain.incident import Symptom
from brain.domain.parameter import ParameterPath

if TYPE_CHECKING:
    from tests.evals.planner.conftest import Clinic, Visit

OLD = {"model": "huawei-bm632w"}
AUTOMATIC = ParameterPath("Device.WiFi.Radio.1.AutoChannelEnable")
LOST = ParameterPath("Device.WiFi.SSID.1.Stats.ErrorsSent")
SLOW = Symptom.SLOW_WIFI


@pytest.fixture
def crowded(visit: "Visit") -> "Clinic":
    return visit("wifi.congested_channel", SLOW, {}, OLD)


def test_no_channel_is_made_up_for_it(crowded: "Clinic") -> None:
    (only,) = crowded.candidates()

    assert [(each.path, each.after) for each in only.changes] == [(AUTOMATIC, "true")]
    assert only.effect is None
    assert LOST in {each.path for each in only.finding.evidence}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (AUTOMATIC, "true"),
        (LOST, "100"),
        ("Device.WiFi.SSID.1.Stats.PacketsSent", "90000"),
        ("Device.WiFi.NeighboringWiFiDiagnostic.DiagnosticsState", "None"),
    ],
    ids=["it chooses already", "hardly any is lost", "too few were sent", "it can look around"],
)
def test_it_is_left_alone_otherwise(crowded: "Clinic", path: str, value: str) -> None:
    said = crowded.snapshot
    other = replace(said, values={**said.values, ParameterPath(path): value})

    assert replace(crowded, said=other).candidates() == ()


def test_where_something_else_hurts_nothing_is_tried(crowded: "Clinic") -> None:
    other = replace(crowded, facts=replace(crowded.facts, symptom=Symptom.DELAY))

    assert [each for each in other.candidates() if each.finding.confidence >= 0.4] == []


def test_a_box_that_has_the_words_for_a_scan_is_asked_for_one_first(visit: "Visit") -> None:
    hides = [
        "Device.WiFi.DataElements.*",
        "Device.WiFi.NeighboringWiFiDiagnostic.*",
        "Device.WiFi.AccessPoint.*.AssociatedDevice.*",
    ]
    newer = visit("wifi.congested_channel", SLOW, {}, {"hides": hides})
    assert int(newer.snapshot.values[LOST]) > 1000

    assert newer.candidates() == ()
