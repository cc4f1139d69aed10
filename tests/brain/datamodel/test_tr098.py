"""A TR-098 device is read, asked and written as if it spoke TR-181."""

from collections.abc import Callable
from typing import Any

import pytest

from brain.datamodel.catalogue import catalogue
from brain.datamodel.tr098 import Translator
from brain.datamodel.validation import validate
from brain.domain.change import SetParameter
from brain.domain.errors import InvalidValue
from brain.domain.parameter import ParameterPath, Snapshot

Wish = Callable[..., SetParameter]
Native = Any  # the dataclass of conftest, which cannot be imported

ROOT = "InternetGatewayDevice."
WLAN = ROOT + "LANDevice.1.WLANConfiguration.1."
WAN = ROOT + "WANDevice.1.WANConnectionDevice.1.WANIPConnection.1."


def refused(translator: Translator, *changes: SetParameter) -> InvalidValue:
    with pytest.raises(InvalidValue) as caught:
        translator.native_sets(changes)
    return caught.value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("Device.DeviceInfo.SoftwareVersion", "V100R001C56B017"),
        ("Device.ManagementServer.PeriodicInformInterval", "300"),
        ("Device.WiFi.Radio.1.Channel", "6"),
        ("Device.WiFi.Radio.1.OperatingStandards", "b,g,n"),
        ("Device.WiFi.Radio.1.OperatingFrequencyBand", "2.4GHz"),
        ("Device.WiFi.SSID.1.SSID", "home"),
        ("Device.WiFi.SSID.1.Status", "Up"),
        ("Device.WiFi.SSID.1.LowerLayers", "Device.WiFi.Radio.1"),
        ("Device.WiFi.AccessPoint.1.Status", "Enabled"),
        ("Device.WiFi.AccessPoint.1.SSIDReference", "Device.WiFi.SSID.1"),
        ("Device.WiFi.AccessPoint.1.Security.ModeEnabled", "WPA-WPA2-Personal"),
        ("Device.WiFi.AccessPoint.1.Security.EncryptionMode", "AES"),
        ("Device.WiFi.AccessPoint.1.Security.KeyPassphrase", ""),
        ("Device.WiFi.AccessPoint.1.AssociatedDevice.2.MACAddress", "02:00:00:00:00:12"),
        ("Device.IP.Interface.1.IPv4Address.1.IPAddress", "192.168.1.1"),
        ("Device.IP.Interface.2.IPv4Address.1.IPAddress", "192.0.2.9"),
        ("Device.IP.Interface.2.Status", "Up"),
        ("Device.IP.Interface.2.LastChange", "62703"),
        ("Device.DHCPv4.Client.1.Enable", "true"),
        ("Device.DHCPv4.Client.1.DHCPStatus", "Bound"),
        ("Device.DHCPv4.Client.1.IPRouters", "192.0.2.1"),
        ("Device.DHCPv4.Client.1.Interface", "Device.IP.Interface.2"),
        ("Device.DNS.Client.Server.1.DNSServer", "192.0.2.53"),
        ("Device.DNS.Client.Server.2.DNSServer", "192.0.2.54"),
        ("Device.DNS.Client.Server.2.Interface", "Device.IP.Interface.2"),
        ("Device.DHCPv4.Server.Pool.1.LeaseTime", "86400"),
        ("Device.NAT.InterfaceSetting.1.Enable", "true"),
        ("Device.Ethernet.Interface.2.Status", "Down"),
        ("Device.Hosts.HostNumberOfEntries", "2"),
        ("Device.Hosts.Host.2.PhysAddress", "02:00:00:00:00:12"),
        ("Device.Hosts.Host.2.Layer1Interface", "Device.WiFi.Radio.1"),
        ("Device.Hosts.Host.2.AssociatedDevice", "Device.WiFi.AccessPoint.1.AssociatedDevice.2"),
        ("Device.Time.CurrentLocalTime", "2026-01-01T00:00:00Z"),
    ],
)
def test_what_the_device_says_is_read_under_the_names_of_tr181(
    gateway: Native, path: str, value: str
) -> None:
    assert Translator(gateway.values).to_tr181(gateway.values)[ParameterPath(path)] == value


def test_what_tr181_has_no_place_for_or_nobody_said_is_left_out(gateway: Native) -> None:
    said = Translator(gateway.values).to_tr181(gateway.values | {ROOT + "X_ACME.Colour": "red"})

    assert not [path for path in said if "X_" in path or "InternetGateway" in path]
    # The type of an address that may have been learned, a rate of "Auto", the kind of WAN.
    assert "Device.DNS.Client.Server.1.Type" not in said
    assert "Device.WiFi.Radio.1.MaxBitRate" not in said
    assert not [path for path in said if path.startswith("Device.DSL.")]


def test_only_what_was_just_heard_is_said_again(gateway: Native) -> None:
    translator = Translator(gateway.values)

    said = translator.to_tr181({WLAN + "Channel": "11"})

    assert said == {
        "Device.WiFi.Radio.1.Channel": "11",
        "Device.WiFi.Radio.1.OperatingFrequencyBand": "2.4GHz",
    }


def test_every_path_that_is_read_is_one_of_tr181_or_of_a_service(gateway: Native) -> None:
    said = Translator(gateway.values).to_tr181(gateway.values)

    assert len(said) > 100
    assert [path for path in said if path not in catalogue()] == []


def test_a_secret_is_neither_read_nor_remembered(gateway: Native) -> None:
    native = WLAN + "PreSharedKey.1.PreSharedKey"
    translator = Translator(gateway.values | {native: "correct horse"})

    said = translator.to_tr181({native: "battery staple"})

    assert said == {"Device.WiFi.AccessPoint.1.Security.KeyPassphrase": ""}
    assert "horse" not in repr(vars(translator))
    assert "staple" not in repr(vars(translator))


def test_the_devices_own_flags_say_what_may_be_written(gateway: Native) -> None:
    flags = Translator(gateway.values).writable(gateway.writable)

    assert flags[ParameterPath("Device.WiFi.Radio.1.Channel")]
    assert flags[ParameterPath("Device.DNS.Client.Server.2.DNSServer")]
    assert not flags[ParameterPath("Device.DeviceInfo.SerialNumber")]
    assert not flags[ParameterPath("Device.Ethernet.Link.1.MACAddress")]
    # Writable in the device, but not in the sense of TR-181: reported, or learned by DHCP.
    assert not flags[ParameterPath("Device.IP.Interface.2.IPv4Address.1.IPAddress")]
    assert not flags[ParameterPath("Device.WiFi.Radio.1.OperatingStandards")]
    assert "Device.WiFi.Radio.1.Enable" not in flags


def test_names_alone_are_enough_to_tell_what_may_be_written(gateway: Native) -> None:
    flags = Translator({}).writable(gateway.writable)

    assert flags[ParameterPath("Device.WiFi.Radio.1.Channel")]


@pytest.mark.parametrize(
    ("asked", "native"),
    [
        (["Device.WiFi.Radio.1.Channel"], [WLAN + "AutoChannelEnable", WLAN + "Channel"]),
        (["Device.WiFi.SSID.1.SSID"], [WLAN + "SSID"]),
        (["Device.WiFi.Radio."], [ROOT + "LANDevice.1.WLANConfiguration."]),
        (
            ["Device.Hosts."],
            [
                ROOT + "LANDevice.1.Hosts.Host.",
                ROOT + "LANDevice.1.Hosts.HostNumberOfEntries",
            ],
        ),
        (
            ["Device.DNS.Client.", "Device.DNS.Client.Server.1.DNSServer"],
            [ROOT + "WANDevice.1.WANConnectionDevice.1.WANIPConnection."],
        ),
        (["Device.WiFi.Radio.1.PossibleChannels"], []),
        (["Device.Optical.Interface."], []),
        (["Device.DSL.Line.1."], []),
    ],
)
def test_what_to_ask_the_device_for(gateway: Native, asked: list[str], native: list[str]) -> None:
    paths = [ParameterPath(path) for path in asked]

    assert list(Translator(gateway.values).native_paths(paths)) == native


def test_a_device_that_said_nothing_yet_is_asked_for_whole_parts() -> None:
    paths = [ParameterPath("Device.WiFi.Radio."), ParameterPath("Device.Time.NTPServer1")]

    assert Translator({}).native_paths(paths) == (ROOT + "LANDevice.", ROOT + "Time.")


def test_what_is_asked_for_is_enough_to_say_it_again(gateway: Native) -> None:
    whole = Translator(gateway.values).to_tr181(gateway.values)
    for path, value in whole.items():
        translator = Translator(gateway.values)

        native = translator.native_paths([path])
        said = translator.to_tr181(
            {
                name: text
                for name, text in gateway.values.items()
                if name in native or name.startswith(tuple(n for n in native if n.endswith(".")))
            }
        )

        assert said[path] == value, path


def test_a_set_names_the_native_path_type_and_value(gateway: Native, wish: Wish) -> None:
    change = wish("Device.ManagementServer.PeriodicInformInterval", "600")

    assert Translator(gateway.values).native_sets([change]) == (
        (ROOT + "ManagementServer.PeriodicInformInterval", "xsd:unsignedInt", "600"),
    )


def test_a_device_that_uses_another_type_gets_its_own(gateway: Native, wish: Wish) -> None:
    translator = Translator(gateway.values, types=gateway.types)
    changes = [
        wish("Device.NAT.InterfaceSetting.1.Enable", "false"),
        wish("Device.WiFi.Radio.1.Channel", "1"),
    ]

    assert translator.native_sets(changes) == (
        (WAN + "NATEnabled", "xsd:unsignedInt", "0"),
        (WLAN + "AutoChannelEnable", "xsd:boolean", "false"),
        (WLAN + "Channel", "xsd:int", "1"),
    )


def test_one_resolver_is_replaced_and_the_others_stay(gateway: Native, wish: Wish) -> None:
    second = wish("Device.DNS.Client.Server.2.DNSServer", "203.0.113.7")
    first = wish("Device.DNS.Client.Server.1.DNSServer", "203.0.113.8")

    translator = Translator(gateway.values)

    assert translator.native_sets([second]) == (
        (WAN + "DNSServers", "xsd:string", "192.0.2.53,203.0.113.7"),
    )
    assert translator.native_sets([second, first]) == (
        (WAN + "DNSServers", "xsd:string", "203.0.113.8,203.0.113.7"),
    )


def test_a_list_is_completed_from_what_was_heard_last(gateway: Native, wish: Wish) -> None:
    translator = Translator(gateway.values)
    translator.to_tr181({WAN + "DNSServers": "203.0.113.1,203.0.113.2"})

    sets = translator.native_sets([wish("Device.DNS.Client.Server.2.DNSServer", "203.0.113.7")])

    assert sets[0][2] == "203.0.113.1,203.0.113.7"


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("Device.Optical.Interface.1.Enable", "true", "TR-098 has no counterpart"),
        ("Device.WiFi.Radio.1.TransmitPower", "50", "this device has nothing"),
        ("Device.WiFi.Radio.7.Channel", "1", "this device has nothing"),
        ("Device.WiFi.Radio.1.OperatingStandards", "n", "only reports"),
        ("Device.IP.Interface.2.IPv4Address.1.IPAddress", "192.0.2.10", "only reports"),
        ("Device.DNS.Client.Server.3.DNSServer", "203.0.113.7", "this device has nothing"),
        ("Device.WiFi.AccessPoint.1.Security.ModeEnabled", "WPA3-Personal", "cannot be said"),
        (
            "Device.WiFi.AccessPoint.1.Security.SAEPassphrase",
            "correct horse",
            "TR-098 has no word for WPA3",
        ),
    ],
)
def test_what_cannot_be_said_in_tr098_is_refused(
    gateway: Native, wish: Wish, path: str, value: str, words: str
) -> None:
    refusal = refused(Translator(gateway.values), wish(path, value))

    assert refusal.rule == "not_mapped"
    assert refusal.field == path
    assert words in refusal.message


def test_a_value_that_tr098_does_not_allow_is_refused(gateway: Native, wish: Wish) -> None:
    refusal = refused(Translator(gateway.values), wish("Device.IP.Interface.2.MaxMTUSize", "9000"))

    assert refusal.rule == "range"
    assert refusal.field == "Device.IP.Interface.2.MaxMTUSize"


def test_two_changes_that_contradict_each_other_are_refused(gateway: Native, wish: Wish) -> None:
    channel = wish("Device.WiFi.Radio.1.Channel", "11")

    refusal = refused(
        Translator(gateway.values), channel, wish("Device.WiFi.Radio.1.AutoChannelEnable", "true")
    )

    assert refusal.rule == "not_mapped"
    assert "another change" in refusal.message


def test_a_reference_is_translated_in_both_directions(gateway: Native, wish: Wish) -> None:
    translator = Translator(gateway.values)
    change = wish("Device.IP.Diagnostics.IPPing.Interface", "Device.IP.Interface.2")

    ((native, _, value),) = translator.native_sets([change])

    assert (native, value) == (ROOT + "IPPingDiagnostics.Interface", WAN.rstrip("."))
    assert translator.to_tr181({native: value}) == {change.path: "Device.IP.Interface.2"}


def test_a_whole_change_passes_the_data_model_and_the_device(
    gateway: Native, wish: Wish, says: Callable[..., Snapshot]
) -> None:
    translator = Translator(gateway.values)
    snapshot = says(translator.to_tr181(gateway.values), translator.writable(gateway.writable))

    legal = [
        wish("Device.WiFi.Radio.1.Channel", "11"),
        wish("Device.WiFi.AccessPoint.1.Security.ModeEnabled", "WPA2-Personal"),
        wish("Device.WiFi.AccessPoint.1.Security.KeyPassphrase", "correct horse"),
        wish("Device.DNS.Client.Server.1.DNSServer", "203.0.113.7"),
    ]

    assert [validate(change, snapshot).path for change in legal] == [each.path for each in legal]
    with pytest.raises(InvalidValue) as caught:
        validate(wish("Device.WiFi.Radio.1.Channel", "36"), snapshot)
    assert caught.value.rule == "possible_channels"


def test_what_cannot_be_mapped_says_why(gateway: Native) -> None:
    assert Translator(gateway.values).cannot_map("Device.RootDataModelVersion") == (
        "TR-098 has no counterpart for this: "
        "SpecVersion is of the protocol and not of the data model"
    )
    assert Translator(gateway.values).cannot_map("Device.WiFi.Radio.1.Channel") == ""
