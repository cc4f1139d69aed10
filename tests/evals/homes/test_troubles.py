"""The right change is rewarded and the wrong one is not, for every trouble that one can mend."""

from typing import Any

import pytest

from brain.domain.change import Command
from brain.domain.errors import ControllerRefused
from brain.domain.parameter import ParameterPath
from evals.homes.build import World, build
from evals.homes.home import Home

RADIO = "Device.WiFi.Radio."
POOL = "Device.DHCPv4.Server.Pool.1."
WAN = "Device.IP.Interface.2."
PPP = "Device.PPP.Interface.1."
MAPPING = "Device.NAT.PortMapping.1."
BRIGHTMOOR = {"model": "brightmoor-hearth6"}
ALONE = {"around": {"splitter": 0, "port": 0, "olt": 0}}

MENDS: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, str]]] = [
    ("wifi.congested_channel", {}, {}, {RADIO + "1.Channel": "1"}),
    ("wifi.wrong_width", {}, {}, {RADIO + "1.OperatingChannelBandwidth": "20MHz"}),
    ("wifi.low_power", {}, {}, {RADIO + "1.TransmitPower": "100"}),
    (
        "wifi.band_steering_off",
        {},
        {},
        {"Device.WiFi.DataElements.Network.Device.1.Radio.1.SteeringPolicy": "1"},
    ),
    ("wifi.radio_off", {}, {}, {RADIO + "2.Enable": "true"}),
    ("wifi.network_off", {}, {}, {"Device.WiFi.SSID.2.Enable": "true"}),
    (
        "wifi.guest_isolation",
        {},
        {},
        {f"Device.WiFi.AccessPoint.{n}.IsolationEnable": "false" for n in (1, 2)},
    ),
    (
        "wifi.old_client",
        {},
        {},
        {"Device.WiFi.AccessPoint.1.Security.ModeEnabled": "WPA3-Personal-Transition"},
    ),
    ("wifi.old_client", {"by": "standard"}, {}, {RADIO + "1.OperatingStandards": "g,n,ax"}),
    ("wifi.radar", {}, {}, {RADIO + "2.Channel": "100"}),
    ("wan.wrong_dns", {}, {}, {"Device.DNS.Client.Server.1.DNSServer": "9.9.9.9"}),
    ("wan.login_refused", {}, BRIGHTMOOR, {PPP + "Username": "hearth6w00000@example.net"}),
    ("wan.wrong_vlan", {}, BRIGHTMOOR, {"Device.Ethernet.VLANTermination.1.VLANID": "35"}),
    ("wan.wrong_mtu", {}, BRIGHTMOOR, {WAN + "MaxMTUSize": "1492"}),
    ("wan.wrong_mtu", {"path": 1460}, {}, {WAN + "MaxMTUSize": "1460"}),
    ("lan.pool_exhausted", {}, {}, {POOL + "MaxAddress": "192.168.1.199"}),
    ("lan.pool_exhausted", {}, {}, {POOL + "LeaseTime": "86400"}),
    ("lan.address_clash", {}, {}, {POOL + "MinAddress": "192.168.1.50"}),
    ("lan.address_clash", {}, {}, {POOL + "ReservedAddresses": "192.168.1.10"}),
    (
        "lan.address_clash",
        {"why": "subnet"},
        {},
        {
            "Device.IP.Interface.1.IPv4Address.1.IPAddress": "192.168.77.1",
            POOL + "MinAddress": "192.168.77.10",
            POOL + "MaxAddress": "192.168.77.99",
            POOL + "IPRouters": "192.168.77.1",
            POOL + "DNSServers": "192.168.77.1",
        },
    ),
    ("lan.firewall_blocks", {}, {}, {"Device.Firewall.Config": "Low"}),
    ("lan.port_mapping_missing", {}, {}, {MAPPING + "Enable": "true"}),
    (
        "lan.port_mapping_missing",
        {"why": "elsewhere"},
        {},
        {MAPPING + "InternalClient": "192.168.1.14"},
    ),
    (
        "service.buffer_bloat",
        {},
        {},
        {
            "Device.QoS.Shaper.1.ShapingRate": "9000000",
            "Device.QoS.Shaper.1.Enable": "true",
            "Device.QoS.Queue.1.DropAlgorithm": "RED",
        },
    ),
    (
        "service.voice_not_registered",
        {},
        {},
        {"Device.Firewall.ConnectionTracking.SIP.Enable": "false"},
    ),
    ("device.log_flood", {}, {}, {"Device.Syslog.Enable": "false"}),
    (
        "device.known_bug",
        {"bug": "power_save"},
        BRIGHTMOOR,
        {"Device.WiFi.AccessPoint.1.UAPSDEnable": "false"},
    ),
]
HARMLESS = {
    "Device.UserInterface.ISPName": "somebody",
    "Device.WiFi.Radio.1.AutoChannelRefreshPeriod": "600",
}
NOT_HERE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("wifi.weak_coverage", {}, {}),
    ("wifi.mesh_backhaul", {}, {"extender": {}}),
    ("wan.login_refused", {"why": "account"}, BRIGHTMOOR),
    ("wan.suspended", {}, {}),
    ("wan.double_nat", {}, {}),
    ("service.voice_not_registered", {"why": "account"}, {}),
    ("home.clients_own_trouble", {}, {}),
    ("access.weak_optical_signal", {}, {}),
    ("access.dsl_noise", {}, {"model": "ferncliff-v2"}),
    ("access.cable_noise", {}, {"model": "quillon-q5"}),
    ("access.weak_cell", {}, {"model": "tarn-c5"}),
    ("access.shared_upstream", {}, {}),
]


def world(kind: str, fault: dict[str, Any], parts: dict[str, Any]) -> World:
    return build({"world": {**ALONE, **parts}, "faults": [{"kind": kind, **fault}]}, 7)


def change(here: World, values: dict[str, str], home: Home | None = None) -> None:
    wanted = {ParameterPath(path): value for path, value in values.items()}
    here.open().set((home or here.home).id, wanted, "chg_1")
    here.advance(minutes=2)


@pytest.mark.parametrize(("kind", "fault", "parts", "mend"), MENDS)
def test_the_right_change_mends_what_people_feel_and_another_does_not(
    kind: str, fault: dict[str, Any], parts: dict[str, Any], mend: dict[str, str]
) -> None:
    here = world(kind, fault, parts)
    assert here.quality().broken
    assert here.quality().reachable, "only a device that answers can be mended"

    change(here, HARMLESS)
    assert here.quality().broken

    change(here, mend)
    assert here.quality().broken == {}


@pytest.mark.parametrize(("kind", "fault", "parts"), NOT_HERE)
def test_what_no_setting_mends_stays_whatever_is_set(
    kind: str, fault: dict[str, Any], parts: dict[str, Any]
) -> None:
    here = world(kind, fault, parts)
    before = here.quality().broken
    assert before
    slow = next(f"{RADIO}{r.number}." for r in here.home.radios if r.spec.band == "2.4GHz")

    for values in (
        {slow + "Channel": "11", slow + "TransmitPower": "100"},
        {RADIO + "2.OperatingChannelBandwidth": "20MHz"},
        {WAN + "MaxMTUSize": "1400"},
        {"Device.Firewall.Config": "Low"},
        {POOL + "MaxAddress": "192.168.1.250"},
    ):
        change(here, values)
    here.open().run(here.home.id, Command(path=ParameterPath("Device.Reboot()")))
    here.advance(minutes=5)

    assert set(here.quality().broken) >= set(before)


def test_a_prefix_comes_back_once_it_is_asked_for() -> None:
    here = world("wan.no_ipv6_prefix", {}, {})
    shown = "Device.IP.Interface.1.IPv6Prefix.1.Prefix"
    assert (here.quality().flat()["prefix"], here.home.tree.read(shown)) == (0, "")

    change(here, {"Device.DHCPv6.Client.1.RequestPrefixes": "true"})

    assert here.quality().flat()["prefix"] == 1
    assert here.home.tree.read(shown).endswith("::/64")


@pytest.mark.parametrize(
    ("why", "mend"),
    [
        ("off", {"Device.Time.Enable": "true"}),
        ("servers", {"Device.Time.NTPServer1": "ntp1.operator.example"}),
    ],
)
def test_a_clock_without_servers_counts_from_1970(why: str, mend: dict[str, str]) -> None:
    here = world("service.wrong_time", {"why": why}, {})
    time = "Device.Time.CurrentLocalTime"
    assert here.home.tree.read(time).startswith("1970")

    change(here, mend)

    assert here.home.tree.read(time).startswith("2026")
    assert here.home.tree.read("Device.Time.Status") == "Synchronized"


def test_a_start_gives_leaked_memory_back_for_a_while() -> None:
    here = world("device.memory_leak", {}, {"uptime_hours": 185})
    free = "Device.DeviceInfo.MemoryStatus.Free"
    assert here.quality().broken
    assert int(here.home.tree.read(free)) < 10_000

    here.open().run(here.home.id, Command(path=ParameterPath("Device.Reboot()")))
    here.advance(minutes=5)
    assert here.quality().well
    assert int(here.home.tree.read(free)) > 100_000

    here.advance(minutes=60 * 185)
    assert here.quality().broken, "it leaks again"


def test_the_extender_is_mended_at_the_extender_and_not_at_the_gateway() -> None:
    here = world("wifi.mesh_backhaul", {"why": "band"}, {"extender": {}})
    extender = here.homes[1]
    assert here.quality().broken

    change(here, {RADIO + "1.Channel": "6"})
    assert here.quality().broken

    change(here, {"Device.WiFi.EndPoint.2.Enable": "true"}, extender)
    assert here.quality().well
    assert extender.tree.read("Device.WiFi.EndPoint.2.Profile.1.Status") == "Active"


def test_a_slow_poison_is_not_felt_at_once_and_ends_when_the_change_is_undone() -> None:
    channel = RADIO + "1.Channel"
    here = world("trap.slow_poison", {"path": channel}, {})
    was = here.home.tree.read(channel)

    change(here, {channel: "6" if was != "6" else "1"})
    assert here.quality().well

    here.advance(minutes=60)
    assert here.quality().broken

    change(here, {channel: was})
    assert here.quality().well


def test_a_channel_under_a_radar_is_left_again_until_half_an_hour_has_passed() -> None:
    here = world("wifi.radar", {"minutes_ago": 5}, {})

    change(here, {RADIO + "2.Channel": "100"})
    assert here.quality().broken
    assert here.home.radio(2).channel != 100
    assert here.home.tree.read(RADIO + "2.ChannelLastSelectionReason") == "Auto_DFS"

    here.advance(minutes=30)
    change(here, {RADIO + "2.Channel": "100"})
    assert here.quality().well
    assert here.home.radio(2).channel == 100


def test_where_a_radar_comes_by_the_hour_a_channel_without_radar_is_the_right_one() -> None:
    here = world("wifi.radar", {"every_minutes": 60, "minutes_ago": 45}, {})

    change(here, {RADIO + "2.Channel": "100"})
    assert here.quality().well
    here.advance(minutes=180)
    assert here.quality().clients
    assert here.home.radio(2).channel != 100
    assert here.home.tree.read(RADIO + "2.ChannelLastSelectionReason") == "Auto_DFS"

    change(here, {RADIO + "2.Channel": "44"})
    here.advance(minutes=180)
    assert here.quality().clients
    assert here.home.radio(2).channel == 44


def test_a_wrong_vlan_cuts_off_whoever_is_managed_over_the_internet() -> None:
    here = world("wifi.congested_channel", {}, {**BRIGHTMOOR, "managed_apart": False})

    change(here, {"Device.Ethernet.VLANTermination.1.VLANID": "99"})

    assert not here.quality().reachable


def test_a_make_refuses_what_it_does_not_support_and_nothing_changes() -> None:
    here = world("wifi.low_power", {}, {})

    with pytest.raises(ControllerRefused):
        change(here, {RADIO + "1.TransmitPower": "77"})

    assert here.home.radio(1).power == 10


def test_a_mapping_that_is_not_there_is_mended_by_adding_it() -> None:
    here = world("lan.port_mapping_missing", {"why": "absent"}, {})
    assert here.quality().broken
    values = {"ExternalPort": "8554", "InternalPort": "8554", "Enable": "true"}
    table = ParameterPath("Device.NAT.PortMapping.")

    here.open().add(here.home.id, table, {**values, "InternalClient": "192.168.1.99"}, "chg_1")
    assert here.quality().broken, "it leads to nobody"

    here.open().add(here.home.id, table, {**values, "InternalClient": "192.168.1.14"}, "chg_2")
    assert here.quality().well
