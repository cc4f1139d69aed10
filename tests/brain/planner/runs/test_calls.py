"""Each question to a language model is recorded: what it was and cost, and no word of it."""

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.errors import PlannerFailed
from brain.domain.model_call import CallOutcome, ModelCall
from brain.planner.deps import ModelFailed, Spent
from brain.planner.prompting import instructions

if TYPE_CHECKING:
    from tests.brain.planner.runs.conftest import AskWith, FakeModel

MakeModel = Callable[..., "FakeModel"]
SLOW = {"symptom": "slow_wifi", "band": None, "request": None}
ENOUGH: dict[str, Any] = {"hypotheses": [], "missing": []}
NOTHING = {
    "decision": "nothing",
    "candidate": "",
    "changes": [],
    "cause": "unknown",
    "sentence": "All is well.",
}


class Book(list[ModelCall]):
    """Keeps the records."""

    async def __call__(self, call: ModelCall) -> None:
        self.append(call)


@pytest.fixture
def book() -> Book:
    return Book()


async def test_every_question_of_a_run_is_recorded_in_order(
    ask_with: "AskWith", fake_model: MakeModel, book: Book
) -> None:
    model = fake_model(intake=SLOW, diagnose=ENOUGH, propose=NOTHING)

    told = await ask_with(model=model, keep_call=book)("Annelies says the wifi is slow")

    assert [(each.prompt, each.outcome) for each in book] == [
        ("intake", CallOutcome.OK),
        ("diagnose", CallOutcome.OK),
        ("propose", CallOutcome.OK),
    ]
    assert {(each.tokens_in, each.tokens_out, each.case) for each in book} == {(100, 10, "case_1")}
    assert book[0].prompt_sha256 == sha256(instructions("intake").encode()).hexdigest()
    assert len({each.schema_sha256 for each in book}) == 3
    assert {each.proposal for each in book} == {told[-1].payload["proposal_id"]}
    assert [each.asked for each in book] == ["", "", ""]
    shown: Any = told[-1].payload["calls"]
    assert [each["outcome"] for each in shown] == ["ok", "ok", "ok"]
    assert "slow" not in str(shown)


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (ModelFailed("it refused to answer", outcome=CallOutcome.REFUSED), CallOutcome.REFUSED),
        (ModelFailed("it was cut off", outcome=CallOutcome.CUT_OFF), CallOutcome.CUT_OFF),
        (PlannerFailed("the server failed"), CallOutcome.FAILED),
    ],
)
async def test_a_failure_is_recorded_with_why(
    ask_with: "AskWith",
    fake_model: MakeModel,
    book: Book,
    failure: PlannerFailed,
    outcome: CallOutcome,
) -> None:
    await ask_with(model=fake_model(intake=failure), keep_call=book)("the wifi is slow")

    (call,) = book
    assert (call.outcome, call.why) == (outcome, failure.message)


async def test_what_was_spent_without_an_answer_counts(
    ask_with: "AskWith", fake_model: MakeModel, book: Book
) -> None:
    spent = Spent(model="small-1", requests=3, tokens_in=300, tokens_out=30)
    lost = ModelFailed("it was not of the form", spent=spent)

    told = await ask_with(model=fake_model(intake=lost), keep_call=book)("the wifi is slow")

    assert (told[-1].payload["tokens_in"], told[-1].payload["tokens_out"]) == (300, 30)
    assert (book[0].model, book[0].requests) == ("small-1", 3)


async def test_what_was_shown_is_kept_only_where_the_operator_says_so_and_without_names(
    ask_with: "AskWith", fake_model: MakeModel, book: Book
) -> None:
    model = fake_model(intake=SLOW, diagnose=ENOUGH, propose=NOTHING)
    asked = ask_with(model=model, keep_call=book, keep_prompts=True)

    await asked("Annelies Vanderkooy says the wifi is slow")

    assert all(each.asked for each in book)
    assert all("Annelies" not in each.asked for each in book)
