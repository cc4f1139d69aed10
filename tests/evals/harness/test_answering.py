"""The agent's yes follows from what the subscriber suffers from, and from nothing else."""

from typing import Any

import pytest

from brain.planner.confirming import CONFIRM
from brain.planner.events import EventKind, PlannerEvent
from evals.harness.answering import NO, YES, answer_to
from evals.scenarios.template import Expect

DEAD_NAMES = Expect.model_validate({"answer": "change", "causes": ["wan.wrong_dns"]})


def said(kind: EventKind, **payload: Any) -> PlannerEvent:
    return PlannerEvent(kind=kind, text="", payload=payload)


def asks(cause: str) -> list[PlannerEvent]:
    about = {"candidate": "some", "cause": cause}
    return [said("step"), said("question", **{CONFIRM: about}), said("done")]


@pytest.mark.parametrize(
    ("cause", "answer"),
    [
        ("wan.wrong_dns", YES),
        ("wan.wrong_mtu", YES),  # sites do not open then, either
        ("wifi.congested_channel", NO),
        ("no.such_cause", NO),
    ],
)
def test_a_cause_is_granted_when_it_explains_what_hurts(cause: str, answer: str) -> None:
    assert answer_to(asks(cause), DEAD_NAMES) == answer


@pytest.mark.parametrize(
    "expect", [{"answer": "change"}, {"answer": "nothing", "causes": ["none.nothing_wrong"]}]
)
def test_where_nothing_is_known_to_hurt_the_answer_is_no(expect: dict[str, Any]) -> None:
    assert answer_to(asks("wan.wrong_dns"), Expect.model_validate(expect)) == NO


def test_where_something_hurts_it_is_yes_even_if_no_change_here_is_right() -> None:
    cut = Expect.model_validate({"answer": "hand_over", "causes": ["access.outage"]})

    assert answer_to(asks("wan.wrong_dns"), cut) == YES


@pytest.mark.parametrize(
    "events",
    [
        [],
        [said("question"), said("done")],
        [*asks("wan.wrong_dns"), said("proposal"), said("done")],
    ],
)
def test_an_open_question_and_what_is_no_question_are_not_answered(
    events: list[PlannerEvent],
) -> None:
    assert answer_to(events, DEAD_NAMES) == ""
