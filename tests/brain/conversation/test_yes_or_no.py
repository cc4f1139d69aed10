"""Where only a model hears a complaint, the agent is asked; a yes is planned for, a no is not."""

from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.change import SetParameter
from brain.domain.parameter import ParameterPath
from brain.domain.proposal import Author
from brain.domain.verdict import Decision
from brain.planner.confirming import CONFIRM
from tests.brain.conversation.conftest import CROWD, SCAN, begin
from tests.brain.planner.runs.conftest import FakeModel

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

    from brain.store.store import Store
    from tests.brain.conversation.conftest import Talk

UNHEARD = "He says it is like wading through treacle."
HEARS: dict[str, Any] = {"symptom": "slow_wifi", "band": None, "request": None}
CHOOSES: dict[str, Any] = {
    "decision": "candidate",
    "candidate": "channel-1-1",
    "changes": [],
    "cause": "unknown",
    "sentence": "It is full.",
}


@pytest.fixture
def model() -> FakeModel:
    return FakeModel(intake=HEARS, diagnose={"hypotheses": [], "missing": []}, propose=CHOOSES)


@pytest.fixture
async def talk(store: "Store", saver: "BaseCheckpointSaver[str]", model: FakeModel) -> "Talk":
    return await begin(store, saver, model)  # type: ignore[arg-type]  # it answers all the same


async def test_what_was_found_is_asked_about_before_anything_is_proposed(talk: "Talk") -> None:
    asked = await talk.one(UNHEARD)

    assert asked.kind == "question"
    assert "Channel 6 is crowded." in asked.text
    assert "Yes or no" in asked.text
    about: Any = asked.payload[CONFIRM]
    assert about["cause"] == "wifi.congested_channel"
    assert not await talk.changes()


async def test_a_yes_proposes_exactly_what_was_asked_about(talk: "Talk", model: FakeModel) -> None:
    asked = await talk.one(UNHEARD)
    model.asked.clear()

    proposed = await talk.one("Yes")

    record = await talk.change(proposed)
    (change,) = record.plan.changes
    assert isinstance(change, SetParameter)
    assert f"to {change.after}" in asked.text
    assert record.author is Author.LLM_CHOSEN
    assert model.asked == []


async def test_a_yes_is_no_yes_to_what_became_of_it_meanwhile(talk: "Talk") -> None:
    asked = await talk.one(UNHEARD)
    for number in (4, 5, 6):
        crowd = {f"{SCAN}{number}.{path[len(SCAN) + 2 :]}": value for path, value in CROWD.items()}
        full = {path: "1" if path.endswith(".Channel") else value for path, value in crowd.items()}
        talk.bench.tree.update({ParameterPath(path): value for path, value in full.items()})

    again = await talk.one("Yes")

    assert again.kind == "question"
    assert again.payload[CONFIRM] != asked.payload[CONFIRM]
    assert not await talk.changes()


@pytest.mark.parametrize(
    "words", ["no, nothing is wrong on 2.4 GHz", "no, the 2.4 GHz one", "Yes but not now"]
)
async def test_what_is_no_plain_yes_proposes_nothing(talk: "Talk", words: str) -> None:
    await talk.one(UNHEARD)

    said = await talk.say(words)

    assert [each.kind for each in said] == ["question"]
    assert not await talk.changes()


async def test_a_wish_that_only_a_model_read_stays_its_own_when_somebody_goes_on(
    store: "Store", saver: "BaseCheckpointSaver[str]"
) -> None:
    off = {"kind": "radio_off", "value": "", "path": ""}
    wishes = FakeModel(intake={"symptom": "explicit_request", "band": "2.4GHz", "request": off})
    talk = await begin(store, saver, wishes)  # type: ignore[arg-type]  # it answers all the same
    await talk.say("Good morning, the customer is on the phone.")

    await talk.say("I mean the 2.4 GHz one")

    records = await talk.changes()
    assert len(records) == 2
    assert {each.author for each in records} == {Author.LLM_COMPOSED}
    assert {each.verdict.decision for each in records} == {Decision.DENY}


async def test_after_a_no_nothing_is_proposed_and_no_model_is_asked(
    talk: "Talk", model: FakeModel
) -> None:
    await talk.one(UNHEARD)
    model.asked.clear()

    said = await talk.one("No")

    assert said.kind == "question"
    assert CONFIRM not in said.payload
    assert model.asked == []
    assert not await talk.changes()


async def test_a_yes_given_twice_proposes_once(talk: "Talk") -> None:
    await talk.one(UNHEARD)
    await talk.one("Yes")

    await talk.say("Yes")

    assert len(await talk.changes()) == 1
