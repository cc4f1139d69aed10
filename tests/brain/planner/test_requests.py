"""A request is a verb that tells us to do it; a description of how things are is none."""

import pytest

from brain.planner.facts import Request, RequestKind
from brain.planner.requests import addresses_in, read_request
from brain.planner.words import plain


def request(text: str) -> Request | None:
    return read_request(text, plain(text))


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("put the 2.4 GHz wifi on channel 13", "13"),
        ("Set the channel to 36", "36"),
        ("zet de wifi op kanaal 6", "6"),
        ("Stell die 5 GHz auf Kanal 36", "36"),
        ("move from channel 6 to channel 11", "11"),
        ("move channel 6 to 11", "11"),
        ("put it on channel 011 instead of channel 6", "11"),
    ],
)
def test_a_channel_is_asked_for(text: str, channel: str) -> None:
    assert request(text) == Request(kind=RequestKind.CHANNEL, value=channel)


@pytest.mark.parametrize(
    "text",
    [
        "the wifi on channel 13 is slow",
        "don't put it on channel 13",
        "do not use channel 13, it is slow",
        "The wifi is slow, could you change the channel?",
        "a neighbour told us to never change dns to 6.6.6.6",
        "it reboots by itself",
        "she said the power was at 50 %",
    ],
)
def test_what_is_told_or_forbidden_is_no_request(text: str) -> None:
    assert request(text) is None


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("change dns to 9.9.9.9", "9.9.9.9"),
        ("Use the DNS servers 8.8.8.8, 8.8.4.4.", "8.8.8.8,8.8.4.4"),
        ("change the dns from 8.8.8.8 to 9.9.9.9", "9.9.9.9"),
        ("use dns 2620:FE::9 instead of 8.8.8.8", "2620:fe::9"),
    ],
)
def test_resolvers_are_asked_for(text: str, addresses: str) -> None:
    assert request(text) == Request(kind=RequestKind.DNS, value=addresses)


def test_an_address_without_a_word_of_dns_is_no_request() -> None:
    assert request("change it to 9.9.9.9") is None


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("use automatic channel on 5 ghz", RequestKind.AUTO_CHANNEL, ""),
        ("set the channel to auto", RequestKind.AUTO_CHANNEL, ""),
        ("set the channel width to 20 MHz", RequestKind.BANDWIDTH, "20"),
        ("lower the transmit power to 50 %", RequestKind.TRANSMIT_POWER, "50"),
        ("switch off the 5 GHz wifi", RequestKind.RADIO_OFF, ""),
        ("turn the 2.4ghz radio off", RequestKind.RADIO_OFF, ""),
        ("enable the 5 GHz radio", RequestKind.RADIO_ON, ""),
        ("please restart the gateway", RequestKind.REBOOT, ""),
        ("Reboot it", RequestKind.REBOOT, ""),
    ],
)
def test_other_things_are_asked_for(text: str, kind: RequestKind, value: str) -> None:
    assert request(text) == Request(kind=kind, value=value)


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        (
            "set Device.WiFi.Radio.1.TransmitPower to 50.",
            "Device.WiFi.Radio.1.TransmitPower",
            "50",
        ),
        (
            'set Device.WiFi.SSID.1.SSID = "Two Words"',
            "Device.WiFi.SSID.1.SSID",
            "Two Words",
        ),
        (
            "change Device.ManagementServer.URL to http://x.example/",
            "Device.ManagementServer.URL",
            "http://x.example/",
        ),
    ],
)
def test_a_parameter_is_asked_for_by_its_path(text: str, path: str, value: str) -> None:
    assert request(text) == Request(kind=RequestKind.PARAMETER, path=path, value=value)


def test_addresses_are_canonical_and_named_once() -> None:
    assert addresses_in("to 9.9.9.9, 9.9.9.9 (2620:00FE::9) and 300.1.1.1") == (
        "9.9.9.9",
        "2620:fe::9",
    )
