"""A device shows what a real one would know of its trouble, and nothing that it cannot know."""

from typing import Any

import pytest

from brain.datamodel.catalogue import catalogue
from evals.homes.build import World, build
from evals.homes.rpc import answer
from evals.homes.spec import kinds
from executors.acs import messages as m

MAKES = {
    "access.dsl_noise": "ferncliff-v2",
    "access.cable_noise": "quillon-q5",
    "access.weak_cell": "tarn-c5",
    "wan.login_refused": "brightmoor-hearth6",
    "wan.wrong_vlan": "brightmoor-hearth6",
    "wan.wrong_mtu": "brightmoor-hearth6",
}
HIDDEN = {
    "none.nothing_wrong": "there is nothing to show",
    "wifi.forgotten_passphrase": "it is in somebody's head",
    "trap.slow_poison": "it lies in wait",
    "trap.manners": "manners show when something is asked",
}
PING = "Device.IP.Diagnostics.IPPing."


def world(kind: str, **fault: Any) -> World:
    parts: dict[str, Any] = {"around": {"splitter": 0, "port": 0, "olt": 0}}
    parts["model"] = MAKES.get(kind, "havrelund-hl2400")
    if kind == "wifi.mesh_backhaul":
        parts["extender"] = {}
    return build({"world": parts, "faults": [{"kind": kind, **fault}]}, 7)


def shown(here: World) -> dict[str, str]:
    return {
        f"{number} {path}": home.tree.shown(path)
        for number, home in enumerate(here.homes)
        for path in home.tree.parameters
    }


@pytest.mark.parametrize("kind", sorted(set(kinds()) - set(HIDDEN)))
def test_a_trouble_shows_in_some_parameter_or_in_silence(kind: str) -> None:
    sick, well = world(kind), world(kind)
    spec = well.spec.model_copy(update={"faults": ()})

    silent = sick.home.silent
    assert silent or shown(sick) != shown(build(spec, 7))


@pytest.mark.parametrize("kind", sorted(HIDDEN))
def test_what_no_device_knows_is_shown_by_none(kind: str) -> None:
    sick = world(kind)
    spec = sick.spec.model_copy(update={"faults": ()})

    assert shown(sick) == shown(build(spec, 7))


def test_the_books_know_who_did_not_pay() -> None:
    books: Any = world("wan.suspended").books

    assert books["subscribers"][0]["plan"] == "suspended"


@pytest.mark.parametrize(
    ("kind", "fault", "path", "value"),
    [
        ("wan.login_refused", {}, "PPP.Interface.1.LastConnectionError",
         "ERROR_AUTHENTICATION_FAILURE"),
        ("wan.login_refused", {"why": "account"}, "PPP.Interface.1.LastConnectionError",
         "ERROR_ACCOUNT_DISABLED"),
        ("wan.wrong_vlan", {}, "PPP.Interface.1.LastConnectionError", "ERROR_ISP_TIME_OUT"),
        ("wan.wrong_vlan", {}, "PPP.Interface.1.ConnectionStatus", "Connecting"),
        ("wifi.network_off", {}, "WiFi.SSID.1.Status", "Down"),
        ("wifi.radio_off", {}, "WiFi.SSID.2.Status", "LowerLayerDown"),
        ("wifi.radar", {}, "WiFi.Radio.2.ChannelLastSelectionReason", "Auto_DFS"),
        ("lan.pool_exhausted", {}, "Hosts.Host.4.IPAddress", ""),
        ("lan.address_clash", {}, "Hosts.Host.5.AddressSource", "Static"),
        ("device.log_flood", {}, "Syslog.Status", "Enabled"),
        ("service.wrong_time", {}, "Time.Status", "Error_FailedToSynchronize"),
        ("access.dsl_noise", {}, "DSL.Line.1.DownstreamNoiseMargin", "-20"),
        ("access.cable_noise", {}, "DOCSIS.DownstreamChannel.1.SignalQuality.SignalNoise", "290"),
        ("access.weak_cell", {}, "Cellular.Interface.1.RSRP", "-121"),
        ("none.healed", {}, "Optical.Interface.1.LastChange", "1800"),
        ("service.voice_codec", {}, "X_02A4C1_Voice.Line.1.Codec", "G.723.1"),
        ("service.igmp_off", {}, "X_02A4C1_IPTV.IGMPProxyEnable", "false"),
    ],
)  # fmt: skip
def test_it_is_shown_in_the_words_of_the_data_model(
    kind: str, fault: dict[str, Any], path: str, value: str
) -> None:
    assert world(kind, **fault).home.tree.shown(f"Device.{path}") == value


def ping(here: World, size: int = 56) -> tuple[int, int]:
    values = (("DataBlockSize", str(size), "unsignedInt"), ("Host", "198.51.100.1", "string"),
              ("DiagnosticsState", "Requested", "string"))  # fmt: skip
    asked = tuple(m.ParameterValue(PING + leaf, text, kind) for leaf, text, kind in values)
    assert answer(here.home, m.SetParameterValues(asked, "k")) == m.SetParameterValuesResponse(0)
    here.advance(minutes=1)
    here.home.tick()
    read = here.home.tree.read
    return int(read(PING + "SuccessCount")), int(read(PING + "AverageResponseTime"))


def test_a_black_hole_swallows_large_packets_only() -> None:
    here = world("wan.wrong_mtu", path=1460)

    assert ping(here, 56)[0] == 3
    assert ping(here, 1432)[0] == 3
    assert ping(here, 1472)[0] == 0


def test_a_full_uplink_shows_in_how_long_a_ping_takes() -> None:
    assert ping(world("service.buffer_bloat"))[1] > 500
    assert ping(world("none.nothing_wrong"))[1] < 30


def test_what_the_gateway_sends_does_not_show_in_how_it_hears_a_station() -> None:
    quiet, loud = world("wifi.low_power", percent=10), world("wifi.low_power", percent=100)
    path = "Device.WiFi.AccessPoint.1.AssociatedDevice.1."

    assert quiet.home.tree.read(path + "SignalStrength") == loud.home.tree.read(
        path + "SignalStrength"
    )
    assert int(quiet.home.tree.read(path + "LastDataDownlinkRate")) < int(
        loud.home.tree.read(path + "LastDataDownlinkRate")
    )


def test_the_results_of_the_nightly_round_stand_in_the_tree() -> None:
    well, dead = world("none.nothing_wrong"), world("wan.wrong_dns")
    found = "Device.DNS.Diagnostics.NSLookupDiagnostics.SuccessCount"

    assert int(well.home.tree.read(PING + "SuccessCount")) == 3
    assert int(world("service.buffer_bloat").home.tree.read(PING + "AverageResponseTime")) > 500
    assert (well.home.tree.read(found), dead.home.tree.read(found)) == ("1", "0")
    assert well.home.events == [], "nobody has to be told of it now"


def test_no_gauge_tells_what_only_scorers_know() -> None:
    here = world("trap.hidden_sender")
    text = str(shown(here))

    assert "sender" not in text
    assert "metres" not in text


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_what_is_shown_is_always_one_of_what_the_data_model_lists(kind: str) -> None:
    here, book, odd = world(kind), catalogue("tr181-cwmp"), {}

    for home in here.homes:
        for path in home.tree.parameters:
            entry, text = book.find(path), home.tree.shown(path)
            listed = entry.syntax.enumeration if entry and entry.syntax else ()
            said = text.split(",") if entry and entry.is_list else [text]
            if listed and text and not set(said) <= set(listed):
                odd[path] = text

    assert odd == {}


def test_a_box_counts_the_packets_that_it_breaks_itself() -> None:
    channel = "Device.WiFi.Radio.1.Channel"
    discarded = "Device.IP.Interface.2.Stats.DiscardPacketsReceived"
    here = world("trap.slow_poison", path=channel, minutes=0)
    here.advance(minutes=10)
    assert here.home.tree.read(discarded) == "0"
    was = here.home.tree.read(channel)

    here.home.local_change(channel, "6" if was != "6" else "1")
    here.advance(minutes=10)

    assert int(here.home.tree.read(discarded)) > 1000
