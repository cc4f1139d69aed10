"""Each trouble that a setting mends: named, mended by what is proposed, and by nothing more."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.change import SetParameter
from brain.domain.incident import Symptom
from brain.domain.parameter import ParameterPath
from evals.homes.quality import worse

if TYPE_CHECKING:
    from tests.evals.planner.conftest import Visit

BRIGHTMOOR = {"model": "brightmoor-hearth6"}
SLOW, GONE, SITES = Symptom.SLOW_WIFI, Symptom.NO_INTERNET, Symptom.SITES_DO_NOT_OPEN
OUTSIDE, PHONE = Symptom.NOT_REACHED_FROM_OUTSIDE, Symptom.NO_TELEPHONE

Trouble = tuple[str, Symptom, dict[str, Any], dict[str, Any]]
FELT: list[Trouble] = [
    ("wifi.congested_channel", SLOW, {}, {}),
    ("wifi.congested_channel", SLOW, {}, {"model": "huawei-bm632w"}),
    ("wifi.wrong_width", SLOW, {}, {}),
    ("wifi.low_power", SLOW, {}, {}),
    ("wifi.band_steering_off", SLOW, {}, {}),
    ("wifi.radio_off", SLOW, {}, {}),
    ("wifi.radio_off", Symptom.CANNOT_JOIN, {"band": "2.4GHz"}, {}),
    ("wifi.network_off", Symptom.CANNOT_JOIN, {}, {}),
    ("wifi.guest_isolation", Symptom.DEVICES_APART, {}, {}),
    ("wifi.old_client", Symptom.CANNOT_JOIN, {}, {}),
    ("wifi.old_client", Symptom.CANNOT_JOIN, {"by": "standard"}, {}),
    ("wifi.radar", SLOW, {}, {}),
    ("wifi.mesh_backhaul", SLOW, {"why": "band"}, {"extender": {}, "subject": "extender"}),
    ("wan.wrong_dns", SITES, {}, {}),
    ("wan.wrong_mtu", SITES, {}, BRIGHTMOOR),
    ("lan.pool_exhausted", Symptom.CANNOT_JOIN, {}, {}),
    ("lan.pool_exhausted", GONE, {}, {}),
    ("lan.address_clash", GONE, {}, {}),
    ("lan.address_clash", GONE, {"why": "subnet"}, {}),
    ("lan.firewall_blocks", Symptom.BLOCKED, {}, {}),
    ("lan.port_mapping_missing", OUTSIDE, {}, {}),
    ("service.buffer_bloat", Symptom.DELAY, {}, {}),
    ("service.voice_not_registered", PHONE, {}, {}),
    ("device.memory_leak", SLOW, {}, {"uptime_hours": 185}),
    ("device.log_flood", SLOW, {}, {}),
]
SHOWN: list[tuple[str, Symptom, dict[str, Any], str]] = [
    ("wan.no_ipv6_prefix", Symptom.NO_IPV6, {}, "prefix"),
    ("service.wrong_time", Symptom.WRONG_CLOCK, {}, "clock"),
    ("service.wrong_time", Symptom.WRONG_CLOCK, {"why": "off"}, "clock"),
]
SIDE_EFFECTS = ("utilisation", "latency_ms", "loaded_ms")
"""Who comes back uses air, and what was not there had no delay."""


@pytest.mark.parametrize(("kind", "symptom", "fault", "world"), FELT)
def test_what_people_feel_is_named_and_mended(
    visit: "Visit", kind: str, symptom: Symptom, fault: dict[str, Any], world: dict[str, Any]
) -> None:
    ill = visit(kind, symptom, fault, world)
    before = ill.world.quality()
    assert before.broken

    best = ill.candidates()[0]
    ill.heed(best)

    assert best.finding.cause.value == kind
    after = ill.world.quality()
    assert after.broken == {}
    assert [each for each in worse(before, after) if not each.endswith(SIDE_EFFECTS)] == []


@pytest.mark.parametrize(("kind", "symptom", "fault", "figure"), SHOWN)
def test_what_only_the_box_feels_is_named_and_mended(
    visit: "Visit", kind: str, symptom: Symptom, fault: dict[str, Any], figure: str
) -> None:
    ill = visit(kind, symptom, fault)
    assert ill.world.quality().flat()[figure] == 0

    best = ill.candidates()[0]
    ill.heed(best)

    assert best.finding.cause.value == kind
    assert ill.world.quality().flat()[figure] == 1


@pytest.mark.parametrize(("kind", "symptom", "fault", "world"), FELT)
def test_no_parameter_is_set_to_what_it_already_is(
    visit: "Visit", kind: str, symptom: Symptom, fault: dict[str, Any], world: dict[str, Any]
) -> None:
    best = visit(kind, symptom, fault, world).candidates()[0]

    changes = [each for each in best.changes if isinstance(each, SetParameter)]
    assert all(each.before != each.after for each in changes)
    assert len({each.path for each in changes}) == len(changes)


@pytest.mark.parametrize(("kind", "symptom", "fault", "world"), FELT)
def test_a_home_of_the_same_make_that_is_well_is_left_alone(
    visit: "Visit", kind: str, symptom: Symptom, fault: dict[str, Any], world: dict[str, Any]
) -> None:
    del kind, fault
    well = visit("", symptom, {}, {**world, "uptime_hours": 185})

    assert [each.changes for each in well.candidates() if each.changes] == []


def test_a_channel_too_narrow_for_the_line_is_widened_and_gets_faster(visit: "Visit") -> None:
    ill = visit("wifi.wrong_width", SLOW, {"band": "5GHz", "mhz": 20})
    before = ill.world.quality().flat()["client.laptop.mbps"]

    best = ill.candidates()[0]
    ill.heed(best)

    assert best.finding.cause.value == "wifi.wrong_width"
    assert ill.world.quality().flat()["client.laptop.mbps"] > 1.5 * before


def test_a_width_is_mended_before_a_channel_whatever_people_call_it(visit: "Visit") -> None:
    ill = visit("wifi.wrong_width", Symptom.NO_TELEVISION)

    assert ill.candidates()[0].finding.cause.value == "wifi.wrong_width"


def test_an_old_box_that_is_silent_on_its_resolvers_gets_ours_where_nothing_opens(
    visit: "Visit",
) -> None:
    ill = visit("wan.wrong_dns", GONE, {}, {"model": "huawei-bm632w"})

    best = ill.candidates()[0]
    ill.heed(best)

    assert best.finding.cause.value == "wan.wrong_dns"
    assert ill.world.quality().broken == {}


def test_a_resolver_that_is_said_to_answer_is_left_where_nothing_opens(visit: "Visit") -> None:
    home = visit("", GONE, {}, {})
    server = ParameterPath("Device.DNS.Client.Server.1.DNSServer")
    values = home.snapshot.values | {server: "192.0.2.99"}

    assert replace(home, said=replace(home.snapshot, values=values)).candidates() == ()
