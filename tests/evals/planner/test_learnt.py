"""What is right is learnt from neighbours, history, words and the operator; never made up."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from brain.domain.history import Event, EventKind
from brain.domain.identity import DeviceId
from brain.domain.incident import Symptom
from brain.planner.deps import Neighbourhood
from evals.harness.operators import KNOWN_BUGS
from tests.evals.planner.conftest import NOW, TENANT

if TYPE_CHECKING:
    from tests.evals.planner.conftest import Visit

BRIGHTMOOR = {"model": "brightmoor-hearth6"}
VLAN = "Device.Ethernet.VLANTermination.1.VLANID"
NAME = "Device.PPP.Interface.1.Username"
MTU = "Device.IP.Interface.2.MaxMTUSize"
RADIO = "Device.WiFi.Radio.2.Enable"
GONE, SITES, SLOW = Symptom.NO_INTERNET, Symptom.SITES_DO_NOT_OPEN, Symptom.SLOW_WIFI


def event(path: str, value: str, kind: EventKind = EventKind.VALUE_CHANGE) -> Event:
    at = NOW - timedelta(days=2)
    return Event(tenant=TENANT, device=DeviceId("dev_1"), kind=kind, at=at, path=path, value=value)


def test_the_vlan_that_neighbours_agree_on_is_taken(visit: "Visit") -> None:
    around = Neighbourhood(alike={VLAN: ("35", "35", "35", "7")})
    ill = visit("wan.wrong_vlan", GONE, {}, BRIGHTMOOR, around=around)

    best = ill.candidates()[0]
    ill.heed(best)

    assert best.finding.cause.value == "wan.wrong_vlan"
    assert ill.world.quality().well


@pytest.mark.parametrize("alike", [("35", "35"), ("35", "35", "35", "7", "7", "7")])
def test_neighbours_who_are_few_or_differ_say_nothing(
    visit: "Visit", alike: tuple[str, ...]
) -> None:
    around = Neighbourhood(alike={VLAN: alike})

    best = visit("wan.wrong_vlan", GONE, {}, BRIGHTMOOR, around=around).candidates()[0]

    assert (best.finding.cause.value, best.changes) == ("wan.wrong_vlan", ())


def test_the_name_of_before_is_logged_in_with_again(visit: "Visit") -> None:
    was = event(NAME, "hearth6w00000@example.net")
    ill = visit("wan.login_refused", GONE, {}, BRIGHTMOOR, timeline=(event(NAME, "admin"), was))

    best = ill.candidates()[0]
    ill.heed(best)

    assert best.finding.cause.value == "wan.login_refused"
    assert ill.world.quality().well


def test_a_disabled_account_is_not_tried_under_another_name(visit: "Visit") -> None:
    was = event(NAME, "somebody@example.net")
    ill = visit("wan.login_refused", GONE, {"why": "account"}, BRIGHTMOOR, timeline=(was,))

    assert ill.candidates()[0].changes == ()


@pytest.mark.parametrize("world", [{}, BRIGHTMOOR])
def test_the_packet_size_of_the_neighbours_is_taken_where_pages_hang(
    visit: "Visit", world: dict[str, str]
) -> None:
    around = Neighbourhood(alike={MTU: ("1460", "1460", "1460")})
    ill = visit("wan.wrong_mtu", SITES, {"path": 1460}, world, around=around)

    best = ill.candidates()[0]
    ill.heed(best)

    assert best.finding.cause.value == "wan.wrong_mtu"
    assert ill.world.quality().well


def test_a_radio_that_we_switched_off_on_request_is_asked_about(visit: "Visit") -> None:
    ours = event(RADIO, "false", EventKind.CHANGE_APPLIED)

    best = visit("wifi.radio_off", SLOW, timeline=(ours,)).candidates()[0]

    assert (best.finding.cause.value, best.changes) == ("wifi.radio_off", ())
    assert "Is it to be switched on again?" in best.question


def test_a_setting_that_hides_a_known_bug_is_proposed(visit: "Visit") -> None:
    ill = visit("device.known_bug", SLOW, {"bug": "power_save"}, BRIGHTMOOR, known_bugs=KNOWN_BUGS)
    assert ill.world.quality().broken

    best = ill.candidates()[0]
    ill.heed(best)

    assert best.finding.cause.value == "device.known_bug"
    assert ill.world.quality().well


def test_a_known_bug_that_no_setting_hides_wants_other_software(visit: "Visit") -> None:
    ill = visit("device.known_bug", SLOW, {"bug": "nat_table"}, known_bugs=KNOWN_BUGS)

    best = ill.candidates()[0]

    assert (best.finding.cause.value, best.changes) == ("device.known_bug", ())
    assert "For whoever plans software" in best.hand_over


def test_a_version_with_a_known_bug_is_not_blamed_where_the_bug_does_not_show(
    visit: "Visit",
) -> None:
    well = visit("", SLOW, {}, {"uptime_hours": 240}, known_bugs=KNOWN_BUGS)

    assert well.candidates() == ()
