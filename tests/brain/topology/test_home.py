"""A home is read from what its device says; what it does not say is unknown."""

from collections.abc import Callable

from brain.domain.parameter import Snapshot
from brain.topology.home import Home, rows

Snap = Callable[..., Snapshot]


def test_rows_are_the_instances_with_their_parameters(a_snapshot: Snap) -> None:
    snapshot = a_snapshot(
        {"Device.T.1.A": "x", "Device.T.12.B.C": "y", "Device.TNumber": "2", "Device.T.n.A": "z"}
    )

    assert rows(snapshot, "Device.T.") == {"Device.T.1": {"A": "x"}, "Device.T.12": {"B.C": "y"}}


def test_a_client_is_counted_once_however_often_it_is_listed(a_home: Snapshot) -> None:
    clients = Home(snapshot=a_home).clients

    assert clients is not None
    assert {(each.row, each.link) for each in clients} == {
        ("Device.WiFi.AccessPoint.1.AssociatedDevice.1", "Device.WiFi.Radio.1"),
        ("Device.WiFi.AccessPoint.2.AssociatedDevice.1", "Device.WiFi.Radio.2"),
        ("Device.WiFi.AccessPoint.2.AssociatedDevice.4", "Device.WiFi.Radio.2"),
        ("Device.Hosts.Host.3", "Device.Ethernet.Interface.2"),
    }


def test_a_home_that_lists_nobody_is_not_an_empty_home(a_snapshot: Snap) -> None:
    silent = Home(snapshot=a_snapshot({"Device.WiFi.AccessPoint.1.Enable": "true"}))
    empty = Home(snapshot=a_snapshot({"Device.Hosts.HostNumberOfEntries": "0"}))

    assert silent.clients is None
    assert empty.clients == ()


def test_an_access_point_without_stations_says_so_by_its_count(a_snapshot: Snap) -> None:
    count = "Device.WiFi.AccessPoint.{}.AssociatedDeviceNumberOfEntries"
    both = Home(snapshot=a_snapshot({count.format(1): "0", count.format(2): "0"}))
    one = Home(snapshot=a_snapshot({count.format(1): "0", count.format(2): "3"}))

    assert both.clients == ()
    assert one.clients is None, "three stations are there, and nobody read which"


def test_a_host_on_an_ssid_hangs_from_its_radio(a_snapshot: Snap) -> None:
    home = Home(
        snapshot=a_snapshot(
            {
                "Device.WiFi.SSID.3.LowerLayers": "Device.WiFi.Radio.2",
                "Device.Hosts.Host.1.Layer1Interface": "Device.WiFi.SSID.3",
            }
        )
    )

    assert home.clients is not None
    assert [each.link for each in home.clients] == ["Device.WiFi.Radio.2"]
