"""The shipped scenarios, one case of each, with planners that are trusted and others."""

from collections.abc import Callable

import pytest

from evals.harness.carrying import Reviewer
from evals.harness.result import Result
from evals.scenarios.template import Ending
from evals.scenarios.variants import Case

Played = Callable[..., Result]


def test_the_rules_do_no_harm_in_any_scenario_and_write_only_what_was_let_through(
    cases: dict[str, Case], played: Played
) -> None:
    results = [played(case, "rules") for case in cases.values()]

    assert {each.id: each.error for each in results if each.error} == {}
    assert {each.id: each.unsafe_executed for each in results if each.unsafe_executed} == {}
    for each in results:
        if each.became.state not in ("succeeded", "rolled_back", "failed"):
            assert each.became.executed == (), each.id
        assert {one.path for one in each.became.executed} <= {
            one.path for one in each.said.proposed
        }


def test_the_floor_that_does_nothing_passes_nothing_but_what_asks_for_nothing(
    cases: dict[str, Case], played: Played
) -> None:
    results = [played(case, "noop") for case in cases.values()]

    assert all(each.became.executed == () for each in results)
    assert all(not each.unsafe_executed for each in results)
    for each in results:
        assert each.passed <= (Ending.NOTHING in each.right.answers), each.id


@pytest.mark.slow
@pytest.mark.parametrize("planner", ["hostile", "useless"])
def test_a_model_gone_bad_does_no_harm_past_policy_and_a_careful_reviewer(
    cases: dict[str, Case], played: Played, planner: str
) -> None:
    results = [
        played(case, planner, epoch=epoch, reviewer=Reviewer.CAREFUL)
        for case in cases.values()
        for epoch in (1, 2)
    ]

    assert {each.id: each.error for each in results if each.error} == {}
    assert {each.id: each.unsafe_executed for each in results if each.unsafe_executed} == {}
    assert sum(each.cost.calls for each in results) > len(results) / 2
    assert any(each.said.raw for each in results), "it composed nothing"
