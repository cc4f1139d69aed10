"""What a run may spend on a language model is counted, and ends."""

from datetime import UTC, datetime

import pytest

from brain.domain.errors import PlannerFailed
from brain.domain.identity import CaseId, TenantId
from brain.domain.model_call import CallOutcome, ModelCall
from brain.planner.deps import ModelBudget
from brain.planner.notebook import Spending


def _call(*, tokens_in: int, tokens_out: int) -> ModelCall:
    return ModelCall(
        tenant=TenantId("north"),
        case=CaseId("cas_1"),
        proposal="prp_1",
        at=datetime(2026, 1, 1, tzinfo=UTC),
        prompt="intake",
        prompt_sha256="p",
        schema_sha256="s",
        outcome=CallOutcome.OK,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
    )


def test_each_call_is_counted_before_it_is_made() -> None:
    spending = Spending(ModelBudget(calls=2, seconds=10))

    assert spending.begin() == 10
    spending.begin()

    with pytest.raises(PlannerFailed, match=r"2 questions"):
        spending.begin()
    assert spending.calls == 2


def test_tokens_in_and_out_are_one_purse() -> None:
    spending = Spending(ModelBudget(tokens=100))
    spending.add(_call(tokens_in=60, tokens_out=40))

    with pytest.raises(PlannerFailed, match="100 tokens"):
        spending.begin()


def test_the_seconds_left_shrink() -> None:
    spending = Spending(ModelBudget(seconds=10), seconds=4)

    assert spending.begin() == 6
