"""Taking parts away from what a model is shown: those, and nothing else."""

import json
from dataclasses import dataclass, field

import pytest
from pydantic import BaseModel

from brain.domain.errors import InvalidInput
from brain.planner.deps import Prompt, Reply
from brain.planner.prompting import prompt
from evals.harness.blinding import PARTS, Blinded, parts
from evals.harness.minds import Planned


class Anything(BaseModel):
    """Any shape."""


@dataclass
class Seeing:
    """A model that keeps what it is shown."""

    shown: list[Prompt] = field(default_factory=list)

    async def ask(self, prompt: Prompt, shape: type[BaseModel], *, seconds: float) -> Reply:
        self.shown.append(prompt)
        return Reply(answer=shape())


async def test_a_part_is_empty_for_it_and_the_others_are_as_they_were() -> None:
    asked = prompt("diagnose", {"neighbours": {"known": 3}, "events": {}, "symptom": "delay"})
    model = Seeing()

    await Blinded(model, {"neighbours"}).ask(asked, Anything, seconds=1)

    (shown,) = model.shown
    assert json.loads(shown.data) == {"neighbours": {}, "events": {}, "symptom": "delay"}
    assert (shown.name, shown.instructions) == (asked.name, asked.instructions)


async def test_without_nothing_taken_away_it_is_asked_word_for_word() -> None:
    asked = prompt("propose", {"candidates": [{"id": "c1 `x`"}], "symptom": "delay"})
    model = Seeing()

    await Blinded(model, frozenset()).ask(asked, Anything, seconds=1)

    assert model.shown == [asked]


def test_every_part_stands_in_a_prompt_that_names_it() -> None:
    told = prompt("diagnose", {}).instructions + prompt("propose", {}).instructions

    assert [name for name in PARTS if f"`{name}`" not in told] == []


def test_a_part_that_there_is_not_is_refused_by_name() -> None:
    assert parts("events, hosts") == {"events", "hosts"}
    with pytest.raises(InvalidInput, match=r"no model is shown hunches.*candidates"):
        parts("events,hunches")


def test_only_a_model_can_be_kept_in_the_dark() -> None:
    with pytest.raises(InvalidInput, match="only --planner llm"):
        Planned(name="rules", without=frozenset({"events"}))
