"""Where only a model hears a complaint, the agent is asked; a yes is planned for, a no is not."""

from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.proposal import Author
from brain.planner.confirming import CONFIRM
from tests.brain.conversation.conftest import begin
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
    asked: Any = (await talk.one(UNHEARD)).payload
    model.asked.clear()

    proposed = await talk.one("Yes")

    record = await talk.change(proposed)
    considered: Any = proposed.payload["considered"]
    assert considered["chosen"] == asked[CONFIRM]["candidate"]
    assert record.author is Author.RULES
    assert [each.name for each in model.asked] == []


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
