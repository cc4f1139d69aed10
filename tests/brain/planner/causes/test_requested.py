"""What is asked for outright is proposed as asked; what is meant must be clear, and be there."""

from typing import TYPE_CHECKING

import pytest

from brain.domain.change import Command
from brain.domain.errors import PlannerFailed
from brain.domain.incident import Symptom
from brain.domain.proposal import Cause
from brain.planner.candidates import Candidate, MoreNeeded
from brain.planner.causes.requested import requested
from brain.planner.facts import Band, Request, RequestKind

if TYPE_CHECKING:
    from tests.brain.planner.conftest import ObservedOf


def asked(
    observed_of: "ObservedOf", kind: RequestKind, value: str = "", **changed: object
) -> Candidate:
    request = Request(kind=kind, value=value, path=str(changed.pop("path", "")))
    (found,) = requested(
        observed_of(
            changed.pop("values", None),
            symptom=Symptom.EXPLICIT_REQUEST,
            request=request,
            **changed,
        )
    )
    return found


def settings_of(found: Candidate) -> list[tuple[str, str]]:
    return [(change.path, change.after) for change in found.changes]


def test_a_channel_is_put_on_the_radio_of_its_band(observed_of: "ObservedOf") -> None:
    found = asked(observed_of, RequestKind.CHANNEL, "13")

    assert found.finding.cause is Cause.REQUESTED
    assert settings_of(found) == [("Device.WiFi.Radio.1.Channel", "13")]
    assert found.effect is None


def test_the_automatic_choice_goes_off_with_a_channel(observed_of: "ObservedOf") -> None:
    found = asked(observed_of, RequestKind.CHANNEL, "44")

    assert settings_of(found) == [
        ("Device.WiFi.Radio.2.AutoChannelEnable", "false"),
        ("Device.WiFi.Radio.2.Channel", "44"),
    ]


def test_a_channel_that_is_not_legal_is_still_proposed_as_asked(
    observed_of: "ObservedOf",
) -> None:
    found = asked(observed_of, RequestKind.CHANNEL, "14")

    assert settings_of(found) == [("Device.WiFi.Radio.1.Channel", "14")]


def test_a_band_that_the_device_does_not_have_is_said(observed_of: "ObservedOf") -> None:
    with pytest.raises(PlannerFailed, match="no 6 GHz radio"):
        asked(observed_of, RequestKind.CHANNEL, "5", band=Band.GHZ_6)


def test_a_width_without_a_band_is_asked_back(observed_of: "ObservedOf") -> None:
    with pytest.raises(MoreNeeded, match=r"2.4 GHz or 5 GHz\?"):
        asked(observed_of, RequestKind.BANDWIDTH, "20")


@pytest.mark.parametrize(
    ("kind", "value", "leaf", "after"),
    [
        (RequestKind.BANDWIDTH, "20", "OperatingChannelBandwidth", "20MHz"),
        (RequestKind.TRANSMIT_POWER, "050", "TransmitPower", "50"),
        (RequestKind.RADIO_OFF, "", "Enable", "false"),
        (RequestKind.RADIO_ON, "", "Enable", "true"),
        (RequestKind.AUTO_CHANNEL, "", "AutoChannelEnable", "true"),
    ],
)
def test_one_radio_is_set_as_asked(
    observed_of: "ObservedOf", kind: RequestKind, value: str, leaf: str, after: str
) -> None:
    found = asked(observed_of, kind, value, band=Band.GHZ_5)

    assert settings_of(found) == [(f"Device.WiFi.Radio.2.{leaf}", after)]


def test_automatic_channels_without_a_band_are_for_all_radios(observed_of: "ObservedOf") -> None:
    found = asked(observed_of, RequestKind.AUTO_CHANNEL)

    assert [path for path, _ in settings_of(found)] == [
        "Device.WiFi.Radio.1.AutoChannelEnable",
        "Device.WiFi.Radio.2.AutoChannelEnable",
    ]


def test_resolvers_are_set_row_by_row(observed_of: "ObservedOf") -> None:
    found = asked(observed_of, RequestKind.DNS, "8.8.8.8,8.8.4.4")

    assert settings_of(found) == [("Device.DNS.Client.Server.1.DNSServer", "8.8.8.8")]


def test_resolvers_of_the_network_are_not_ours_to_set(observed_of: "ObservedOf") -> None:
    given = {"Device.DNS.Client.Server.1.Type": "DHCPv4"}

    with pytest.raises(PlannerFailed, match="come from the network"):
        asked(observed_of, RequestKind.DNS, "8.8.8.8", values=given)


def test_a_restart_is_a_command(observed_of: "ObservedOf") -> None:
    (change,) = asked(observed_of, RequestKind.REBOOT).changes

    assert isinstance(change, Command)
    assert change.path == "Device.Reboot()"


def test_a_parameter_is_set_by_its_path(observed_of: "ObservedOf") -> None:
    path = "Device.WiFi.Radio.1.TransmitPower"

    found = asked(observed_of, RequestKind.PARAMETER, "75", path=path)

    assert settings_of(found) == [(path, "75")]


def test_without_a_request_there_is_nothing(observed_of: "ObservedOf") -> None:
    assert requested(observed_of()) == []
