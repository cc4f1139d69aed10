"""Each trouble that no setting mends: named, told to whoever acts on it, and nothing is changed."""

from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.incident import Symptom

if TYPE_CHECKING:
    from tests.evals.planner.conftest import Visit

BRIGHTMOOR = {"model": "brightmoor-hearth6"}
EXTENDER = {"extender": {}, "subject": "extender"}
SLOW, GONE, DROPS = Symptom.SLOW_WIFI, Symptom.NO_INTERNET, Symptom.UNSTABLE_LINE
OUTSIDE, PHONE = Symptom.NOT_REACHED_FROM_OUTSIDE, Symptom.NO_TELEPHONE

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


@pytest.mark.parametrize("symptom", [SLOW, GONE, DROPS, Symptom.SITES_DO_NOT_OPEN, Symptom.DELAY])
@pytest.mark.parametrize(
    "model",
    ["havrelund-hl2400", "brightmoor-hearth6", "ferncliff-v2", "quillon-q5", "tarn-c5"],
)
def test_a_home_that_is_well_is_told_nothing(visit: "Visit", model: str, symptom: Symptom) -> None:
    assert visit("none.nothing_wrong", symptom, {}, {"model": model}).candidates() == ()
