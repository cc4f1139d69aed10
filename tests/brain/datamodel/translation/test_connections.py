"""WAN connections and interfaces: layers, addresses, resolvers, words that differ."""

from collections.abc import Callable
from typing import Any

import pytest

from brain.datamodel.tr098 import Translator
from brain.domain.change import SetParameter
from brain.domain.errors import InvalidValue
from brain.domain.parameter import ParameterPath

Wish = Callable[..., SetParameter]

ROOT = "InternetGatewayDevice."
WAN = ROOT + "WANDevice.1.WANConnectionDevice."
IP = WAN + "1.WANIPConnection.1."
PPP = WAN + "1.WANPPPConnection.1."


def said_of(values: dict[str, str], path: str) -> str | None:
    return Translator(values).to_tr181(values).get(ParameterPath(path))


def set_to(values: dict[str, str], change: SetParameter) -> str:
    ((_, _, text),) = Translator(values).native_sets([change])
    return text


def test_a_ppp_connection_is_a_session_below_an_ip_interface() -> None:
    values = {PPP + "Enable": "1", PPP + "ExternalIPAddress": "192.0.2.9"}

    said = Translator(values).to_tr181(values)

    assert said == {
        "Device.PPP.Interface.1.Enable": "true",
        "Device.IP.Interface.3.Enable": "true",
        "Device.IP.Interface.3.LowerLayers": "Device.PPP.Interface.1",
        "Device.PPP.Interface.1.IPCP.LocalIPAddress": "192.0.2.9",
        "Device.IP.Interface.3.IPv4Address.1.IPAddress": "192.0.2.9",
    }


def test_connections_of_either_kind_have_interfaces_of_their_own() -> None:
    values = {
        IP + "Enable": "1",
        PPP + "Enable": "0",
        WAN + "2.WANIPConnection.1.Enable": "1",
        ROOT + "LANDevice.1.LANHostConfigManagement.IPInterface.1.IPInterfaceIPAddress": "10.0.0.1",
    }

    said = Translator(values).to_tr181(values)

    interfaces = {path.split(".")[3] for path in said if path.startswith("Device.IP.Interface.")}
    assert len(interfaces) == 4


@pytest.mark.parametrize(
    ("status", "shown", "leased"),
    [
        ("Connected", "Up", "Bound"),
        ("Connecting", "Dormant", None),
        ("Disconnected", "Down", None),
        ("Unconfigured", "Down", None),
        ("Disconneting", None, None),
    ],
)
def test_a_status_is_told_where_tr181_has_a_word_for_it(
    status: str, shown: str | None, leased: str | None
) -> None:
    values = {IP + "ConnectionStatus": status, IP + "AddressingType": "DHCP"}

    assert said_of(values, "Device.IP.Interface.2.Status") == shown
    assert said_of(values, "Device.DHCPv4.Client.1.DHCPStatus") == leased


def test_time_counts_only_while_the_connection_is_up() -> None:
    up = {IP + "Uptime": "60", IP + "ConnectionStatus": "Connected"}
    down = up | {IP + "ConnectionStatus": "Disconnected"}

    assert said_of(up, "Device.IP.Interface.2.LastChange") == "60"
    assert said_of(down, "Device.IP.Interface.2.LastChange") is None


def test_an_address_can_be_set_where_it_is_not_learned(gateway: Any, wish: Wish) -> None:
    path = "Device.IP.Interface.2.IPv4Address.1.IPAddress"
    static = gateway.saying(WANIPConnection__1__AddressingType="Static")

    assert set_to(static, wish(path, "192.0.2.77")) == "192.0.2.77"
    assert Translator(static).writable(gateway.writable)[ParameterPath(path)]
    with pytest.raises(InvalidValue, match="only reports"):
        set_to(gateway.values, wish(path, "192.0.2.77"))
    assert "Device.DHCPv4.Client.1.IPRouters" not in Translator(static).to_tr181(static)


@pytest.mark.parametrize(
    ("addressing", "override", "kind"),
    [("Static", "true", "Static"), ("DHCP", "false", "Static"), ("DHCP", "true", None)],
)
def test_resolvers_are_static_only_when_nothing_may_replace_them(
    gateway: Any, addressing: str, override: str, kind: str | None
) -> None:
    values = gateway.saying(
        WANIPConnection__1__AddressingType=addressing, DNSOverrideAllowed=override
    )

    assert said_of(values, "Device.DNS.Client.Server.1.Type") == kind


@pytest.mark.parametrize("value", ["", "192.0.2.1,192.0.2.2"])
def test_a_resolver_is_one_address(gateway: Any, wish: Wish, value: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        set_to(gateway.values, wish("Device.DNS.Client.Server.1.DNSServer", value))

    assert caught.value.rule == "not_mapped"


def test_resolvers_that_are_gone_have_no_rows(gateway: Any) -> None:
    translator = Translator(gateway.values)

    said = translator.to_tr181({IP + "DNSServers": "192.0.2.53"})

    assert said[ParameterPath("Device.DNS.Client.Server.1.DNSServer")] == "192.0.2.53"
    assert not [path for path in said if "Server.2." in path]
    assert translator.cannot_map("Device.DNS.Client.Server.2.DNSServer")


@pytest.mark.parametrize("kind", ["Ethernet", "DSL"])
def test_the_uplink_is_in_the_table_of_its_kind(kind: str) -> None:
    common = ROOT + "WANDevice.1.WANCommonInterfaceConfig."
    values = {
        common + "WANAccessType": kind,
        common + "PhysicalLinkStatus": "Initializing",
        common + "TotalBytesSent": "5",
    }
    table = {"Ethernet": "Device.Ethernet.Interface.90001.", "DSL": "Device.DSL.Line.1."}[kind]

    said = Translator(values).to_tr181(values)

    assert said == {table + "Status": "Dormant", table + "Stats.BytesSent": "5"}


@pytest.mark.parametrize(
    ("native", "text", "path", "value"),
    [
        (
            "WANDevice.1.WANEthernetInterfaceConfig.MaxBitRate",
            "Auto",
            "Device.Ethernet.Interface.90001.MaxBitRate",
            "-1",
        ),
        (
            "LANDevice.1.LANEthernetInterfaceConfig.3.MaxBitRate",
            "1000",
            "Device.Ethernet.Interface.3.MaxBitRate",
            "1000",
        ),
        (
            "WANDevice.1.WANConnectionDevice.2.WANDSLLinkConfig.DestinationAddress",
            "PVC: 8/35",
            "Device.ATM.Link.2.DestinationAddress",
            "8/35",
        ),
        (
            "WANDevice.1.WANConnectionDevice.1.WANDSLLinkConfig.LinkType",
            "EoA",
            "Device.ATM.Link.1.LinkType",
            "EoA",
        ),
        (
            "DownloadDiagnostics.DiagnosticsState",
            "Requested",
            "Device.IP.Diagnostics.DownloadDiagnostics.DiagnosticsState",
            "Requested",
        ),
    ],
)
def test_words_that_differ_go_both_ways(
    wish: Wish, native: str, text: str, path: str, value: str
) -> None:
    values = {ROOT + native: text}

    assert said_of(values, path) == value
    assert set_to(values, wish(path, value)) == text


@pytest.mark.parametrize(
    ("native", "text", "path", "value"),
    [
        ("DownloadDiagnostics.DiagnosticsState", "Completed", "DownloadDiagnostics", "Complete"),
        (
            "UploadDiagnostics.DiagnosticsState",
            "Error_Timeout",
            "UploadDiagnostics",
            "Error_Timeout",
        ),
    ],
)
def test_a_finished_test_is_told_in_the_words_of_tr181(
    native: str, text: str, path: str, value: str
) -> None:
    assert said_of({ROOT + native: text}, f"Device.IP.Diagnostics.{path}.DiagnosticsState") == value


def test_a_rate_is_told_in_kilobits_when_it_is_a_number() -> None:
    row = ROOT + "LANDevice.1.WLANConfiguration.1.AssociatedDevice.4."
    path = "Device.WiFi.AccessPoint.1.AssociatedDevice.4.LastDataDownlinkRate"

    assert said_of({row + "LastDataTransmitRate": "54"}, path) == "54000"
    assert said_of({row + "LastDataTransmitRate": "fast"}, path) is None


def test_hosts_of_every_lan_are_counted() -> None:
    values = {
        ROOT + "LANDevice.1.Hosts.HostNumberOfEntries": "2",
        ROOT + "LANDevice.2.Hosts.HostNumberOfEntries": "3",
    }

    assert said_of(values, "Device.Hosts.HostNumberOfEntries") == "5"
    strange = values | {ROOT + "LANDevice.2.Hosts.HostNumberOfEntries": "many"}
    assert said_of(strange, "Device.Hosts.HostNumberOfEntries") is None


def test_a_wired_host_is_on_its_port() -> None:
    host = ROOT + "LANDevice.1.Hosts.Host.7."
    port = ROOT + "LANDevice.1.LANEthernetInterfaceConfig.3"
    values = {host + "Layer2Interface": port, host + "MACAddress": "02:00:00:00:00:01"}

    said = Translator(values).to_tr181(values)

    assert (
        said[ParameterPath("Device.Hosts.Host.7.Layer1Interface")] == "Device.Ethernet.Interface.3"
    )
    assert "Device.Hosts.Host.7.AssociatedDevice" not in said


@pytest.mark.parametrize("turned", [False, True])
def test_an_address_is_typed_in_as_dhcp_is_switched_off(
    gateway: Any, wish: Wish, turned: bool
) -> None:
    changes = [
        wish("Device.DHCPv4.Client.1.Enable", "false"),
        wish("Device.IP.Interface.2.IPv4Address.1.IPAddress", "192.0.2.77"),
    ]

    sets = Translator(gateway.values).native_sets(changes[::-1] if turned else changes)

    assert {native: text for native, _, text in sets} == {
        IP + "AddressingType": "Static",
        IP + "ExternalIPAddress": "192.0.2.77",
    }


def test_dhcp_is_not_switched_off_where_nothing_would_be_left(gateway: Any, wish: Wish) -> None:
    bare = gateway.saying(WANIPConnection__1__DefaultGateway="")

    with pytest.raises(InvalidValue, match="cannot be said"):
        set_to(bare, wish("Device.DHCPv4.Client.1.Enable", "false"))
    assert set_to(bare, wish("Device.DHCPv4.Client.1.Enable", "true")) == "DHCP"
