"""A busy radio is moved to a calmer legal channel, and only when others are the trouble."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from brain.domain.proposal import Cause, Direction
from brain.planner.causes.congested_channel import congested_channel
from brain.planner.facts import Band

if TYPE_CHECKING:
    from tests.brain.planner.conftest import ObservedOf

MESH = "Device.WiFi.DataElements.Network.Device.1.Radio.1."
SCANNED = "Device.WiFi.NeighboringWiFiDiagnostic.DiagnosticsState"
CLIENT = "Device.WiFi.AccessPoint.1.AssociatedDevice.1.Retransmissions"
Scan = Callable[..., dict[str, str]]


def test_a_busy_crowded_radio_is_moved(observed_of: "ObservedOf", crowded: dict[str, str]) -> None:
    best, *_ = congested_channel(observed_of(crowded))

    assert best.finding.cause is Cause.CONGESTED_CHANNEL
    assert [(c.path, c.before, c.after) for c in best.changes] == [
        ("Device.WiFi.Radio.1.Channel", "6", "1")
    ]
    assert "from channel 6 to 1" in best.summary


def test_the_automatic_choice_is_switched_off_first(
    observed_of: "ObservedOf", crowded: dict[str, str]
) -> None:
    automatic = {"Device.WiFi.Radio.1.AutoChannelEnable": "true"}

    best, *_ = congested_channel(observed_of(crowded | automatic))

    assert [(c.path, c.after) for c in best.changes] == [
        ("Device.WiFi.Radio.1.AutoChannelEnable", "false"),
        ("Device.WiFi.Radio.1.Channel", "1"),
    ]


def test_it_promises_that_the_utilisation_falls(
    observed_of: "ObservedOf", crowded: dict[str, str]
) -> None:
    best, *_ = congested_channel(observed_of(crowded))

    assert best.effect is not None
    assert best.effect.metric == MESH + "Utilization"
    assert (best.effect.direction, best.effect.before, best.effect.by) == (
        Direction.DOWN,
        "200",
        20,
    )


def test_it_rests_on_settings_and_never_on_counters(
    observed_of: "ObservedOf", crowded: dict[str, str]
) -> None:
    best, *_ = congested_channel(observed_of(crowded))

    guarding = {item.path: item.value for item in best.finding.evidence if item.guard}
    assert guarding == {
        "Device.WiFi.Radio.1.OperatingFrequencyBand": "2.4GHz",
        "Device.WiFi.Radio.1.PossibleChannels": "1-13",
        "Device.WiFi.Radio.1.RegulatoryDomain": "NL ",
    }
    assert any(item.path == MESH + "Utilization" for item in best.finding.evidence)


def test_a_calm_radio_is_left_alone(observed_of: "ObservedOf", scan: Scan) -> None:
    assert congested_channel(observed_of(scan((6, -50), (6, -50), (6, -50)))) == []


def test_the_homes_own_traffic_is_no_reason_to_move(
    observed_of: "ObservedOf", crowded: dict[str, str]
) -> None:
    own = {MESH + "Transmit": "170", MESH + "ReceiveSelf": "20"}

    assert congested_channel(observed_of(crowded | own)) == []


def test_retransmissions_tell_where_the_utilisation_does_not(
    observed_of: "ObservedOf", crowded: dict[str, str]
) -> None:
    silent: dict[str, str | None] = {**crowded, MESH + "Utilization": None, CLIENT: "35"}

    best, *_ = congested_channel(observed_of(silent))

    assert best.effect is None
    assert best.finding.confidence == 0.65


def test_a_scan_alone_is_a_weaker_reason(
    observed_of: "ObservedOf", crowded: dict[str, str]
) -> None:
    blind: dict[str, str | None] = {**crowded, MESH + "Utilization": None}

    best, *_ = congested_channel(observed_of(blind))

    assert best.finding.confidence == 0.5


def test_what_is_not_wifi_is_fled_from_with_less_confidence(
    observed_of: "ObservedOf", scan: Scan
) -> None:
    oven = {MESH + "Utilization": "220", MESH + "Transmit": "10", MESH + "ReceiveSelf": "5"}

    best, *_ = congested_channel(observed_of(scan((1, -50)) | oven))

    assert best.changes[0].after == "11"
    assert best.finding.confidence < 0.7


def test_where_nothing_is_calmer_nothing_changes(observed_of: "ObservedOf", scan: Scan) -> None:
    full = scan((1, -40), (6, -40), (11, -40)) | {MESH + "Utilization": "250"}

    (only,) = congested_channel(observed_of(full))

    assert only.changes == ()
    assert "no channel that is legal here is calmer" in only.hand_over


def test_without_a_scan_nothing_is_claimed_of_other_channels(observed_of: "ObservedOf") -> None:
    (only,) = congested_channel(observed_of({MESH + "Utilization": "250", SCANNED: "None"}))

    assert only.changes == ()
    assert "has not looked" in only.hand_over


@pytest.mark.parametrize(
    "changed", [{"Device.WiFi.Radio.1.Enable": "false"}, {"Device.WiFi.Radio.1.Status": "Down"}]
)
def test_a_radio_that_is_off_is_left_alone(
    observed_of: "ObservedOf", crowded: dict[str, str], changed: dict[str, str]
) -> None:
    assert congested_channel(observed_of(crowded | changed)) == []


def test_only_the_band_that_was_named_is_looked_at(
    observed_of: "ObservedOf", crowded: dict[str, str]
) -> None:
    assert congested_channel(observed_of(crowded, band=Band.GHZ_5)) == []
    assert congested_channel(observed_of(crowded, band=Band.GHZ_2_4)) != []
