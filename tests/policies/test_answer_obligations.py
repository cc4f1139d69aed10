"""What policy asks for beside approvals: read strictly, and what cannot be read is no verdict."""

from datetime import timedelta

import pytest

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable
from brain.domain.verdict import Obligations, RateLimit, Wait
from policies.answer import read
from policies.engine import RawAnswer

NIGHT: Json = {"for": ["night", "freeze"], "minutes": 1440}
ONE_AT_A_TIME: Json = {"under_way": 1, "last_hour": 12}


def obliged(**but: Json) -> Obligations:
    """What is read of an allowance with these obligations."""
    usual: dict[str, Json] = {
        "approvals": [],
        "rates": {},
        "review_after": None,
        "rollback": "automatic",
        "wait": None,
    }
    answer: Json = {"outcome": "allow", "findings": [], "obligations": usual | but}
    return read(RawAnswer(result=answer, revision="r"), revision="r", rules={}).obligations


def test_what_there_is_to_wait_for_is_read() -> None:
    assert obliged().wait is None
    assert obliged(wait=NIGHT).wait == Wait(reasons=("freeze", "night"), minutes=1440)


def test_the_limits_are_read() -> None:
    assert obliged().rates == ()
    assert obliged(rates={"port": ONE_AT_A_TIME}).rates == (
        RateLimit(scope="port", under_way=1, last_hour=12),
    )


@pytest.mark.parametrize(
    "wait",
    [
        True,
        [],
        "night",
        {},
        {"for": ["night"]},
        {"for": [], "minutes": 1},
        {"for": [""], "minutes": 1},
        {"for": [1], "minutes": 1},
        {"for": "night", "minutes": 1},
        {"for": ["night"], "minutes": 0},
        {"for": ["night"], "minutes": 1.5},
        {"for": ["night"], "minutes": True},
        {"for": ["night"], "minutes": None},
        {"for": ["night"], "minutes": 1, "more": 1},
    ],
)
def test_a_wait_that_cannot_be_read_is_no_verdict(wait: Json) -> None:
    with pytest.raises(PolicyUnavailable):
        obliged(wait=wait)


@pytest.mark.parametrize(
    "rates",
    [
        None,
        [],
        {"street": ONE_AT_A_TIME},
        {"port": None},
        {"port": {"under_way": 1}},
        {"port": {"under_way": 0, "last_hour": 1}},
        {"port": {"under_way": True, "last_hour": 1}},
        {"port": {"under_way": 1, "last_hour": "12"}},
        {"port": {"under_way": 1, "last_hour": 12, "more": 1}},
    ],
)
def test_rates_that_cannot_be_read_are_no_verdict(rates: Json) -> None:
    with pytest.raises(PolicyUnavailable):
        obliged(rates=rates)


@pytest.mark.parametrize("name", ["wait", "rates"])
def test_an_obligation_may_not_be_left_out(name: str) -> None:
    short: dict[str, Json] = {
        "approvals": [],
        "rates": {},
        "review_after": None,
        "rollback": "automatic",
        "wait": None,
    }
    del short[name]
    answer: Json = {"outcome": "allow", "findings": [], "obligations": short}

    with pytest.raises(PolicyUnavailable):
        read(RawAnswer(result=answer, revision="r"), revision="r", rules={})


def test_a_wait_makes_the_time_to_begin_longer_and_never_shorter() -> None:
    usual = timedelta(minutes=30)

    assert obliged().begin_within(usual) == usual
    assert obliged(wait=NIGHT).begin_within(usual) == timedelta(days=1)
    assert obliged(wait={"for": ["night"], "minutes": 5}).begin_within(usual) == usual
