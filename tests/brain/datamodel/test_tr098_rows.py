"""Rows of a TR-098 device come and go where a row is a row in both models, and nowhere else."""

from typing import Any

import pytest

from brain.datamodel.tr098 import Translator
from brain.domain.change import AddObject, DeleteObject
from brain.domain.errors import InvalidValue
from brain.domain.parameter import ParameterPath

Native = Any  # the dataclass of conftest, which cannot be imported

ROOT = "InternetGatewayDevice."
WAN = ROOT + "WANDevice.1.WANConnectionDevice.1."
IP, PPP = WAN + "WANIPConnection.1.", WAN + "WANPPPConnection.1."
LAN = ROOT + "LANDevice.1.LANHostConfigManagement."
MAPPINGS, ROUTES = "Device.NAT.PortMapping.", "Device.Routing.Router.1.IPv4Forwarding."
BOTH = {IP + "PortMappingNumberOfEntries": "0", PPP + "PortMappingNumberOfEntries": "0"}


def added(values: dict[str, str], table: str, **row: str) -> tuple[str, dict[str, tuple[str, str]]]:
    change = AddObject(path=ParameterPath(table), values=tuple(row.items()))
    native, sets = Translator(values).native_row(change)
    return native, {leaf: (kind, text) for leaf, kind, text in sets}


def refused(values: dict[str, str], table: str, **row: str) -> InvalidValue:
    with pytest.raises(InvalidValue) as caught:
        added(values, table, **row)
    assert caught.value.rule == "not_mapped"
    return caught.value


@pytest.mark.parametrize(
    ("interface", "connection"),
    [("Device.IP.Interface.2", IP), ("Device.IP.Interface.3.", PPP)],
)
def test_a_mapping_is_added_to_the_connection_that_its_interface_names(
    interface: str, connection: str
) -> None:
    native, sets = added(BOTH, MAPPINGS, Interface=interface, Enable="true", Protocol="UDP")

    assert native == connection + "PortMapping."
    assert sets == {
        "PortMappingEnabled": ("xsd:boolean", "true"),
        "PortMappingProtocol": ("xsd:string", "UDP"),
    }


@pytest.mark.parametrize("row", [{}, {"Interface": ""}, {"Interface": "Device.IP.Interface.7"}])
def test_a_mapping_of_no_connection_is_refused(row: dict[str, str]) -> None:
    assert "Interface names none of them" in refused(BOTH, MAPPINGS, **row).message


def test_a_new_row_has_the_types_that_the_device_gives_its_rows() -> None:
    values = BOTH | {IP + "PortMapping.4.PortMappingEnabled": "0"}
    kinds = {IP + "PortMapping.4.PortMappingEnabled": "unsignedInt"}
    change = AddObject(
        path=ParameterPath(MAPPINGS),
        values=(("Interface", "Device.IP.Interface.2"), ("Enable", "true")),
    )

    _, sets = Translator(values, types=kinds).native_row(change)

    assert sets == (("PortMappingEnabled", "xsd:unsignedInt", "1"),)


def test_a_value_that_tr098_does_not_allow_is_refused_before_a_row_is_there() -> None:
    with pytest.raises(InvalidValue) as caught:
        added(BOTH, MAPPINGS, Interface="Device.IP.Interface.2", Protocol="SCTP")

    assert caught.value.rule == "enumeration"


def test_a_route_is_added_over_the_connection_it_names() -> None:
    values = {ROOT + "Layer3Forwarding.ForwardNumberOfEntries": "0", IP + "Enable": "1"}

    native, sets = added(
        values, ROUTES, DestIPAddress="198.51.100.0", Interface="Device.IP.Interface.2"
    )

    assert native == ROOT + "Layer3Forwarding.Forwarding."
    assert sets["Interface"] == ("xsd:string", IP.rstrip("."))
    assert "new row" in refused(values, ROUTES, Interface="Device.IP.Interface.9").message


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("Device.WiFi.SSID.", "no row of its own"),
        ("Device.WiFi.AccessPoint.", "no row of its own"),
        ("Device.PPP.Interface.", "no row of its own"),
        ("Device.DNS.Client.Server.", "no row of its own"),
        (ROUTES, "has not shown"),
        ("Device.QoS.Queue.", "no counterpart"),
    ],
)
def test_a_table_of_no_such_rows_takes_none(gateway: Native, table: str, why: str) -> None:
    assert why in refused(gateway.values, table).message


def test_a_row_that_the_device_alone_adds_is_not_added(gateway: Native) -> None:
    refusal = refused(gateway.values, "Device.Hosts.Host.", PhysAddress="02:00:00:00:00:01")

    assert refusal.field == "Device.Hosts.Host."


def test_a_reserved_address_is_deleted_by_its_native_row() -> None:
    row = LAN + "DHCPStaticAddress.3."
    translator = Translator({row + "Chaddr": "02:00:00:00:00:01", row + "Enable": "1"})
    path = ParameterPath("Device.DHCPv4.Server.Pool.1.StaticAddress.3.")

    assert translator.native_deletion(DeleteObject(path=path)) == row


@pytest.mark.parametrize(
    "row",
    [
        MAPPINGS + "1.",
        "Device.WiFi.SSID.1.",
        "Device.IP.Interface.2.",
        "Device.Hosts.Host.1.",
        "Device.DNS.Client.Server.1.",
        ROUTES + "90000.",
    ],
)
def test_what_is_no_row_is_not_deleted(gateway: Native, row: str) -> None:
    service = {ROOT + "Layer3Forwarding.DefaultConnectionService": IP.rstrip(".")}
    translator = Translator(gateway.values | service)

    with pytest.raises(InvalidValue) as caught:
        translator.native_deletion(DeleteObject(path=ParameterPath(row)))

    assert caught.value.rule == "not_mapped"


def test_an_empty_table_is_asked_for_so_that_a_row_shows_itself() -> None:
    paths = [ParameterPath(MAPPINGS)]

    asked = Translator(BOTH).native_paths(paths)

    assert asked == (IP + "PortMapping.", PPP + "PortMapping.")
    assert Translator(BOTH).whole(paths, asked) == (MAPPINGS,)
    assert Translator(BOTH).whole(paths, asked[:1]) == ()


def test_a_row_that_went_is_forgotten_once_its_table_was_asked_for() -> None:
    row = IP + "PortMapping.2."
    translator = Translator(BOTH | {row + "ExternalPort": "80"})
    path = MAPPINGS + "2.ExternalPort"
    assert translator.cannot_map(path) == ""

    translator.to_tr181({IP + "Enable": "1"})
    assert translator.cannot_map(path) == ""
    said = translator.to_tr181({}, asked=[IP + "PortMapping."])

    assert said == {}
    assert translator.cannot_map(path)
