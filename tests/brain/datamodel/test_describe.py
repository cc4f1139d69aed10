"""A path is described in words a person can use, whichever model has it."""

import pytest

from brain.datamodel.describe import Description, describe
from brain.datamodel.entry import Range, Size
from brain.datamodel.phrases import range_in_words, size_in_words


def told(path: str) -> dict[str, str]:
    """Each label with its text; of several the last."""
    return dict(describe(path).facts)


def all_told(description: Description, label: str) -> list[str]:
    return [text for name, text in description.facts if name == label]


def test_a_parameter_tells_type_access_range_and_where_its_values_are_listed() -> None:
    facts = told("Device.WiFi.Radio.2.Channel")

    assert facts == {
        "kind": "parameter",
        "in": "TR-181 for CWMP since 2.0, TR-181 for USP since 2.12",
        "access": "read and write",
        "type": "unsignedInt",
        "range": "from 1 to 255",
        "values": "those the device lists in Device.WiFi.Radio.{i}.PossibleChannels",
        "in TR-098": "InternetGatewayDevice.LANDevice.{i}.WLANConfiguration.{i}.Channel",
    }


def test_a_secret_says_so_and_what_it_must_be_like() -> None:
    facts = told("Device.WiFi.AccessPoint.1.Security.KeyPassphrase")

    assert facts["secret"] == "its value is never shown"
    assert facts["length"] == "from 8 to 63 characters"


@pytest.mark.parametrize(
    ("path", "label", "text"),
    [
        (
            "Device.WiFi.AccessPoint.1.Security.ModeEnabled",
            "values",
            "those the device lists in Device.WiFi.AccessPoint.{i}.Security.ModesSupported",
        ),
        ("Device.WiFi.AccessPoint.1.SSIDReference", "points to", "a row of Device.WiFi.SSID.{i}."),
        ("Device.DHCPv4.Server.Pool.1.DNSServers", "type", "list of string (IPv4Address)"),
        ("Device.DHCPv4.Server.Pool.1.DNSServers", "items", "up to 4"),
        ("Device.DHCPv4.Server.Pool.1.LeaseTime", "units", "seconds"),
        ("Device.DHCPv4.Server.Pool.1.LeaseTime", "default", "86400"),
        ("Device.Time.NTPServer1", "status", "deleted"),
        ("Device.WiFi.AccessPoint.1.Security.PreSharedKey", "length", "up to 32 octets"),
        ("Device.DeviceInfo.SoftwareVersion", "inform", "part of every Inform"),
        ("Device.PPP.Interface.1.Reset", "effect", "a write triggers an action"),
        ("Device.WiFi.Radio.1.Alias", "access", "read and write (CWMP); written when the row"),
        ("Device.IP.Diagnostics.IPPing.DiagnosticsState", "values", "Complete (set by the device"),
        ("Device.RootDataModelVersion", "in TR-098", "(not translated: SpecVersion is of"),
    ],
)
def test_each_fact_has_its_line(path: str, label: str, text: str) -> None:
    assert any(text in each for each in all_told(describe(path), label))


def test_a_table_tells_its_rows_keys_and_what_is_in_it() -> None:
    table = describe("Device.NAT.PortMapping.")

    assert table.template == "Device.NAT.PortMapping.{i}."
    assert ("access", "rows can be added and deleted") in table.facts
    assert all_told(table, "unique") == ["Alias", "RemoteHost + ExternalPort + Protocol"]
    assert "ExternalPort" in table.children
    assert "Stats." in describe("Device.IP.Interface.1.").children


def test_a_command_tells_its_arguments_and_results() -> None:
    ping = describe("Device.IP.Diagnostics.IPPing()")

    assert ("in", "TR-181 for USP since 2.12") in ping.facts
    assert ("answers", "later, with OperationComplete") in ping.facts
    assert "Host (mandatory): string; length up to 256 characters" in all_told(ping, "argument")
    assert any(each.startswith("SuccessCount") for each in all_told(ping, "result"))


def test_a_path_of_tr098_is_described_by_its_own_model() -> None:
    beacon = describe("InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.BeaconType")

    assert ("in", "TR-098") in beacon.facts
    assert "Device.WiFi.AccessPoint.{i}.Security.ModeEnabled" in all_told(beacon, "in TR-181")


def test_an_unknown_path_comes_with_what_may_have_been_meant() -> None:
    unknown = describe("Device.WiFi.Radio.1.Chanel")

    assert not unknown.known
    assert unknown.facts == ()
    assert unknown.near[0] == "Device.WiFi.Radio.{i}.Channel"
    assert describe("Device.Qqqqqqqqqq").near == ()


@pytest.mark.parametrize(
    ("legal", "words"),
    [
        (Range(1, 255), "from 1 to 255"),
        (Range(None, 9, 3), "up to 9 in steps of 3"),
        (Range(-1, None), "of -1 or more"),
        (Range(3, 3), "of exactly 3"),
        (Range(None, None), "of any size"),
    ],
)
def test_a_range_is_said_in_words(legal: Range, words: str) -> None:
    assert range_in_words(legal) == words


def test_a_size_that_starts_at_zero_has_only_an_upper_end() -> None:
    assert size_in_words(Size(0, 32)) == "up to 32"
    assert size_in_words(Size(8, 63)) == "from 8 to 63"
