"""Whoever composed it: what is no plan for this device gets no further."""

from typing import TYPE_CHECKING

import pytest

from brain.datamodel.catalogue import catalogue
from brain.domain.errors import InvalidPlan, InvalidValue
from brain.domain.parameter import ParameterType
from brain.planner.candidates import wanted
from brain.planner.grounding import check_composed, ground

if TYPE_CHECKING:
    from tests.brain.planner.conftest import ObservedOf

CWMP = "tr181-cwmp"
CHANNEL = "Device.WiFi.Radio.1.Channel"


def test_a_change_gets_its_type_and_canonical_value(observed_of: "ObservedOf") -> None:
    snapshot = observed_of().snapshot

    (change,) = ground(snapshot, [wanted(snapshot, CHANNEL, "011")], model=CWMP)

    assert (change.type, change.before, change.after) == (ParameterType.UNSIGNED_INT, "6", "11")


def test_a_channel_takes_the_automatic_choice_off_first(observed_of: "ObservedOf") -> None:
    snapshot = observed_of().snapshot
    change = wanted(snapshot, "Device.WiFi.Radio.2.Channel", "44")

    grounded = ground(snapshot, [change], model=CWMP)

    assert [each.path.rpartition(".")[2] for each in grounded] == ["AutoChannelEnable", "Channel"]


def test_what_is_already_so_is_left_out(observed_of: "ObservedOf") -> None:
    snapshot = observed_of().snapshot
    changes = [
        wanted(snapshot, "Device.WiFi.Radio.1.AutoChannelEnable", "0"),
        wanted(snapshot, CHANNEL, "1"),
    ]

    assert [each.path for each in ground(snapshot, changes, model=CWMP)] == [CHANNEL]


def test_a_plan_that_does_nothing_is_refused(observed_of: "ObservedOf") -> None:
    snapshot = observed_of().snapshot

    with pytest.raises(InvalidPlan, match="already is as asked"):
        ground(snapshot, [wanted(snapshot, CHANNEL, "6")], model=CWMP)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("Device.WiFi.Radio.*.Channel", "1"),
        ('Device.WiFi.Radio.[Channel=="6"].Channel', "1"),
        ("Device.WiFi.Radio.7.Channel", "1"),
        ("Device.WiFi.Radio.1.Chanel", "1"),
        ("Device.WiFi.Radio.1.Status", "Up"),
        ("Device.WiFi.Radio.1.", "1"),
        (CHANNEL, "14"),
        (CHANNEL, "six"),
        (CHANNEL, "1; reboot"),
        ("InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.Channel", "1"),
        ("", ""),
    ],
)
def test_what_this_device_does_not_have_or_allow_is_refused(
    observed_of: "ObservedOf", path: str, value: str
) -> None:
    snapshot = observed_of().snapshot

    with pytest.raises((InvalidValue, InvalidPlan)):
        ground(snapshot, [wanted(snapshot, path, value)], model=CWMP)


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        ("Device.WiFi.AccessPoint.1.Security.KeyPassphrase", "guess-1234", "secret"),
        ("Device.WiFi.SSID.1.SSID", "Free Money", "words"),
        ("Device.DNS.Client.Server.1.DNSServer", "6.6.6.6", "words"),
        ("Device.ManagementServer.URL", "http://x.example", "words"),
        ("Device.Nothing.Here", "1", "known"),
    ],
)
def test_what_a_model_may_not_make_up_is_refused(
    observed_of: "ObservedOf", path: str, value: str, rule: str
) -> None:
    change = wanted(observed_of().snapshot, path, value)

    with pytest.raises(InvalidValue) as caught:
        check_composed(catalogue(), change, resolvers=["9.9.9.9"])

    assert caught.value.rule == rule


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (CHANNEL, "11"),
        ("Device.WiFi.Radio.1.OperatingChannelBandwidth", "20MHz"),
        ("Device.DNS.Client.Server.1.DNSServer", "9.9.9.9"),
    ],
)
def test_numbers_listed_values_and_our_resolvers_may_be_composed(
    observed_of: "ObservedOf", path: str, value: str
) -> None:
    change = wanted(observed_of().snapshot, path, value)

    assert check_composed(catalogue(), change, resolvers=["9.9.9.9"]) is None
