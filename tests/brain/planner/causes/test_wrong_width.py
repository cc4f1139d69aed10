"""A radio is made narrower where it is known to suffer; where nothing is told, that is a guess."""

from typing import TYPE_CHECKING

import pytest

from brain.planner.causes.wrong_width import wrong_width

if TYPE_CHECKING:
    from tests.brain.planner.conftest import ObservedOf

MESH = "Device.WiFi.DataElements.Network.Device.1.Radio.2."
RADIO = "Device.WiFi.Radio.2."


def loud_beside(*, busy: str, again: str = "") -> dict[str, str]:
    """Loud networks of 20 MHz in the upper half of a radio's 80 MHz."""
    heard = {}
    for number, channel in enumerate((44, 44, 48, 48), start=1):
        at = f"Device.WiFi.NeighboringWiFiDiagnostic.Result.{number}."
        heard |= {
            at + "Channel": str(channel),
            at + "SignalStrength": "-45",
            at + "OperatingFrequencyBand": "5GHz",
            at + "OperatingChannelBandwidth": "20MHz",
        }
    told = {
        MESH + "Utilization": busy,
        RADIO + "SupportedOperatingChannelBandwidths": "20MHz,80MHz",
    }
    clients = "Device.WiFi.AccessPoint.2.AssociatedDevice.1."
    sends = {clients + "SignalStrength": "-50", clients + "Retransmissions": again} if again else {}
    return heard | told | sends


@pytest.mark.parametrize(("busy", "sure"), [("200", 0.93), ("", 0.5)])
def test_it_is_surer_of_what_a_radio_tells_than_of_what_a_scan_does(
    observed_of: "ObservedOf", busy: str, sure: float
) -> None:
    (found,) = wrong_width(observed_of(loud_beside(busy=busy)))

    assert [(each.path, each.after) for each in found.changes] == [
        (RADIO + "OperatingChannelBandwidth", "20MHz")
    ]
    assert found.finding.confidence == sure


def test_one_that_hardly_sends_anything_again_is_left_alone(observed_of: "ObservedOf") -> None:
    assert not list(wrong_width(observed_of(loud_beside(busy="", again="3"))))
