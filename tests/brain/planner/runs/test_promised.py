"""What the device's controller cannot promise is handed over, and a model is told of it."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.controller import GENIEACS, OKTOPUS, OWN_ACS, Capabilities
from brain.planner.promised import cannot

SLOW = {"symptom": "slow_wifi", "band": None, "request": None}
ENOUGH: dict[str, Any] = {"hypotheses": [], "missing": []}
NOTHING = {
    "decision": "nothing",
    "candidate": "",
    "changes": [],
    "cause": "unknown",
    "sentence": "All is well.",
}

if TYPE_CHECKING:
    from tests.brain.planner.conftest import FakeWorld
    from tests.brain.planner.runs.conftest import AskWith, FakeModel


async def test_a_secret_that_nobody_could_prove_is_handed_over_and_not_proposed(
    ask_with: "AskWith", world: "FakeWorld"
) -> None:
    told = await ask_with(promised=lambda device: GENIEACS)("she forgot the wifi password")

    (event,) = told.of("hand_over")
    assert "by hand" in event.text
    assert "(genieacs)" in event.text
    assert "fresh-4711" not in event.text
    assert world.submitted == []


@pytest.mark.parametrize("promised", [OWN_ACS, None])
async def test_where_it_can_be_proved_or_nobody_knows_it_is_proposed(
    ask_with: "AskWith", world: "FakeWorld", promised: Capabilities | None
) -> None:
    await ask_with(promised=lambda device: promised)("she forgot the wifi password")

    assert all(change.secret for change in world.submitted[0].changes)


async def test_what_is_no_secret_is_proposed_all_the_same(
    ask_with: "AskWith", world: "FakeWorld"
) -> None:
    await ask_with(promised=lambda device: GENIEACS)("put the 2.4 GHz wifi on channel 13")

    assert [change.after for change in world.submitted[0].changes] == ["13"]


async def test_a_model_that_chooses_is_shown_it_and_nothing_where_all_is_promised(
    ask_with: "AskWith",
    world: "FakeWorld",
    half_told: dict[str, str],
    fake_model: "type[FakeModel]",
) -> None:
    world.values |= half_told
    shown = []
    for promised in (GENIEACS, OWN_ACS):
        model = fake_model(intake=SLOW, diagnose=ENOUGH, propose=[NOTHING])
        await ask_with(model=model, promised=lambda device, what=promised: what)("the wifi is slow")
        (asked,) = [each for each in model.asked if each.name == "propose"]
        shown.append(json.loads(asked.data).get("controller_cannot"))

    assert shown == [cannot(GENIEACS), None]


@pytest.mark.parametrize(
    ("promised", "words"),
    [
        (GENIEACS, ["set several parameters all or nothing", "prove that a secret was set"]),
        (OKTOPUS, ["prove that a secret was set"]),
        (OWN_ACS, []),
        (None, []),
    ],
)
def test_a_model_is_told_what_cannot_be_done(promised: Any, words: list[str]) -> None:
    assert cannot(promised) == words
