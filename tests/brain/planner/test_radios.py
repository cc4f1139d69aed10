"""Radios and scans are read out of a snapshot, without anybody's names."""

from typing import TYPE_CHECKING

import pytest

from brain.planner.facts import Band
from brain.planner.radios import band_of, channels_of, heard_networks, radios, was_scanned

if TYPE_CHECKING:
    from tests.brain.planner.conftest import ObservedOf

MESH = "Device.WiFi.DataElements.Network.Device.1.Radio.1."


@pytest.mark.parametrize(
    ("listed", "channels"),
    [
        ("1,6,11", (1, 6, 11)),
        ("1-4, 6", (1, 2, 3, 4, 6)),
        ("", ()),
        ("none", ()),
        ("36,36", (36,)),
        ("1-99999999999", ()),
        ("250-999", tuple(range(250, 256))),
    ],
)
def test_lists_and_ranges_of_channels_are_read(listed: str, channels: tuple[int, ...]) -> None:
    assert channels_of(listed) == channels


def test_a_radio_is_read_with_what_it_measures(observed_of: "ObservedOf") -> None:
    home = observed_of(
        {MESH + "Utilization": "200", MESH + "Transmit": "30", MESH + "ReceiveSelf": "10"}
    )

    first, second = radios(home.snapshot)

    assert (first.index, first.band, first.channel, first.width) == (1, Band.GHZ_2_4, 6, 20)
    assert (first.utilisation, first.foreign, first.automatic) == (200, 160, False)
    assert first.possible == tuple(range(1, 14))
    assert (second.band, second.width, second.automatic) == (Band.GHZ_5, 80, True)
    assert second.foreign is None


def test_retransmissions_belong_to_the_radio_under_the_access_point(
    observed_of: "ObservedOf",
) -> None:
    client = "Device.WiFi.AccessPoint.{}.AssociatedDevice.{}.Retransmissions"
    home = observed_of(
        {client.format(1, 1): "10", client.format(1, 2): "31", client.format(2, 1): "99"}
    )

    first, second = radios(home.snapshot)

    assert (first.retransmissions, second.retransmissions) == (20, 99)


@pytest.mark.parametrize("leaf", ["Enable", "Status"])
def test_a_radio_that_is_off_is_known_as_off(observed_of: "ObservedOf", leaf: str) -> None:
    off = {"Enable": "false", "Status": "Down"}[leaf]

    first, _ = radios(observed_of({f"Device.WiFi.Radio.1.{leaf}": off}).snapshot)

    assert not first.enabled


def test_a_band_that_is_not_told_follows_from_the_channel(observed_of: "ObservedOf") -> None:
    bare = {"Device.WiFi.Radio.1.OperatingFrequencyBand": None}

    first, _ = radios(observed_of(bare).snapshot)

    assert first.band is Band.GHZ_2_4
    assert (band_of(14), band_of(36)) == (Band.GHZ_2_4, Band.GHZ_5)


def test_unreadable_numbers_are_not_guessed(observed_of: "ObservedOf") -> None:
    home = observed_of({"Device.WiFi.Radio.1.Channel": "six", MESH + "Utilization": "much"})

    assert [radio.index for radio in radios(home.snapshot)] == [2]


def test_networks_are_heard_without_their_names(observed_of: "ObservedOf", scan) -> None:
    heard = heard_networks(observed_of(scan((6, -50), (36, -70), ssid="x")).snapshot)

    assert [(each.band, each.channel, each.signal, each.width) for each in heard] == [
        (Band.GHZ_2_4, 6, -50, 20),
        (Band.GHZ_5, 36, -70, 80),
    ]
    assert not any("x" in str(value) for each in heard for value in (each.band, each.width))


def test_the_device_does_not_hear_itself_as_foreign(observed_of: "ObservedOf", scan) -> None:
    own = {"Device.WiFi.NeighboringWiFiDiagnostic.Result.1.BSSID": "02:10:20:30:40:50"}

    heard = heard_networks(observed_of(scan((6, -30), (11, -60)) | own).snapshot)

    assert [each.channel for each in heard] == [11]


def test_a_scan_that_heard_nothing_is_a_scan_and_no_scan_is_none(
    observed_of: "ObservedOf",
) -> None:
    state = "Device.WiFi.NeighboringWiFiDiagnostic.DiagnosticsState"

    assert was_scanned(observed_of().snapshot)
    assert not was_scanned(observed_of({state: "None"}).snapshot)
