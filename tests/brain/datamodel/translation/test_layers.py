"""Routes, layers and rows that are joined by a key: what TR-181 tells and TR-098 implies."""

from collections.abc import Callable

import pytest

from brain.datamodel.tr098 import Translator
from brain.domain.change import SetParameter
from brain.domain.errors import InvalidValue
from brain.domain.parameter import ParameterPath

Wish = Callable[..., SetParameter]

ROOT = "InternetGatewayDevice."
WAN = ROOT + "WANDevice.1.WANConnectionDevice.1."
IP = WAN + "WANIPConnection.1."
PPP = WAN + "WANPPPConnection.1."
ROUTES = ROOT + "Layer3Forwarding."
TABLE = "Device.Routing.Router.1.IPv4Forwarding."


def read(values: dict[str, str]) -> dict[ParameterPath, str]:
    return Translator(values).to_tr181(values)


def test_the_default_route_is_a_row_of_its_own_where_the_device_has_none_for_it() -> None:
    values = {
        ROUTES + "DefaultConnectionService": IP.rstrip("."),
        ROUTES + "ForwardNumberOfEntries": "0",
        IP + "AddressingType": "Static",
        IP + "DefaultGateway": "192.0.2.1",
    }

    said = read(values)

    assert {path: text for path, text in said.items() if path.startswith("Device.Routing.")} == {
        TABLE + "90000.Interface": "Device.IP.Interface.2",
        TABLE + "90000.DestIPAddress": "",
        TABLE + "90000.DestSubnetMask": "",
        TABLE + "90000.GatewayIPAddress": "192.0.2.1",
        "Device.Routing.Router.1.IPv4ForwardingNumberOfEntries": "1",
    }


def test_the_default_route_is_the_devices_own_row_where_it_has_one() -> None:
    row = ROUTES + "Forwarding.3."
    values = {
        ROUTES + "DefaultConnectionService": IP.rstrip("."),
        ROUTES + "ForwardNumberOfEntries": "1",
        row + "DestIPAddress": "0.0.0.0",
        row + "GatewayIPAddress": "192.0.2.7",
        IP + "AddressingType": "Static",
        IP + "DefaultGateway": "192.0.2.1",
    }

    said = read(values)

    assert said[ParameterPath(TABLE + "3.Interface")] == "Device.IP.Interface.2"
    assert said[ParameterPath(TABLE + "3.GatewayIPAddress")] == "192.0.2.7"
    assert said[ParameterPath("Device.Routing.Router.1.IPv4ForwardingNumberOfEntries")] == "1"
    assert not [path for path in said if ".90000." in path]


def test_no_default_connection_is_no_default_route() -> None:
    assert read({ROUTES + "DefaultConnectionService": "", IP + "Enable": "1"}).keys() == {
        "Device.IP.Interface.2.Enable"
    }


def test_the_gateway_of_a_connection_that_is_not_the_default_one_is_no_default_route() -> None:
    values = {
        ROUTES + "DefaultConnectionService": PPP.rstrip("."),
        PPP + "Enable": "1",
        IP + "AddressingType": "Static",
        IP + "DefaultGateway": "192.0.2.1",
    }

    assert TABLE + "90000.GatewayIPAddress" not in read(values)


@pytest.mark.parametrize(
    ("override", "status", "learned"),
    [
        ("1", "Connected", True),
        ("true", "Connected", True),
        ("0", "Connected", False),
        ("1", "Disconnected", False),
    ],
)
def test_resolvers_are_learned_while_connected_unless_ours_stay(
    override: str, status: str, learned: bool
) -> None:
    values = {
        PPP + "DNSServers": "192.0.2.53",
        PPP + "DNSOverrideAllowed": override,
        PPP + "ConnectionStatus": status,
    }

    assert ("Device.PPP.Interface.1.IPCP.DNSServers" in read(values)) is learned


def test_resolvers_that_were_typed_in_are_not_those_of_dhcp() -> None:
    values = {
        IP + "DNSServers": "192.0.2.53",
        IP + "DNSOverrideAllowed": "1",
        IP + "ConnectionStatus": "Connected",
    }
    path = "Device.DHCPv4.Client.1.DNSServers"

    assert read(values | {IP + "AddressingType": "DHCP"})[ParameterPath(path)] == "192.0.2.53"
    assert path not in read(values | {IP + "AddressingType": "Static"})


@pytest.mark.parametrize(
    ("transport", "below"),
    [("PPPoE", "Device.Ethernet.Link.2"), ("PPPoA", "Device.ATM.Link.1"), ("L2TP", None)],
)
def test_what_ppp_runs_over_is_told_by_its_transport(transport: str, below: str | None) -> None:
    values = {PPP + "TransportType": transport, PPP + "MACAddress": "02:00:00:00:00:01"}

    assert read(values).get(ParameterPath("Device.PPP.Interface.1.LowerLayers")) == below


def test_ppp_over_ethernet_without_an_address_has_no_link_to_name() -> None:
    assert read({PPP + "TransportType": "PPPoE"}) == {}


def test_a_bridged_connection_has_no_ip_interface() -> None:
    values = {PPP + "Enable": "1", PPP + "ConnectionType": "PPPoE_Bridged"}

    assert read(values) == {"Device.PPP.Interface.1.Enable": "true"}


def test_the_firmware_of_the_modem_is_that_of_the_only_line() -> None:
    access = "WANCommonInterfaceConfig.WANAccessType"
    values = {
        ROOT + "DeviceInfo.ModemFirmwareVersion": "5.1",
        ROOT + f"WANDevice.1.{access}": "Ethernet",
        ROOT + f"WANDevice.3.{access}": "DSL",
    }

    assert read(values) == {"Device.DSL.Line.3.FirmwareVersion": "5.1"}
    assert read(values | {ROOT + f"WANDevice.1.{access}": "DSL"}) == {}


def test_the_address_of_a_wireless_client_joins_its_host_by_the_mac_address() -> None:
    station = ROOT + "LANDevice.1.WLANConfiguration.1.AssociatedDevice.4.AssociatedDevice"
    host = ROOT + "LANDevice.1.Hosts.Host.9."
    values = {
        station + "MACAddress": "02:00:00:00:00:AA",
        station + "IPAddress": "192.0.2.4",
        host + "MACAddress": "02:00:00:00:00:aa",
    }
    path = ParameterPath("Device.Hosts.Host.9.IPAddress")

    assert read(values)[path] == "192.0.2.4"
    assert read(values | {host + "IPAddress": "192.0.2.5"})[path] == "192.0.2.5"
    assert path not in read(values | {host + "MACAddress": "02:00:00:00:00:bb"})


def test_mappings_of_ip_and_ppp_connections_are_one_table_and_share_no_number() -> None:
    values = {
        IP + "PortMapping.1.ExternalPort": "80",
        PPP + "PortMapping.1.ExternalPort": "443",
        PPP + "PortMapping.1.PortMappingEnabled": "1",
        IP + "PortMappingNumberOfEntries": "1",
        PPP + "PortMappingNumberOfEntries": "1",
    }

    said = read(values)

    assert said[ParameterPath("Device.NAT.PortMapping.1.ExternalPort")] == "80"
    assert said[ParameterPath("Device.NAT.PortMapping.100001.ExternalPort")] == "443"
    assert said[ParameterPath("Device.NAT.PortMapping.100001.Interface")] == "Device.IP.Interface.3"
    assert said[ParameterPath("Device.NAT.PortMappingNumberOfEntries")] == "2"


def test_one_server_of_several_lans_is_not_switched_as_if_it_were_all(wish: Wish) -> None:
    switch = "LANHostConfigManagement.DHCPServerEnable"
    values = {ROOT + f"LANDevice.{lan}.{switch}": on for lan, on in ((1, "0"), (2, "1"))}
    path = ParameterPath("Device.DHCPv4.Server.Enable")

    assert read(values)[path] == "true"
    with pytest.raises(InvalidValue, match="only reports"):
        Translator(values).native_sets([wish(path, "false")])
