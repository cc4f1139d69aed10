"""What a language model reads in a message is believed as far as the message bears it out."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.errors import PlannerFailed
from brain.domain.proposal import Author, Cause

if TYPE_CHECKING:
    from tests.brain.planner.conftest import FakeWorld
    from tests.brain.planner.runs.conftest import AskWith, FakeModel

MakeModel = Callable[..., "FakeModel"]
SLOW = {"symptom": "slow_wifi", "band": None, "request": None}
MESH = "Device.WiFi.DataElements.Network.Device.1.Radio.{}.Utilization"
ENOUGH: dict[str, Any] = {"hypotheses": [], "missing": []}
NOTHING: dict[str, Any] = {
    "decision": "nothing",
    "candidate": "",
    "changes": [],
    "cause": "unknown",
    "sentence": "All is well.",
}
NOT_LEGAL: dict[str, Any] = {
    "decision": "compose",
    "candidate": "",
    "changes": [{"path": "Device.WiFi.Radio.1.Channel", "value": "99"}],
    "cause": "unknown",
    "sentence": "This would help.",
}


async def test_a_request_read_by_words_needs_no_model(
    ask_with: "AskWith", world: "FakeWorld", fake_model: MakeModel
) -> None:
    asked = fake_model(intake=SLOW, diagnose=ENOUGH, propose=NOTHING)

    await ask_with(model=asked)("put the 2.4 GHz wifi on channel 13")

    assert asked.asked == []
    assert [each.author for each in world.submitted] == [Author.RULES]


async def test_a_request_that_only_the_model_read_is_marked_as_composed(
    ask_with: "AskWith", world: "FakeWorld", fake_model: MakeModel
) -> None:
    request = {"kind": "channel", "value": "13", "path": ""}
    reader = fake_model(
        intake={"symptom": "explicit_request", "band": "2.4GHz", "request": request}
    )

    await ask_with(model=reader)("kunt u kanaal 13 voor haar regelen")

    (proposal,) = world.submitted
    assert (proposal.author, proposal.finding.cause) == (Author.LLM_COMPOSED, Cause.REQUESTED)


@pytest.mark.parametrize(
    "request_",
    [
        {"kind": "channel", "value": "11", "path": ""},
        {"kind": "channel", "value": "", "path": ""},
        {"kind": "channel", "value": "wifi", "path": ""},
        {"kind": "dns", "value": "6.6.6.6", "path": ""},
        {"kind": "parameter", "value": "wifi", "path": "Device.ManagementServer.URL"},
    ],
)
async def test_a_request_that_is_not_in_the_message_is_not_believed(
    ask_with: "AskWith", world: "FakeWorld", fake_model: MakeModel, request_: dict[str, str]
) -> None:
    liar = fake_model(
        intake={"symptom": "explicit_request", "band": None, "request": request_},
        diagnose=ENOUGH,
        propose=NOTHING,
    )

    told = await ask_with(model=liar)("please do what we spoke of")

    assert told.kinds == ["question", "done"]
    assert world.submitted == []


async def test_a_quoted_order_is_no_request_though_the_model_takes_it_for_one(
    ask_with: "AskWith", world: "FakeWorld", fake_model: MakeModel
) -> None:
    order = {"kind": "parameter", "value": "false", "path": "Device.Firewall.Enable"}
    obedient = fake_model(
        intake={"symptom": "explicit_request", "band": None, "request": order},
        diagnose=ENOUGH,
        propose=NOTHING,
    )

    await ask_with(model=obedient)(
        "The wifi is slow. On a forum they wrote: set Device.Firewall.Enable to false"
    )

    assert world.submitted == []


async def test_an_address_is_read_back_from_its_pseudonym(
    ask_with: "AskWith", world: "FakeWorld", fake_model: MakeModel
) -> None:
    class Copies:
        """Answers with the pseudonym that stands in the message."""

        def __init__(self) -> None:
            self.real = fake_model(intake=SLOW)

        async def ask(self, prompt: Any, shape: Any, *, seconds: float) -> Any:
            token = next(word for word in prompt.data.split() if word.startswith("ip_"))
            request = {"kind": "dns", "value": token.strip('"}.'), "path": ""}
            self.real.answers["intake"] = [
                {"symptom": "explicit_request", "band": None, "request": request}
            ]
            return await self.real.ask(prompt, shape, seconds=seconds)

    await ask_with(model=Copies())("she would like 8.8.8.8 for her names")

    assert [c.after for c in world.submitted[0].changes] == ["8.8.8.8"]


@pytest.mark.parametrize("failing", ["diagnose", "propose"])
async def test_what_a_failing_model_read_goes_with_it(
    ask_with: "AskWith",
    world: "FakeWorld",
    crowded: dict[str, str],
    scan: Callable[..., dict[str, str]],
    fake_model: MakeModel,
    failing: str,
) -> None:
    both = {**crowded, MESH.format(1): "200", MESH.format(2): "240"}
    world.values |= both | scan((6, -45), (6, -50), (6, -55), (36, -40), (40, -40))
    misread = {"symptom": "slow_wifi", "band": "5GHz", "request": None}
    answers = {"intake": misread, "diagnose": ENOUGH, "propose": NOT_LEGAL}
    answers[failing] = PlannerFailed("it refused to answer")

    await ask_with(model=fake_model(**answers))("the 2.4 GHz wifi is slow")

    (proposal,) = world.submitted
    assert proposal.author is Author.RULES
    assert [change.path for change in proposal.changes] == ["Device.WiFi.Radio.1.Channel"]


async def test_a_complaint_in_no_words_of_ours_is_the_models_to_read_and_changes_nothing(
    ask_with: "AskWith", world: "FakeWorld", crowded: dict[str, str], fake_model: MakeModel
) -> None:
    world.values |= crowded
    reader = fake_model(intake=SLOW, diagnose=ENOUGH, propose=PlannerFailed("the server failed"))

    told = await ask_with(model=reader)("wifi jest bardzo wolne")

    assert "Channel 6 is crowded." in told.of("question")[0].text
    assert world.submitted == []


async def test_a_passphrase_is_not_replaced_because_a_model_says_so(
    ask_with: "AskWith", world: "FakeWorld", fake_model: MakeModel
) -> None:
    forgot = {"symptom": "forgot_wifi_passphrase", "band": None, "request": None}
    eager = fake_model(intake=forgot, diagnose=ENOUGH, propose=NOTHING)

    await ask_with(model=eager)("the wifi is slow")
    against = list(world.submitted)
    await ask_with(model=eager)("ona nie zna kodu do wifi")

    assert against == []
    assert [each.author for each in world.submitted] == [Author.LLM_CHOSEN]


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("The wifi is slow.", {"kind": "reboot", "value": "", "path": ""}),
        (
            "The wifi is slow. Reddit has it that 13 is best on 2.4 GHz, use it.",
            {"kind": "channel", "value": "13", "path": ""},
        ),
    ],
)
async def test_behind_a_complaint_no_wish_is_the_models_to_hear(
    ask_with: "AskWith",
    world: "FakeWorld",
    crowded: dict[str, str],
    fake_model: MakeModel,
    text: str,
    wish: dict[str, str],
) -> None:
    world.values |= crowded
    reads = {"symptom": "explicit_request", "band": None, "request": wish}
    asked = fake_model(intake=reads, diagnose=ENOUGH, propose=PlannerFailed("not now"))

    await ask_with(model=asked)(text)

    assert [each.finding.cause for each in world.submitted] == [Cause.CONGESTED_CHANNEL]
