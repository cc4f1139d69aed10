"""How far a change reaches, or that nobody can tell."""

from collections.abc import Callable

import pytest

from brain.domain.parameter import ParameterPath, Snapshot
from brain.topology.blast_radius import blast_radius

Snap = Callable[..., Snapshot]


def reach(snapshot: Snapshot, *paths: str) -> int | None:
    return blast_radius([ParameterPath(path) for path in paths], snapshot)


@pytest.mark.parametrize(
    ("path", "reached"),
    [
        ("Device.WiFi.Radio.1.Channel", 1),
        ("Device.WiFi.Radio.2.Channel", 2),
        ("Device.WiFi.SSID.2.SSID", 2),
        ("Device.WiFi.AccessPoint.1.Security.KeyPassphrase", 1),
        ("Device.DNS.Client.Server.1.DNSServer", 4),
        ("Device.IP.Interface.1.MaxMTUSize", 4),
        ("Device.Reboot()", 4),
        ("Device.DeviceInfo.FirmwareImage.2.Activate()", 4),
        ("Device.ManagementServer.PeriodicInformInterval", 0),
        ("Device.Time.NTPServer1", 0),
        ("Device.X_VENDOR.Anything", None),
        ("Device.WiFi.ResetCounter", None),
    ],
)
def test_a_change_reaches_those_that_hang_from_what_it_touches(
    a_home: Snapshot, path: str, reached: int | None
) -> None:
    assert reach(a_home, path) == reached


def test_of_two_networks_on_one_radio_each_reaches_its_own(
    a_home: Snapshot, a_snapshot: Snap
) -> None:
    guests = "Device.WiFi.AccessPoint.3."
    more = {
        "Device.WiFi.SSID.3.LowerLayers": "Device.WiFi.Radio.1",
        guests + "SSIDReference": "Device.WiFi.SSID.3",
        **{f"{guests}AssociatedDevice.{n}.MACAddress": f"0A:00:00:00:01:0{n}" for n in range(4)},
    }
    both = a_snapshot({**a_home.values, **more})

    assert reach(both, "Device.WiFi.SSID.1.SSID") == 1
    assert reach(both, "Device.WiFi.SSID.3.SSID") == 4
    assert reach(both, "Device.WiFi.AccessPoint.1.Enable") == 1
    assert reach(both, "Device.WiFi.AccessPoint.3.Enable") == 4
    assert reach(both, "Device.WiFi.Radio.1.Channel") == 5


def test_several_paths_reach_each_client_once(a_home: Snapshot) -> None:
    first = "Device.WiFi.Radio.1."

    assert reach(a_home, first + "Channel", first + "TransmitPower") == 1
    assert reach(a_home, first + "Channel", "Device.WiFi.Radio.2.Channel") == 3
    assert reach(a_home, first + "Channel", "Device.DNS.Client.Server.1.DNSServer") == 4


def test_one_unknown_path_makes_the_whole_unknown(a_home: Snapshot) -> None:
    assert reach(a_home, "Device.WiFi.Radio.1.Channel", "Device.X_VENDOR.Anything") is None


@pytest.mark.parametrize(
    "path",
    ["Device.WiFi.Radio.1.Channel", "Device.DNS.Client.Server.1.DNSServer", "Device.Reboot()"],
)
def test_a_home_that_lists_nobody_is_unknown_and_not_zero(a_snapshot: Snap, path: str) -> None:
    assert reach(a_snapshot({"Device.WiFi.Radio.1.Channel": "6"}), path) is None


def test_a_client_that_does_not_say_where_it_hangs_makes_a_radio_unknown(a_snapshot: Snap) -> None:
    hosts = {
        "Device.Hosts.Host.1.Layer1Interface": "Device.WiFi.Radio.1",
        "Device.Hosts.Host.2.PhysAddress": "0A:00:00:00:00:09",
    }

    assert reach(a_snapshot(hosts), "Device.WiFi.Radio.1.Channel") is None
    assert reach(a_snapshot(hosts), "Device.Reboot()") == 2


def test_stations_alone_do_not_tell_how_many_hang_from_the_whole_home(a_snapshot: Snap) -> None:
    row = "Device.WiFi.AccessPoint.1."
    stations = {
        row + "SSIDReference": "Device.WiFi.SSID.1",
        "Device.WiFi.SSID.1.LowerLayers": "Device.WiFi.Radio.1",
        row + "AssociatedDevice.1.MACAddress": "0A:00:00:00:00:01",
    }

    assert reach(a_snapshot(stations), "Device.WiFi.Radio.1.Channel") == 1
    assert reach(a_snapshot(stations), "Device.Reboot()") is None


def test_without_stations_a_network_reaches_at_most_its_radio(a_snapshot: Snap) -> None:
    hosts = {
        "Device.WiFi.SSID.1.LowerLayers": "Device.WiFi.Radio.1",
        "Device.WiFi.SSID.2.LowerLayers": "",
        "Device.WiFi.AccessPoint.1.SSIDReference": "Device.WiFi.SSID.1",
        "Device.Hosts.Host.1.Layer1Interface": "Device.WiFi.Radio.1",
        "Device.Hosts.Host.2.Layer1Interface": "Device.WiFi.Radio.1",
        "Device.Hosts.Host.3.Layer1Interface": "Device.Ethernet.Interface.1",
    }

    assert reach(a_snapshot(hosts), "Device.WiFi.SSID.1.SSID") == 2
    assert reach(a_snapshot(hosts), "Device.WiFi.AccessPoint.1.Enable") == 2
    assert reach(a_snapshot(hosts), "Device.WiFi.SSID.2.SSID") is None
    assert reach(a_snapshot(hosts), "Device.WiFi.AccessPoint.9.Enable") is None
