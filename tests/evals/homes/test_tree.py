"""The tree: rows, counts, counters that wrap, and text that is never taken for anything else."""

from collections.abc import Callable

import pytest

from evals.homes.air import Air, Neighbour
from evals.homes.home import Home
from evals.homes.household import Guest, RadioLife
from evals.homes.rpc import answer
from executors.acs import messages as m

MakeHome = Callable[..., Home]
RESULTS = "Device.WiFi.NeighboringWiFiDiagnostic.Result."
HOSTS = "Device.Hosts.Host."


@pytest.mark.parametrize("name", ["=uptime", "#Device.WiFi.Radio.", "{serial}", "{0}", "%s\u202e"])
def test_a_name_from_outside_is_text_whatever_it_looks_like(make_home: MakeHome, name: str) -> None:
    air = Air("2.4GHz", (Neighbour(name, "06:00:00:00:00:01", 6, -50, 0.1),))
    guest = Guest(name, "0A:00:00:00:00:09", "192.168.1.9")

    home = make_home(radios=(RadioLife(air, channel=6, demand=0.1),), guests=(guest,), ssid=name)

    assert home.tree.read(RESULTS + "1.SSID") == name
    assert home.tree.read(HOSTS + "1.HostName") == name
    assert home.tree.read("Device.WiFi.SSID.1.SSID") == name


def test_counts_follow_their_tables(make_home: MakeHome) -> None:
    tree = make_home().tree
    assert tree.read("Device.Hosts.HostNumberOfEntries") == "2"

    tree.remove(HOSTS + "1.")

    assert tree.read("Device.Hosts.HostNumberOfEntries") == "1"
    assert tree.rows(HOSTS) == [2]
    assert HOSTS + "1.HostName" not in tree.parameters
    assert HOSTS + "1." not in tree.objects


def test_a_counter_of_32_bits_wraps_and_one_of_64_does_not(make_home: MakeHome) -> None:
    home = make_home(model="huawei-bm632w")
    home.radio(1).frames = 2**32 / 1100 + 1000
    new = make_home()
    new.radio(1).frames = home.radio(1).frames

    wlan = "InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.TotalBytesSent"
    assert int(home.tree.read(wlan)) < 2_000_000
    assert int(new.tree.read("Device.WiFi.SSID.1.Stats.BytesSent")) > 2**32


def test_hosts_are_shown_on_what_they_hang_from(make_home: MakeHome) -> None:
    tree = make_home().tree

    assert tree.read(HOSTS + "1.Layer1Interface") == "Device.WiFi.Radio.1"
    assert tree.read(HOSTS + "2.Layer1Interface") == "Device.Ethernet.Interface.2"


def test_the_first_level_is_the_root_alone(make_home: MakeHome) -> None:
    said = answer(make_home(), m.GetParameterNames("", next_level=True))

    assert said == m.GetParameterNamesResponse((m.ParameterInfo("Device.", False),))


def test_each_row_of_a_table_within_a_table_has_its_own(make_home: MakeHome) -> None:
    home = make_home()

    assert home.tree.rows("Device.WiFi.AccessPoint.1.AssociatedDevice.") == [1]
    assert home.tree.rows("Device.WiFi.AccessPoint.2.AssociatedDevice.") == []
    assert home.tree.read("Device.IP.Interface.1.IPv4Address.1.IPAddress") == "192.168.1.1"
    assert home.tree.read("Device.IP.Interface.2.IPv4Address.1.IPAddress") == "100.64.0.2"
