"""What a home answers to a controller: the right values, or a fault and nothing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from evals.homes.home import REJOIN_SECONDS, Home
from evals.homes.rpc import METHODS, answer
from executors.acs import messages as m

MakeHome = Callable[..., Home]
CHANNEL = "Device.WiFi.Radio.1.Channel"
POWER = "Device.WiFi.Radio.1.TransmitPower"
KEY = "Device.ManagementServer.ParameterKey"
MAPPINGS = "Device.NAT.PortMapping."


def setting(*values: tuple[str, str, str], key: str = "chg_1") -> m.SetParameterValues:
    return m.SetParameterValues(tuple(m.ParameterValue(*each) for each in values), key)


def values(home: Home, *names: str) -> dict[str, str]:
    said = answer(home, m.GetParameterValues(names))
    assert isinstance(said, m.GetParameterValuesResponse)
    return {each.name: each.value for each in said.values}


def test_values_are_set_together_and_the_key_is_kept(make_home: MakeHome) -> None:
    home = make_home()

    said = answer(home, setting((CHANNEL, "11", "unsignedInt"), (POWER, "50", "int")))

    assert said == m.SetParameterValuesResponse(0)
    assert values(home, CHANNEL, POWER, KEY) == {CHANNEL: "11", POWER: "50", KEY: "chg_1"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (("Device.WiFi.Radio.9.Channel", "1", "unsignedInt"), 9005),
        (("Device.WiFi.Radio.1.", "1", "string"), 9005),
        (("Device.WiFi.Radio.1.Status", "Up", "string"), 9008),
        (("Device.WiFi.Radio.2.Channel", "36", "string"), 9006),
        (("Device.WiFi.Radio.2.Channel", "six", "unsignedInt"), 9007),
        (("Device.WiFi.Radio.2.Channel", "37", "unsignedInt"), 9007),
        (("Device.WiFi.Radio.1.Enable", "maybe", "boolean"), 9007),
        (("Device.WiFi.SSID.1.SSID", "W" * 33, "string"), 9007),
        (("Device.WiFi.AccessPoint.1.Security.KeyPassphrase", "short", "string"), 9007),
        (("Device.WiFi.AccessPoint.1.Security.ModeEnabled", "WEP-64", "string"), 9007),
        (("Device.DHCPv4.Server.Pool.1.MinAddress", "192.168.1.999", "string"), 9007),
    ],
)
def test_one_bad_parameter_refuses_all_and_changes_nothing(
    make_home: MakeHome, wrong: tuple[str, str, str], code: int
) -> None:
    home = make_home()
    before = {path: home.tree.read(path) for path in home.tree.parameters}

    said = answer(home, setting((CHANNEL, "11", "unsignedInt"), wrong))

    assert isinstance(said, m.Fault)
    assert said.code == 9003
    assert [(each.name, each.code) for each in said.parameters] == [(wrong[0], code)]
    assert {path: home.tree.read(path) for path in home.tree.parameters} == before


def test_every_bad_parameter_is_named(make_home: MakeHome) -> None:
    said = answer(
        make_home(),
        setting((CHANNEL, "99", "unsignedInt"), (POWER, "33", "int"), ("X", "", "string")),
    )

    assert isinstance(said, m.Fault)
    assert [each.code for each in said.parameters] == [9007, 9007, 9005]


def test_a_name_given_twice_refuses_all(make_home: MakeHome) -> None:
    home = make_home()
    twice = setting((CHANNEL, "1", "unsignedInt"), (CHANNEL, "11", "unsignedInt"))

    said = answer(home, twice)

    assert isinstance(said, m.Fault)
    assert (said.code, said.parameters) == (9003, ())
    assert home.radio(1).channel == 6


def test_a_passphrase_takes_hold_and_reads_back_empty(make_home: MakeHome) -> None:
    home = make_home()
    path = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"

    answer(home, setting((path, "a new passphrase", "string")))

    assert home.passphrase() == "a new passphrase"
    assert values(home, path) == {path: ""}
    assert "a new passphrase" not in str(answer(home, m.GetParameterValues(("",))))


def test_the_flawed_make_gives_its_passphrase_away(make_home: MakeHome) -> None:
    home = make_home(model="quillon-q5")
    path = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"

    assert values(home, path) == {path: "correct horse"}


def test_a_new_passphrase_throws_everything_off_until_it_is_typed_in(
    make_home: MakeHome, clock: Any
) -> None:
    home = make_home()
    count = "Device.WiFi.AccessPoint.1.AssociatedDeviceNumberOfEntries"
    assert home.tree.read(count) == "1"

    path = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"
    answer(home, setting((path, "a new passphrase", "string")))
    assert home.tree.read(count) == "0"

    clock.advance(seconds=REJOIN_SECONDS)
    home.tick()
    assert home.tree.read(count) == "1"


def test_names_of_one_level_are_the_children_and_no_more(make_home: MakeHome) -> None:
    said = answer(make_home(), m.GetParameterNames("Device.WiFi.Radio.", next_level=True))

    assert isinstance(said, m.GetParameterNamesResponse)
    assert [each.name for each in said.parameters] == [
        "Device.WiFi.Radio.1.",
        "Device.WiFi.Radio.2.",
    ]


def test_all_names_say_what_may_be_written_and_where_rows_may_be_added(
    make_home: MakeHome,
) -> None:
    said = answer(make_home(), m.GetParameterNames(""))

    assert isinstance(said, m.GetParameterNamesResponse)
    can = {each.name: each.writable for each in said.parameters}
    assert can[CHANNEL]
    assert can[MAPPINGS]
    assert not can["Device.DeviceInfo.SerialNumber"]
    assert not can["Device.WiFi.Radio."]
    assert not can["Device.DNS.Client.Server.1.DNSServer"], "learned from the provider"


def test_a_name_that_is_not_there_is_a_fault(make_home: MakeHome) -> None:
    home = make_home()

    for request in (
        m.GetParameterNames("Device.Nothing."),
        m.GetParameterValues((CHANNEL, "Device.Nothing")),
        m.AddObject("Device.Nothing."),
        m.DeleteObject("Device.NAT.PortMapping.7."),
    ):
        said = answer(home, request)
        assert isinstance(said, m.Fault)
        assert said.code == 9005


def test_rows_are_added_and_deleted_and_a_number_is_never_used_again(make_home: MakeHome) -> None:
    home = make_home()

    assert answer(home, m.AddObject(MAPPINGS, "k1")) == m.AddObjectResponse(1)
    assert home.tree.read(MAPPINGS + "1.Protocol") == "TCP"
    assert home.tree.read("Device.NAT.PortMappingNumberOfEntries") == "1"
    assert answer(home, m.DeleteObject(MAPPINGS + "1.", "k2")) == m.DeleteObjectResponse(0)
    assert home.tree.read(KEY) == "k2"
    assert answer(home, m.AddObject(MAPPINGS)) == m.AddObjectResponse(2)
    assert home.tree.rows(MAPPINGS) == [2]


def test_a_table_that_may_not_grow_does_not(make_home: MakeHome) -> None:
    home = make_home()

    said = answer(home, m.AddObject("Device.WiFi.Radio."))

    assert isinstance(said, m.Fault)
    assert said.code == 9001
    assert home.tree.rows("Device.WiFi.Radio.") == [1, 2]


def test_a_row_that_is_there_for_good_is_not_deleted(make_home: MakeHome) -> None:
    home = make_home()

    said = answer(home, m.DeleteObject("Device.WiFi.Radio.2."))

    assert isinstance(said, m.Fault)
    assert said.code == 9001
    assert home.tree.rows("Device.WiFi.Radio.") == [1, 2]


def test_it_names_the_methods_it_knows_and_refuses_the_rest(make_home: MakeHome) -> None:
    home = make_home()
    unknown = answer(home, m.Unknown("Upload"))

    assert answer(home, m.GetRPCMethods()) == m.GetRPCMethodsResponse(METHODS)
    assert isinstance(unknown, m.Fault)
    assert unknown.code == 9000


def test_a_real_make_that_speaks_tr_098_answers_the_same_way(make_home: MakeHome) -> None:
    home = make_home(model="huawei-bm632w")
    channel = "InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.Channel"

    said = answer(home, setting((channel, "1", "int")))

    assert said == m.SetParameterValuesResponse(0)
    assert home.radio(1).channel == 1
    assert isinstance(answer(home, setting((channel, "14", "int"))), m.Fault)
    assert isinstance(answer(home, setting((channel, "1", "unsignedInt"))), m.Fault)
