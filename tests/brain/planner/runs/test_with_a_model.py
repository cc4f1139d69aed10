"""With a language model: it chooses among what is offered, and code grounds whatever it says."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.errors import PlannerFailed
from brain.domain.proposal import Author, Cause
from brain.planner.deps import ModelBudget, Neighbourhood

if TYPE_CHECKING:
    from tests.brain.planner.conftest import FakeWorld
    from tests.brain.planner.runs.conftest import AskWith, FakeModel

MakeModel = Callable[..., "FakeModel"]
SLOW = {"symptom": "slow_wifi", "band": None, "request": None}
ENOUGH: dict[str, Any] = {"hypotheses": [], "missing": []}
CHANNEL = "Device.WiFi.Radio.1.Channel"


def choose(candidate: str, sentence: str = "Channel 6 is full.") -> dict[str, Any]:
    return {
        "decision": "candidate",
        "candidate": candidate,
        "changes": [],
        "cause": "wifi.congested_channel",
        "sentence": sentence,
    }


def compose(*changes: tuple[str, str]) -> dict[str, Any]:
    return {
        "decision": "compose",
        "candidate": "",
        "changes": [{"path": path, "value": value} for path, value in changes],
        "cause": "wifi.congested_channel",
        "sentence": "This would help.",
    }


NOTHING = {
    "decision": "nothing",
    "candidate": "",
    "changes": [],
    "cause": "unknown",
    "sentence": "All is well.",
}


@pytest.fixture
def model(fake_model: MakeModel) -> Callable[..., "FakeModel"]:
    """A model that reads a slow Wi-Fi, has enough evidence, and proposes as given."""
    return lambda *proposals: fake_model(intake=SLOW, diagnose=ENOUGH, propose=list(proposals))


async def test_it_chooses_a_candidate_by_id(
    ask_with: "AskWith", world: "FakeWorld", half_told: dict[str, str], model: MakeModel
) -> None:
    world.values |= half_told

    told = await ask_with(model=model(choose("channel-1-11")))("the wifi is slow")

    (proposal,) = world.submitted
    assert proposal.author is Author.LLM_CHOSEN
    assert [(c.path, c.after) for c in proposal.changes] == [(CHANNEL, "11")]
    assert told.of("proposal")[0].payload["model_says"] == "Channel 6 is full."
    assert told[-1].payload["model_calls"] == 3


async def test_what_it_composes_is_grounded_and_marked_as_composed(
    ask_with: "AskWith", world: "FakeWorld", model: MakeModel
) -> None:
    composed = compose(("Device.WiFi.Radio.2.Channel", "0149"))

    await ask_with(model=model(composed))("the wifi is slow")

    (proposal,) = world.submitted
    assert proposal.author is Author.LLM_COMPOSED
    assert [(c.path.rpartition(".")[2], c.after) for c in proposal.changes] == [
        ("AutoChannelEnable", "false"),
        ("Channel", "149"),
    ]
    assert proposal.device == "0AC3E9-Q5-S0001"


async def test_it_may_mend_what_does_not_fit_and_is_told_why(
    ask_with: "AskWith", world: "FakeWorld", model: MakeModel
) -> None:
    mending = model(compose((CHANNEL, "14")), compose((CHANNEL, "11")))

    await ask_with(model=mending)("the wifi is slow")

    assert [c.after for c in world.submitted[0].changes] == ["11"]
    assert "14 is not among the values" in mending.asked[-1].data


@pytest.mark.parametrize(
    "bad",
    [
        compose(("Device.WiFi.Radio.*.Channel", "1")),
        compose(("Device.WiFi.Radio.9.Channel", "1")),
        compose(("Device.ManagementServer.URL", "http://x.example")),
        compose(("Device.WiFi.AccessPoint.1.Security.KeyPassphrase", "guess-1234")),
        compose(("Device.WiFi.SSID.1.SSID", "Free Money")),
        compose((CHANNEL, "99")),
        compose((CHANNEL, "1"), (CHANNEL, "11")),
        compose(),
    ],
)
async def test_what_it_cannot_mend_is_left_to_the_rules(
    ask_with: "AskWith",
    world: "FakeWorld",
    half_told: dict[str, str],
    model: MakeModel,
    bad: dict[str, Any],
) -> None:
    world.values |= half_told
    stubborn = model(bad)

    told = await ask_with(model=stubborn)("the wifi is slow")

    assert [each.name for each in stubborn.asked] == ["intake", "diagnose", *["propose"] * 3]
    assert "does not fit this device" in told.of("failed")[0].text
    assert [each.author for each in world.submitted] == [Author.RULES]


async def test_a_candidate_that_was_not_offered_cannot_be_chosen(
    ask_with: "AskWith", world: "FakeWorld", crowded: dict[str, str], model: MakeModel
) -> None:
    world.values |= crowded

    told = await ask_with(model=model(choose("channel-1-14")))("the wifi is slow")

    assert "not of the form asked for" in told.of("failed")[0].text
    assert [each.author for each in world.submitted] == [Author.RULES]


async def test_nothing_is_an_answer(
    ask_with: "AskWith", world: "FakeWorld", half_told: dict[str, str], model: MakeModel
) -> None:
    world.values |= half_told

    told = await ask_with(model=model(NOTHING))("the wifi is slow")

    assert told.kinds == ["text", "done"]
    assert told.of("text")[0].payload == {"model_says": "All is well."}
    assert world.submitted == []


async def test_what_it_thinks_likeliest_itself_is_not_left_though_it_would_do_nothing(
    ask_with: "AskWith", world: "FakeWorld", half_told: dict[str, str], fake_model: MakeModel
) -> None:
    world.values |= half_told
    likely = {"cause": "wifi.congested_channel", "probability": 0.8}
    other = {"cause": "wifi.radio_off", "probability": 0.1}
    weighs = {"hypotheses": [other, likely], "missing": []}

    told = await ask_with(model=fake_model(intake=SLOW, diagnose=weighs, propose=[NOTHING]))(
        "the wifi is slow"
    )

    assert [each.author for each in world.submitted] == [Author.RULES]
    assert "thinks the same cause likeliest" in " ".join(each.text for each in told.of("step"))


async def test_nothing_stands_where_it_thinks_another_cause_likelier(
    ask_with: "AskWith", world: "FakeWorld", half_told: dict[str, str], fake_model: MakeModel
) -> None:
    world.values |= half_told
    weighs = {
        "hypotheses": [{"cause": "access.weak_optical_signal", "probability": 0.8}],
        "missing": [],
    }

    await ask_with(model=fake_model(intake=SLOW, diagnose=weighs, propose=[NOTHING]))(
        "the wifi is slow"
    )

    assert world.submitted == []


async def test_nothing_is_nothing_though_a_candidate_is_named(
    ask_with: "AskWith", world: "FakeWorld", half_told: dict[str, str], model: MakeModel
) -> None:
    world.values |= half_told

    await ask_with(model=model(NOTHING | {"candidate": "channel-1-1"}))("the wifi is slow")

    assert world.submitted == []


async def test_what_is_clear_is_proposed_though_it_would_rather_do_nothing(
    ask_with: "AskWith", world: "FakeWorld", crowded: dict[str, str], model: MakeModel
) -> None:
    world.values |= crowded
    asked = model(NOTHING)

    await ask_with(model=asked)("the wifi is slow")

    (proposal,) = world.submitted
    assert proposal.author is Author.RULES
    assert [(c.path, c.after) for c in proposal.changes] == [(CHANNEL, "1")]
    assert [each.name for each in asked.asked] == ["intake", "propose"]


async def test_nothing_to_change_is_what_a_hand_over_says_too(
    ask_with: "AskWith", world: "FakeWorld", crowded: dict[str, str], model: MakeModel
) -> None:
    world.values |= crowded  # almost as sure, so that it is not clear
    world.values["Device.Optical.Interface.1.OpticalSignalLevel"] = "-27500"

    await ask_with(model=model(NOTHING))("the wifi is slow")

    assert [each.finding.cause for each in world.handed_over] == [Cause.WEAK_OPTICAL_SIGNAL]
    assert world.submitted == []


async def test_of_what_is_clear_it_may_choose_which(
    ask_with: "AskWith", world: "FakeWorld", crowded: dict[str, str], model: MakeModel
) -> None:
    world.values |= crowded

    await ask_with(model=model(choose("channel-1-11")))("the wifi is slow")

    (proposal,) = world.submitted
    assert proposal.author is Author.LLM_CHOSEN
    assert [(c.path, c.after) for c in proposal.changes] == [(CHANNEL, "11")]


async def test_who_names_a_candidate_and_composes_means_the_candidate(
    ask_with: "AskWith", world: "FakeWorld", half_told: dict[str, str], model: MakeModel
) -> None:
    world.values |= half_told
    both = compose((CHANNEL, "13")) | {"candidate": "channel-1-11"}

    await ask_with(model=model(both))("the wifi is slow")

    (proposal,) = world.submitted
    assert proposal.author is Author.LLM_CHOSEN
    assert [(c.path, c.after) for c in proposal.changes] == [(CHANNEL, "11")]


async def test_to_compose_what_is_set_already_is_to_do_nothing(
    ask_with: "AskWith", world: "FakeWorld", model: MakeModel
) -> None:
    idle = model(compose((CHANNEL, "6")))

    told = await ask_with(model=idle)("the wifi is slow")

    assert told.kinds == ["text", "done"]
    assert [each.name for each in idle.asked].count("propose") == 1
    assert world.submitted == []


async def test_where_there_is_nothing_to_choose_or_set_it_is_not_asked_to_choose(
    ask_with: "AskWith", world: "FakeWorld", model: MakeModel
) -> None:
    asked = model(compose((CHANNEL, "11")))

    await ask_with(model=asked, composable=lambda path, now: False)("the wifi is slow")

    assert "propose" not in [each.name for each in asked.asked]
    assert world.submitted == []


async def test_a_hand_over_can_be_chosen(
    ask_with: "AskWith", world: "FakeWorld", model: MakeModel
) -> None:
    world.values["Device.Optical.Interface.1.OpticalSignalLevel"] = "-30000"

    await ask_with(model=model(choose("weak-optical-1")))("the wifi is slow")

    assert [each.author for each in world.handed_over] == [Author.LLM_CHOSEN]
    assert world.submitted == []


async def test_it_may_ask_for_more_evidence(
    ask_with: "AskWith", world: "FakeWorld", fake_model: MakeModel
) -> None:
    curious = fake_model(
        intake=SLOW, diagnose=[{"hypotheses": [], "missing": ["dns"]}, ENOUGH], propose=NOTHING
    )

    await ask_with(model=curious)("the wifi is slow")

    assert world.reads[1] == ("Device.DNS.Client.", "Device.DHCPv4.Server.Pool.")


async def test_topology_is_not_its_to_weigh(
    ask_with: "AskWith",
    world: "FakeWorld",
    model: MakeModel,
    together: Callable[..., Neighbourhood],
) -> None:
    world.around = together(5)
    asked = model(compose((CHANNEL, "11")))

    told = await ask_with(model=asked)("the wifi is slow")

    assert told.kinds == ["hand_over", "done"]
    assert [each.name for each in asked.asked] == ["intake"]


async def test_a_model_that_fails_is_said_and_the_rules_go_on(
    ask_with: "AskWith", world: "FakeWorld", crowded: dict[str, str], fake_model: MakeModel
) -> None:
    world.values |= crowded
    broken = fake_model(intake=PlannerFailed("it did not answer in time"))

    told = await ask_with(model=broken)("the wifi is slow")

    assert told.kinds == ["failed", "proposal", "done"]
    assert told.of("failed")[0].text == (
        "The language model could not help: it did not answer in time. "
        "The rules planner goes on without it."
    )
    assert len(broken.asked) == 1
    assert [each.author for each in world.submitted] == [Author.RULES]


@pytest.mark.parametrize("failing", ["intake", "diagnose", "propose"])
async def test_without_falling_back_a_failure_ends_the_run_and_submits_nothing(
    ask_with: "AskWith",
    world: "FakeWorld",
    half_told: dict[str, str],
    fake_model: MakeModel,
    failing: str,
) -> None:
    world.values |= half_told
    answers = {"intake": SLOW, "diagnose": ENOUGH, "propose": choose("channel-1-1")}
    broken = fake_model(**{**answers, failing: PlannerFailed("it refused to answer")})

    told = await ask_with(model=broken, fall_back=False)("the wifi is slow")

    assert told.kinds == ["failed", "done"]
    assert "it refused to answer" in told.of("failed")[0].text
    assert (world.submitted, world.handed_over) == ([], [])


@pytest.mark.parametrize(
    "budget", [ModelBudget(calls=2), ModelBudget(tokens=150), ModelBudget(seconds=0.0)]
)
async def test_a_spent_budget_leaves_it_to_the_rules(
    ask_with: "AskWith",
    world: "FakeWorld",
    half_told: dict[str, str],
    model: MakeModel,
    budget: ModelBudget,
) -> None:
    world.values |= half_told
    asked = model(choose("channel-1-11"))

    told = await ask_with(model=asked, budget=budget)("the wifi is slow")

    assert "used up what one case may cost" in told.of("failed")[0].text
    assert len(asked.asked) <= 2
    assert [each.author for each in world.submitted] == [Author.RULES]
