"""Each trouble that no setting mends: named, told to whoever acts on it, and nothing is changed."""

from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.incident import Symptom
from brain.planner.diagnosis import SURE_ENOUGH

if TYPE_CHECKING:
    from tests.evals.planner.conftest import Visit

BRIGHTMOOR = {"model": "brightmoor-hearth6"}
EXTENDER = {"extender": {}, "subject": "extender"}
SLOW, GONE, DROPS = Symptom.SLOW_WIFI, Symptom.NO_INTERNET, Symptom.UNSTABLE_LINE
OUTSIDE, PHONE = Symptom.NOT_REACHED_FROM_OUTSIDE, Symptom.NO_TELEPHONE
SITES, REPORTS = Symptom.SITES_DO_NOT_OPEN, Symptom.NOT_REPORTING

LAN = "Device.IP.Interface.1.IPv4Address.1.IPAddress"
NOT_OURS: list[tuple[str, Symptom, dict[str, Any], dict[str, Any], str, str]] = [
    ("wifi.weak_coverage", SLOW, {}, {}, "the subscriber", "access point"),
    (
        "wifi.weak_coverage",
        SLOW,
        {"metres": 18, "walls": 3, "floors": 0},
        {},
        "the subscriber",
        "-81 dBm",
    ),
    ("wifi.mesh_backhaul", SLOW, {}, EXTENDER, "the subscriber", "-87 dBm"),
    ("home.clients_own_trouble", SLOW, {}, {}, "the subscriber", "75 of 100"),
    (
        "wan.login_refused",
        GONE,
        {"why": "account"},
        BRIGHTMOOR,
        "whoever keeps the accounts",
        "ERROR_ACCOUNT_DISABLED",
    ),
    (
        "wan.login_refused",
        GONE,
        {"why": "password"},
        BRIGHTMOOR,
        "whoever keeps the accounts",
        "ERROR_AUTHENTICATION_FAILURE",
    ),
    ("wan.wrong_vlan", GONE, {}, BRIGHTMOOR, "the network team", "VLAN 100"),
    (
        "wan.no_ipv6_prefix",
        Symptom.NO_IPV6,
        {"why": "not_delegated"},
        {},
        "the network team",
        "delegation",
    ),
    ("wan.double_nat", OUTSIDE, {}, {}, "the subscriber", "another router"),
    ("service.igmp_off", Symptom.NO_TELEVISION, {}, {}, "the television team", "IGMP"),
    ("service.voice_codec", PHONE, {}, {}, "the telephone team", "G.723.1"),
    (
        "service.voice_not_registered",
        PHONE,
        {"why": "account"},
        {},
        "the telephone team",
        "registrar",
    ),
    (
        "management.wrong_inform",
        REPORTS,
        {"off": True},
        {},
        "whoever runs the controller",
        "that is off",
    ),
    (
        "management.wrong_inform",
        REPORTS,
        {},
        {},
        "whoever runs the controller",
        "every 24 hours",
    ),
    ("access.weak_optical_signal", DROPS, {}, {}, "the field team", "-29.9 dBm"),
    ("access.dsl_noise", DROPS, {}, {"model": "ferncliff-v2"}, "the field team", "-2.0 dB"),
    ("access.cable_noise", DROPS, {}, {"model": "quillon-q5"}, "the field team", "29.0 dB"),
    ("access.weak_cell", SLOW, {}, {"model": "tarn-c5"}, "the radio network team", "-121 dBm"),
]


@pytest.mark.parametrize(("kind", "symptom", "fault", "world", "whom", "figure"), NOT_OURS)
def test_it_is_handed_over_with_its_figures_and_nothing_is_changed(
    visit: "Visit",
    kind: str,
    symptom: Symptom,
    fault: dict[str, Any],
    world: dict[str, Any],
    whom: str,
    figure: str,
) -> None:
    best, *others = visit(kind, symptom, fault, world).candidates()

    assert best.finding.cause.value == kind
    assert [each.id for each in (best, *others) if each.changes] == []
    assert best.hand_over.startswith("For ")
    assert whom in best.hand_over
    assert figure in best.hand_over
    assert best.finding.evidence


def test_an_address_at_home_that_the_box_calls_given_is_not_taken_for_one_outside(
    visit: "Visit",
) -> None:
    old = visit("none.nothing_wrong", OUTSIDE, {}, {"model": "huawei-bm632w"})
    assert old.snapshot.get(LAN.replace("IPAddress", "AddressingType")) == "DHCP"

    found = {each.finding.cause.value for each in old.candidates()}

    assert not found & {"wan.double_nat", "lan.address_clash"}


@pytest.mark.parametrize(
    ("kind", "model"),
    [
        ("access.weak_optical_signal", "havrelund-hl2400"),
        ("access.dsl_noise", "ferncliff-v2"),
        ("access.cable_noise", "quillon-q5"),
        ("access.weak_cell", "tarn-c5"),
    ],
)
def test_a_line_that_is_ill_is_told_too_where_people_blame_the_wifi(
    visit: "Visit", kind: str, model: str
) -> None:
    best = visit(kind, Symptom.CANNOT_JOIN, {}, {"model": model}).candidates()[0]

    assert best.finding.cause.value == kind
    assert SURE_ENOUGH <= best.finding.confidence < 0.6
    assert best.hand_over


def test_a_suspended_service_is_billings_to_give_back(visit: "Visit") -> None:
    held = visit("wan.suspended", GONE, plan="suspended")

    best = held.candidates()[0]

    assert (best.finding.cause.value, best.changes) == ("wan.suspended", ())
    assert "For billing" in best.hand_over


def test_nobody_is_called_suspended_whom_the_books_do_not_say(visit: "Visit") -> None:
    assert visit("wan.suspended", GONE, plan="home-500").candidates() == ()


def test_what_is_over_is_said_and_left_alone(visit: "Visit") -> None:
    (only,) = visit("none.healed", GONE).candidates()

    assert only.finding.cause.value == "none.healed"
    assert (only.changes, only.hand_over, only.question) == ((), "", "")
    assert "came back 30 minutes ago" in only.advice


@pytest.mark.parametrize("symptom", [SLOW, GONE, DROPS, SITES, Symptom.DELAY, REPORTS])
@pytest.mark.parametrize(
    "model",
    [
        "havrelund-hl2400",
        "brightmoor-hearth6",
        "ferncliff-v2",
        "quillon-q5",
        "tarn-c5",
        "huawei-bm632w",
    ],
)
def test_a_home_that_is_well_is_told_nothing(visit: "Visit", model: str, symptom: Symptom) -> None:
    assert visit("none.nothing_wrong", symptom, {}, {"model": model}).candidates() == ()
