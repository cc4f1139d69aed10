"""What a run may spend on a language model is counted, and ends."""

import pytest
from pydantic import BaseModel

from brain.domain.errors import PlannerFailed
from brain.planner.deps import ModelBudget, Reply
from brain.planner.notebook import Spending


class _Answer(BaseModel):
    pass


def test_each_call_is_counted_before_it_is_made() -> None:
    spending = Spending(ModelBudget(calls=2, seconds=10))

    assert spending.begin() == 10
    spending.begin()

    with pytest.raises(PlannerFailed, match=r"2 questions"):
        spending.begin()
    assert spending.calls == 2


def test_tokens_in_and_out_are_one_purse() -> None:
    spending = Spending(ModelBudget(tokens=100))
    spending.add(Reply(answer=_Answer(), tokens_in=60, tokens_out=40))

    with pytest.raises(PlannerFailed, match="100 tokens"):
        spending.begin()


def test_the_seconds_left_shrink() -> None:
    spending = Spending(ModelBudget(seconds=10), seconds=4)

    assert spending.begin() == 6
