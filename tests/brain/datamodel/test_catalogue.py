"""The catalogue knows what the standard says, by concrete path or template."""

from collections import Counter
from time import perf_counter

import pytest

from brain.datamodel.catalogue import Access, Kind, Range, Size, catalogue, model_of, template_of
from brain.domain.device import Protocol
from brain.domain.errors import InvalidInput
from brain.domain.parameter import ParameterType


@pytest.mark.parametrize(
    ("model", "objects", "parameters", "commands", "events"),
    [
        ("tr181-cwmp", 873, 7343, 0, 0),
        ("tr181-usp", 822, 6722, 179, 53),
        ("tr098", 192, 1801, 0, 0),
    ],
)
def test_every_row_of_the_standard_is_there_and_can_be_read(
    model: str, objects: int, parameters: int, commands: int, events: int
) -> None:
    book = catalogue(model)

    entries = [book.find(path) for path in book.paths]

    kinds = Counter(entry.kind for entry in entries if entry)
    assert kinds[Kind.OBJECT] == objects
    assert kinds[Kind.PARAMETER] == parameters
    assert kinds[Kind.COMMAND] == commands
    assert kinds[Kind.EVENT] == events
    assert len(book) == objects + parameters + commands + events


def test_both_protocols_together_have_the_rows_of_the_standard() -> None:
    both = {*catalogue("tr181-cwmp").paths, *catalogue("tr181-usp").paths}

    assert len(both) == 8796


def test_every_parameter_has_a_type() -> None:
    for model in ("tr181-cwmp", "tr181-usp", "tr098"):
        book = catalogue(model)
        for path in book.paths:
            entry = book.find(path)
            assert entry is not None
            assert (entry.type is not None) is (entry.kind is Kind.PARAMETER), path


def test_a_channel_is_a_writable_number_with_a_range() -> None:
    entry = catalogue().find("Device.WiFi.Radio.2.Channel")

    assert entry is not None
    assert entry.path == "Device.WiFi.Radio.{i}.Channel"
    assert entry.type is ParameterType.UNSIGNED_INT
    assert entry.writable
    assert entry.ranges == (Range(1, 255),)
    assert entry.since == "2.0"
    assert not entry.is_list
    assert not entry.secret


def test_a_security_mode_names_the_list_of_its_legal_values() -> None:
    entry = catalogue().find("Device.WiFi.AccessPoint.1.Security.ModeEnabled")

    assert entry is not None
    assert entry.enumeration_ref == "Device.WiFi.AccessPoint.{i}.Security.ModesSupported"
    assert entry.enumeration == ()


def test_a_passphrase_is_a_secret_of_eight_to_sixty_three_characters() -> None:
    entry = catalogue().find("Device.WiFi.AccessPoint.1.Security.KeyPassphrase")

    assert entry is not None
    assert entry.secret
    assert entry.sizes == (Size(8, 63),)


@pytest.mark.parametrize(
    ("model", "path", "secret"),
    [
        ("tr181-cwmp", "Device.Ethernet.WoL.Password", True),
        ("tr181-usp", "Device.PPP.Interface.1.Password", True),
        ("tr098", "InternetGatewayDevice.X_ACME_Login.Userpassword", True),
        ("tr098", "InternetGatewayDevice.UserInterface.SharedPassword", False),
        ("tr181-cwmp", "Device.ManagementServer.ParameterKey", False),
        ("tr181-cwmp", "Device.X_ACME_Colour", False),
    ],
)
def test_a_credential_is_secret_by_its_mark_or_by_its_name(
    model: str, path: str, secret: bool
) -> None:
    assert catalogue(model).is_secret(path) is secret


def test_references_and_keys_and_lists_are_kept() -> None:
    book = catalogue()
    reference = book.find("Device.WiFi.AccessPoint.{i}.SSIDReference")
    mappings = book.find("Device.NAT.PortMapping.")
    servers = book.find("Device.DHCPv4.Server.Pool.1.DNSServers")

    assert reference is not None
    assert reference.syntax is not None
    assert reference.syntax.path_reference is not None
    assert reference.syntax.path_reference.targets == ("Device.WiFi.SSID.{i}.",)
    assert mappings is not None
    assert mappings.kind is Kind.OBJECT
    assert mappings.writable
    assert mappings.functional_keys == (("RemoteHost", "ExternalPort", "Protocol"),)
    assert mappings.entries_parameter == "PortMappingNumberOfEntries"
    assert servers is not None
    assert servers.syntax is not None
    assert servers.syntax.list is not None
    assert servers.syntax.list.items == Size(None, 4)
    assert servers.patterns[0] == ""


def test_a_command_has_arguments_and_results_and_only_usp_has_it() -> None:
    ping = catalogue("tr181-usp").find("Device.IP.Diagnostics.IPPing()")

    assert ping is not None
    assert ping.kind is Kind.COMMAND
    assert ping.asynchronous
    host = next(each for each in ping.arguments if each.name == "Host")
    assert host.mandatory
    assert "AverageResponseTime" in {each.name for each in ping.results}
    assert catalogue("tr181-cwmp").find("Device.IP.Diagnostics.IPPing()") is None


def test_the_two_protocols_differ_where_the_standard_says_so() -> None:
    alias = "Device.WiFi.Radio.1.Alias"
    cwmp, usp = catalogue("tr181-cwmp").find(alias), catalogue("tr181-usp").find(alias)

    assert cwmp is not None
    assert usp is not None
    assert cwmp.access is Access.READ_WRITE
    assert usp.access is Access.WRITE_ONCE
    assert (cwmp.since, usp.since) == ("2.0", "2.12")


def test_what_was_deleted_from_the_standard_is_still_known() -> None:
    entry = catalogue().find("Device.Time.NTPServer1")

    assert entry is not None
    assert entry.status == "deleted"
    assert entry.writable


@pytest.mark.parametrize(
    "path",
    [
        "Device.WiFi.Radio.0.Channel",
        "Device.WiFi.Radio.01.Channel",
        "Device.WiFi.Radio.*.Channel",
        "Device.WiFi.Radio.1.Chanel",
        "Device.WiFi.Radio.1",
        "Device.X_ACME_Thing.Enable",
        "InternetGatewayDevice.DeviceInfo.SerialNumber",
        "",
    ],
)
def test_a_path_that_the_standard_has_not_is_not_found(path: str) -> None:
    assert catalogue().find(path) is None
    assert path not in catalogue()


def test_instance_numbers_become_placeholders() -> None:
    assert template_of("Device.IP.Interface.12.IPv4Address.3.") == (
        "Device.IP.Interface.{i}.IPv4Address.{i}."
    )


def test_paths_from_devices_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brain.datamodel.catalogue._MEMORY", 10)
    book = catalogue("tr098")

    for number in range(1, 200):
        book.find(f"InternetGatewayDevice.X_ACME.{number}.Thing")

    assert len(book._seen) <= 12


def test_what_was_looked_up_is_remembered() -> None:
    book = catalogue("tr098")
    path = "InternetGatewayDevice.DeviceInfo.UpTime"
    book.find(path)

    book.find("InternetGatewayDevice.DeviceInfo.SerialNumber")

    assert path in book._seen


def test_each_protocol_has_its_model() -> None:
    assert {protocol: model_of(protocol) for protocol in Protocol} == {
        Protocol.CWMP: "tr181-cwmp",
        Protocol.USP: "tr181-usp",
    }


def test_an_unknown_model_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match="tr181-usp") as refusal:
        catalogue("tr069")

    assert refusal.value.field == "model"


def test_a_known_path_is_found_in_about_a_microsecond() -> None:
    book = catalogue()
    path = "Device.WiFi.Radio.2.Channel"
    book.find(path)

    best = min(_seconds_of_a_thousand(book.find, path) for _ in range(5))

    assert best / 1000 < 5e-6


def _seconds_of_a_thousand(find: object, path: str) -> float:
    assert callable(find)
    start = perf_counter()
    for _ in range(1000):
        find(path)
    return perf_counter() - start
