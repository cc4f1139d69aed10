"""Where the words say nothing, or lead nowhere, a model's reading of them is tried."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from brain.domain.proposal import Author, Cause

if TYPE_CHECKING:
    from tests.brain.planner.conftest import FakeWorld
    from tests.brain.planner.runs.conftest import AskWith, FakeModel

MakeModel = Callable[..., "FakeModel"]
ENOUGH: dict[str, Any] = {"hypotheses": [], "missing": []}
CHANNEL = "Device.WiFi.Radio.1.Channel"
LOOK = "customer is unhappy, something is wrong with the box"
NOTHING = {
    "decision": "nothing",
    "candidate": "",
    "changes": [],
    "cause": "unknown",
    "sentence": "All is well.",
}


def choose(candidate: str) -> dict[str, Any]:
    return {
        "decision": "candidate",
        "candidate": candidate,
        "changes": [],
        "cause": "unknown",
        "sentence": "It is full.",
    }


async def test_its_reading_is_tried_when_the_words_lead_to_nothing(
    ask_with: "AskWith", world: "FakeWorld", fake_model: MakeModel
) -> None:
    world.values["Device.DNS.Client.Server.1.Status"] = "Error"
    reads_names = {"symptom": "sites_do_not_open", "band": None, "request": None}
    asked = fake_model(intake=reads_names, diagnose=ENOUGH, propose=choose("dns"))

    await ask_with(model=asked)("the wifi is slow")

    (proposal,) = world.submitted
    assert proposal.author is Author.LLM_CHOSEN
    assert all(".DNS." in change.path for change in proposal.changes)


async def test_its_reading_is_not_tried_where_the_words_lead_somewhere(
    ask_with: "AskWith", world: "FakeWorld", crowded: dict[str, str], fake_model: MakeModel
) -> None:
    world.values |= crowded
    reads_names = {"symptom": "sites_do_not_open", "band": None, "request": None}
    asked = fake_model(intake=reads_names, diagnose=ENOUGH, propose=choose("channel-1-1"))

    await ask_with(model=asked)("the wifi is slow")

    assert [c.path for c in world.submitted[0].changes] == [CHANNEL]
    assert '"symptom":"slow_wifi"' in asked.asked[-1].data


async def test_where_no_words_say_what_hurts_and_the_evidence_does_its_reading_is_not_needed(
    ask_with: "AskWith", world: "FakeWorld", fake_model: MakeModel
) -> None:
    world.values["Device.Optical.Interface.1.OpticalSignalLevel"] = "-30000"
    reads_names = {"symptom": "sites_do_not_open", "band": None, "request": None}
    asked = fake_model(intake=reads_names, diagnose=ENOUGH, propose=choose("weak-optical-1"))

    await ask_with(model=asked)(LOOK)

    assert [each.finding.cause for each in world.handed_over] == [Cause.WEAK_OPTICAL_SIGNAL]
    assert [each.name for each in asked.asked] == ["intake"]


async def test_where_no_words_say_what_hurts_its_reading_tells_what_is_meant(
    ask_with: "AskWith", world: "FakeWorld", half_told: dict[str, str], fake_model: MakeModel
) -> None:
    world.values |= half_told
    reads_wifi = {"symptom": "slow_wifi", "band": None, "request": None}
    asked = fake_model(intake=reads_wifi, diagnose=ENOUGH, propose=choose("channel-1-1"))

    await ask_with(model=asked)(LOOK)

    assert [each.author for each in world.submitted] == [Author.LLM_CHOSEN]
    assert '"symptom":"slow_wifi"' in asked.asked[-1].data


async def test_a_complaint_that_only_it_hears_and_nothing_shows_ends_in_a_question(
    ask_with: "AskWith", world: "FakeWorld", fake_model: MakeModel
) -> None:
    reads_wifi = {"symptom": "slow_wifi", "band": None, "request": None}
    asked = fake_model(intake=reads_wifi, diagnose=ENOUGH, propose=NOTHING)

    told = await ask_with(model=asked)("Please have a look.")

    assert told.kinds == ["question", "done"]
    assert world.submitted == []


async def test_where_its_reading_leads_nowhere_either_the_question_stays(
    ask_with: "AskWith", world: "FakeWorld", fake_model: MakeModel
) -> None:
    reads_wifi = {"symptom": "slow_wifi", "band": None, "request": None}
    asked = fake_model(intake=reads_wifi, diagnose=ENOUGH, propose=NOTHING)

    told = await ask_with(model=asked)(LOOK)

    assert told.kinds == ["question", "done"]
    assert world.submitted == []


async def test_nothing_is_changed_where_only_it_hears_a_complaint_and_what_was_found_is_asked_about(
    ask_with: "AskWith", world: "FakeWorld", crowded: dict[str, str], fake_model: MakeModel
) -> None:
    world.values |= crowded
    reads_wifi = {"symptom": "slow_wifi", "band": None, "request": None}
    asked = fake_model(intake=reads_wifi, diagnose=ENOUGH, propose=choose("channel-1-1"))

    told = await ask_with(model=asked)("Please have a look.")

    assert told.kinds == ["question", "done"]
    assert "Channel 6 is crowded." in told.of("question")[0].text
    assert world.submitted == []
