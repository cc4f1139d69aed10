"""What each touched radio would be after the plan."""

from collections.abc import Callable

import pytest

from brain.domain.change import SetParameter
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.question import Question
from policies.radios import radios

Ask = Callable[..., Question]
RADIO = "Device.WiFi.Radio.1."
SAID = {
    RADIO + "Channel": "1",
    RADIO + "OperatingChannelBandwidth": "20MHz",
    RADIO + "OperatingFrequencyBand": "2.4GHz",
    RADIO + "RegulatoryDomain": "DE ",
}


def set_to(name: str, after: str) -> SetParameter:
    return SetParameter(
        path=ParameterPath(RADIO + name), type=ParameterType.STRING, before="", after=after
    )


def test_a_radio_is_as_the_plan_would_leave_it(ask: Ask) -> None:
    asked = ask(set_to("Channel", "6"), set_to("OperatingChannelBandwidth", "40MHz"), values=SAID)

    assert radios(asked) == {
        RADIO: {
            "band": "2.4GHz",
            "channel": 6,
            "country": "DE",
            "indoors": None,
            "width": "40MHz",
        }
    }


def test_a_plan_without_radios_says_nothing_of_radios(ask: Ask) -> None:
    assert radios(ask(values=SAID)) == {}


def test_what_a_radio_does_not_say_is_unknown(ask: Ask) -> None:
    assert radios(ask(set_to("TransmitPower", "50"))) == {
        RADIO: {
            "band": None,
            "channel": None,
            "country": None,
            "indoors": None,
            "width": "automatic",
        }
    }


@pytest.mark.parametrize(
    ("said", "country"),
    [("DE", "DE"), ("US ", "US"), ("GBI", "GB"), ("JPO", "JP"), ("FRX", "FR")],
)
def test_the_country_is_read_without_its_environment(ask: Ask, said: str, country: str) -> None:
    asked = ask(set_to("Channel", "6"), values=SAID | {RADIO + "RegulatoryDomain": said})

    assert _of(asked)["country"] == country


@pytest.mark.parametrize(
    ("said", "indoors"),
    [("DEI", True), ("DEO", False), ("DE ", None), ("DE", None), ("FRX", None), ("", None)],
)
def test_whether_a_radio_is_for_indoors_is_read_from_its_domain(
    ask: Ask, said: str, indoors: bool | None
) -> None:
    asked = ask(set_to("Channel", "6"), values=SAID | {RADIO + "RegulatoryDomain": said})

    assert _of(asked)["indoors"] is indoors


@pytest.mark.parametrize("said", ["", "00 ", "de", "DEU", "D", "DE\n", "DE  "])
def test_what_is_no_country_is_unknown(ask: Ask, said: str) -> None:
    asked = ask(set_to("Channel", "6"), values=SAID | {RADIO + "RegulatoryDomain": said})

    assert _of(asked)["country"] is None


@pytest.mark.parametrize(
    ("said", "width"),
    [("Auto", "automatic"), ("", "automatic"), ("320MHz-1", "320MHz"), ("17MHz", "17MHz")],
)
def test_a_radio_that_chooses_may_use_the_widest(ask: Ask, said: str, width: str) -> None:
    asked = ask(set_to("OperatingChannelBandwidth", said), values=SAID)

    assert _of(asked)["width"] == width


@pytest.mark.parametrize("said", ["", "six", "-6", "6.0", "12345", "٦"])
def test_what_is_no_channel_is_unknown(ask: Ask, said: str) -> None:
    assert _of(ask(set_to("Channel", said), values=SAID))["channel"] is None


def _of(asked: Question) -> dict[str, object]:
    radio = radios(asked)[RADIO]
    assert isinstance(radio, dict)
    return dict(radio)
