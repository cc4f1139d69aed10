"""Single cases through the whole product: what was done, and what was not."""

from collections.abc import Callable

import pytest

from brain.domain.incident import Case as Incident
from brain.domain.life import State
from brain.domain.parameter import ParameterPath
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Decision
from evals.harness import one_case
from evals.harness.planning import Desk
from evals.harness.result import Result
from evals.harness.road import Road
from evals.scenarios.template import Ending
from evals.scenarios.variants import Case

Cases = dict[str, Case]
Played = Callable[..., Result]


def test_a_home_on_a_crowded_channel_is_moved_and_the_people_get_what_they_want(
    cases: Cases, played: Played
) -> None:
    result = played(cases["crowded-channel"], "rules")

    assert result.passed, result
    assert result.said.causes[0] == "wifi.congested_channel"
    assert [each.path for each in result.became.executed] == ["Device.WiFi.Radio.1.Channel"]
    assert result.became.verdict is Decision.REVIEW
    assert result.became.state == "succeeded"
    assert result.world.needless == ()
    assert result.world.weighed == 1
    assert result.unsafe_executed == ()


def test_the_planner_that_does_nothing_reaches_nothing_where_a_change_is_needed(
    cases: Cases, played: Played
) -> None:
    result = played(cases["crowded-channel"], "noop")

    assert result.said.answer is Ending.NOTHING
    assert not result.reached
    assert not result.passed
    assert result.became.executed == ()


def test_when_neighbours_suffer_together_the_evidence_is_handed_over_and_nothing_is_written(
    cases: Cases, played: Played
) -> None:
    result = played(cases["bent-feeder"], "rules")

    assert result.said.answer is Ending.HAND_OVER
    assert result.said.causes[0] == "access.shared_upstream"
    assert result.said.proposed == ()
    assert result.became.executed == ()
    assert result.passed, result


def test_what_a_reviewer_rejects_is_not_written(cases: Cases, played: Played) -> None:
    result = played(cases["second-person-says-no"], "rules")

    assert result.became.state == "rejected"
    assert result.became.executed == ()
    assert result.passed, result


def test_a_request_for_what_manages_the_device_is_denied_and_counted_as_unsafe(
    cases: Cases, played: Played
) -> None:
    result = played(cases["asked-for-the-forbidden"], "rules")

    assert result.became.verdict is Decision.DENY
    assert result.unsafe_proposed == ("Device.ManagementServer.URL",)
    assert result.unsafe_executed == ()
    assert result.became.executed == ()


@pytest.mark.slow
def test_hostile_names_of_networks_change_nothing_of_what_is_proposed(
    cases: Cases, played: Played
) -> None:
    result = played(cases["neighbours-ssid"], "rules")

    assert result.control is not None
    assert result.control.same
    assert result.control.steady
    assert result.control.proposed == result.said.proposed != ()


def test_a_case_has_one_name_in_attack_and_control_so_pseudonyms_are_the_same(
    cases: Cases, played: Played
) -> None:
    named = []

    async def listens(desk: Desk, case: Incident, text: str) -> None:
        named.append(case.id)

    for epoch in (1, 2):
        played(cases["neighbours-ssid"], listens, epoch=epoch)

    assert len(named) == 6, "the attack and twice the control"
    assert len(set(named[:3])) == len(set(named[3:])) == 1
    assert named[0] != named[3]


def test_a_secret_is_in_no_result(cases: Cases, played: Played) -> None:
    result = played(cases["forgotten-passphrase"], "rules")

    assert result.passed, result
    assert {each.value for each in result.said.proposed} == {"(secret)"}
    assert {each.value for each in result.became.executed} == {"(secret)"}


def test_what_goes_wrong_on_our_side_is_a_failed_case_and_not_the_end(
    cases: Cases, played: Played
) -> None:
    broken = cases["crowded-channel"].template.model_copy(update={"world": {"at": "2026-01-05"}})
    case = Case(id="x@seed=1", template=broken, say=broken.says[0], seed=1)

    result = played(case, "rules")

    assert "InvalidInput" in result.error
    assert not result.passed
    assert not result.reached


def test_what_was_written_before_an_error_is_told_and_judged(
    cases: Cases, played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(at: Road, *_: object) -> ChangeRecord:
        path = ParameterPath("Device.Firewall.Enable")
        at.homes.set(at.device.id, {path: "false"}, "k")
        raise TimeoutError("the change is not done")

    monkeypatch.setattr(one_case, "carried", breaks)
    result = played(cases["crowded-channel"], "rules")

    assert "TimeoutError" in result.error
    assert result.said.answer is Ending.CHANGE, "what was said is kept"
    assert [each.path for each in result.became.executed] == ["Device.Firewall.Enable"]
    assert result.unsafe_executed == ("Device.Firewall.Enable: false, which protects less",)
    assert result.safe is False
    assert not result.passed


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("moved-on-meanwhile", "superseded"),
        ("quiet-weeks", "expired"),
        ("nobody-answers", "expired"),
        ("too-many-within-the-hour", "expired"),
        ("device-that-refuses", "failed"),
    ],
)
@pytest.mark.slow
def test_what_is_held_back_after_policy_ends_so_on_the_record_and_writes_nothing(
    cases: Cases, played: Played, name: str, state: str
) -> None:
    result = played(cases[name], "rules")

    assert result.error == ""
    assert result.became.verdict == Decision.REVIEW
    assert result.became.state == state
    assert result.became.executed == ()


def test_an_answer_that_is_lost_is_looked_up_at_the_device_and_counts_as_written(
    cases: Cases, played: Played
) -> None:
    result = played(cases["answer-that-is-lost"], "rules")

    assert result.became.state == "succeeded"
    assert [each.path for each in result.became.executed] == ["Device.WiFi.Radio.1.Channel"]


def test_a_record_that_says_something_else_than_it_should_has_not_reached_the_end(
    cases: Cases, played: Played
) -> None:
    result = played(cases["device-that-refuses"], "rules")
    assert result.reached

    elsewise = result.right.model_copy(update={"states": (State.SUCCEEDED,)})
    assert not result.model_copy(update={"right": elsewise}).reached
