"""What happens to a home: starts, resets, diagnostics, people with hands, and being cut off."""

from collections.abc import Callable
from typing import Any

from evals.homes.diagnostics import SECONDS
from evals.homes.home import BOOT_SECONDS, Home
from evals.homes.rpc import answer
from executors.acs import messages as m

MakeHome = Callable[..., Home]
CHANNEL = "Device.WiFi.Radio.1.Channel"
CODE = "Device.DeviceInfo.ProvisioningCode"
SCAN = "Device.WiFi.NeighboringWiFiDiagnostic."
LOOK_UP = "Device.DNS.Diagnostics.NSLookupDiagnostics."


def tell(home: Home, path: str, value: str, kind: str = "string") -> m.Message:
    return answer(home, m.SetParameterValues((m.ParameterValue(path, value, kind),), "k"))


def codes(home: Home) -> list[str]:
    return [each.code for each in home.events]


def test_a_new_home_reports_itself_and_its_start(make_home: MakeHome) -> None:
    assert codes(make_home()) == ["0 BOOTSTRAP", "1 BOOT"]


def test_a_reboot_waits_for_the_end_of_the_session_and_keeps_its_key(
    make_home: MakeHome, clock: Any
) -> None:
    home = make_home()
    home.events = []
    tell(home, CHANNEL, "11", "unsignedInt")
    clock.advance(minutes=5)

    answer(home, m.Reboot("chg_9"))
    assert not home.silent
    assert home.after_session is not None
    home.after_session()

    assert home.silent
    assert home.events == [m.InformEvent("1 BOOT"), m.InformEvent("M Reboot", "chg_9")]
    clock.advance(seconds=BOOT_SECONDS)
    assert not home.silent
    assert home.tree.read("Device.DeviceInfo.UpTime") == "0"
    assert home.tree.read(CHANNEL) == "11", "a reboot keeps the settings"


def test_a_factory_reset_forgets_settings_but_not_who_manages_it(make_home: MakeHome) -> None:
    home = make_home()
    home.provision({"Device.ManagementServer.URL": "http://acs.example/"})
    home.events = []
    tell(home, CHANNEL, "11", "unsignedInt")

    home.factory_reset()

    assert codes(home) == ["0 BOOTSTRAP", "1 BOOT"]
    assert home.tree.read(CHANNEL) == "6"
    assert home.tree.read("Device.ManagementServer.URL") == "http://acs.example/"
    assert home.tree.read("Device.ManagementServer.ParameterKey") == ""


def test_a_value_taken_for_later_comes_into_force_at_the_next_start(make_home: MakeHome) -> None:
    home = make_home()
    home.faults.needs_reboot = True

    said = tell(home, CHANNEL, "11", "unsignedInt")

    assert said == m.SetParameterValuesResponse(1)
    assert home.radio(1).channel == 6
    home.reboot()
    assert home.radio(1).channel == 11


def test_a_home_that_lies_says_yes_and_changes_nothing(make_home: MakeHome) -> None:
    home = make_home()
    home.faults.lie = True

    said = tell(home, CHANNEL, "11", "unsignedInt")

    assert said == m.SetParameterValuesResponse(0)
    assert home.radio(1).channel == 6
    assert home.tree.read("Device.ManagementServer.ParameterKey") == ""


def test_a_home_told_to_refuse_refuses_once(make_home: MakeHome) -> None:
    home = make_home()
    home.faults.refuse_sets = 9002

    first, second = (tell(home, CHANNEL, "11", "unsignedInt") for _ in range(2))

    assert isinstance(first, m.Fault)
    assert first.code == 9002
    assert second == m.SetParameterValuesResponse(0)


def test_a_home_may_start_anew_after_a_set_without_being_told(make_home: MakeHome) -> None:
    home = make_home()
    home.events = []
    home.faults.reboot_on_set = True

    tell(home, CHANNEL, "11", "unsignedInt")

    assert home.silent
    assert codes(home) == ["1 BOOT"]


def test_a_hand_in_the_home_is_reported_only_where_the_make_must(make_home: MakeHome) -> None:
    home = make_home()
    home.events = []

    home.local_change(CHANNEL, "1")
    assert home.radio(1).channel == 1
    assert home.events == []

    home.local_change(CODE, "shop")
    assert codes(home) == ["4 VALUE CHANGE"]
    assert list(home.to_report) == [CODE]


def test_switching_the_uplink_off_cuts_the_home_off_for_good(
    make_home: MakeHome, clock: Any
) -> None:
    home = make_home()

    tell(home, "Device.Optical.Interface.1.Enable", "false", "boolean")

    clock.advance(days=1)
    assert home.silent


def test_a_scan_is_done_later_and_shows_what_stands_there_now(
    make_home: MakeHome, clock: Any
) -> None:
    home = make_home()
    home.events = []
    before = [home.tree.read(f"{SCAN}Result.{n}.SignalStrength") for n in (1, 2, 3)]
    clock.advance(minutes=3)

    tell(home, SCAN + "DiagnosticsState", "Requested")
    home.tick()
    assert home.tree.read(SCAN + "DiagnosticsState") == "Requested"
    assert home.events == []

    clock.advance(seconds=SECONDS)
    home.tick()
    assert home.tree.read(SCAN + "DiagnosticsState") == "Complete"
    assert codes(home) == ["8 DIAGNOSTICS COMPLETE"]
    assert [home.tree.read(f"{SCAN}Result.{n}.SignalStrength") for n in (1, 2, 3)] != before
    assert home.tree.rows(SCAN + "Result.") == [1, 2, 3]


def test_looking_up_a_name_fails_at_a_resolver_that_is_dead(
    make_home: MakeHome, clock: Any
) -> None:
    home = make_home(resolvers=("192.0.2.53",), own_resolvers=True)
    tell(home, LOOK_UP + "HostName", "example.com")
    tell(home, LOOK_UP + "DiagnosticsState", "Requested")

    clock.advance(seconds=SECONDS)
    home.tick()

    assert home.tree.read(LOOK_UP + "SuccessCount") == "0"
    assert home.tree.read(LOOK_UP + "Result.1.Status") == "Error_Timeout"
    assert home.tree.read(LOOK_UP + "Result.1.DNSServerIP") == "192.0.2.53"


def test_a_diagnostic_called_off_is_not_done(make_home: MakeHome, clock: Any) -> None:
    home = make_home()
    home.events = []
    tell(home, SCAN + "DiagnosticsState", "Requested")
    tell(home, SCAN + "DiagnosticsState", "Canceled")

    clock.advance(seconds=SECONDS)
    home.tick()

    assert home.events == []


def test_pinging_a_name_needs_a_resolver_and_an_address_does_not(
    make_home: MakeHome, clock: Any
) -> None:
    home = make_home(resolvers=("192.0.2.53",))
    ping = "Device.IP.Diagnostics.IPPing."
    counts = []

    for host in ("example.com", "198.51.100.1"):
        tell(home, ping + "Host", host)
        tell(home, ping + "DiagnosticsState", "Requested")
        clock.advance(seconds=SECONDS)
        home.tick()
        counts.append(home.tree.read(ping + "SuccessCount"))

    assert counts == ["0", "3"]
