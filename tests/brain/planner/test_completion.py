"""A completion is read for what it is, and what it cost is known even when nobody counted."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from brain.domain.errors import PlannerFailed
from brain.planner.completion import Completion, Misshapen, parsed, read_completion, tokens_of


class Colour(BaseModel):
    model_config = ConfigDict(extra="forbid")

    colour: str


def completion(text: str, usage: object = None) -> Completion:
    choice = {"message": {"content": text}, "finish_reason": "stop"}
    return Completion.model_validate({"choices": [choice], "model": "m", "usage": usage})


@given(st.binary(max_size=200))
def test_any_bytes_are_a_completion_or_a_planner_failure(body: bytes) -> None:
    with suppress(PlannerFailed):
        assert isinstance(read_completion(body), Completion)


def test_what_is_off_the_shape_is_told_without_what_it_was() -> None:
    with pytest.raises(Misshapen) as caught:
        parsed('{"colour": {"secret": "hunter2"}}', Colour)

    assert str(caught.value) == "colour: Input should be a valid string"


def test_a_long_reason_is_cut_short() -> None:
    with pytest.raises(Misshapen) as caught:
        parsed('{"colour": "blue", "' + "x" * 5_000 + '": 1}', Colour)

    assert len(str(caught.value)) == 200


def test_tokens_that_nobody_counted_are_estimated() -> None:
    assert tokens_of(completion('{"colour":"b"}'), sent=400) == (100, 3)


def test_negative_counts_give_nothing_back_to_the_budget() -> None:
    usage = {"prompt_tokens": -1_000_000, "completion_tokens": -5}

    taken_in, given_out = tokens_of(completion("{}", usage), sent=4)

    assert taken_in >= 0
    assert given_out >= 0
