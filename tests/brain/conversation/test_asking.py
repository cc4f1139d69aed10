"""Why, why not, and did it help: answered from what was kept, and never made up."""

from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.verdict import Severity
from evals.workbench import UTILISATION
from tests.brain.conversation.conftest import begin

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

    from brain.store.store import Store
    from tests.brain.conversation.conftest import Talk

SLOW = "the 2.4 GHz wifi is slow"


@pytest.mark.parametrize(
    "words", ["why?", "Warum?", "waarom dat?", "¿por qué?", "pourquoi ça ?", "why did you do that"]
)
async def test_why_tells_the_evidence_and_what_policy_found(talk: "Talk", words: str) -> None:
    proposed = await talk.change(await talk.one(SLOW))

    said = await talk.one(words)

    facts = said.payload["facts"]
    assert isinstance(facts, list)
    assert proposed.id in str(facts[0])
    assert any("foreign networks" in str(each) for each in facts)
    assert "Policy says review." in facts
    for finding in proposed.verdict.findings:
        assert finding.code in said.text
    assert len(await talk.changes()) == 1


async def test_a_refusal_is_explained_with_its_code_and_the_remedy(talk: "Talk") -> None:
    async with talk.bench.store.begin() as tx:
        await tx.halts.set(
            talk.case.tenant, halted=True, by=talk.bench.olga.id, at=talk.bench.clock()
        )
    (denied,) = await talk.say("Put the 2.4 GHz wifi on channel 11")
    assert denied.kind == "denied"

    said = await talk.one("why?")

    verdict = (await talk.change(denied)).verdict
    refusing = [each for each in verdict.findings if each.severity is Severity.DENY]
    assert refusing
    for finding in refusing:
        assert f"{finding.code}: " in said.text
        assert finding.remedy.rstrip(".") in said.text


async def test_why_not_names_what_was_held_against_another_candidate(talk: "Talk") -> None:
    proposed = await talk.one(SLOW)
    considered: Any = proposed.payload["considered"]
    other = next(each for each in considered["candidates"] if each["id"] != considered["chosen"])

    said = await talk.one(
        f"why not {other['sets'][-1][0].rpartition('.')[2]} {other['sets'][-1][1]}?"
    )

    assert other["does"] in said.text
    assert f"{other['confidence'] * 100:.0f} %" in said.text
    assert "Preferred was" in said.text


async def test_what_was_not_considered_is_said_not_to_have_been(talk: "Talk") -> None:
    await talk.one(SLOW)

    said = await talk.one("why not replace the cable?")

    assert "not among what was considered" in said.text
    assert len(await talk.changes()) == 1


async def test_a_complaint_that_begins_with_why_is_a_complaint(talk: "Talk") -> None:
    await talk.one(SLOW)

    said = await talk.say("why is there no internet at all?")

    assert all("facts" not in each.payload for each in said)


async def test_whether_it_helped_is_told_by_the_reading_before_and_now(talk: "Talk") -> None:
    proposed = await talk.one(SLOW)
    talk.bench.tree[UTILISATION] = "180"
    await talk.bench.approve(await talk.change(proposed))
    waiting = await talk.one("what now?")
    assert "carried out as soon as it may be" in waiting.text

    talk.bench.tree[UTILISATION] = "51"
    await talk.bench.run((await talk.change(proposed)).id)
    said = await talk.one("did it help?")

    assert "It was 71 % before, and is 20 % now: as promised." in said.text


async def test_what_waits_is_said_to_wait_and_for_whom(talk: "Talk") -> None:
    await talk.one(SLOW)

    said = await talk.one("hat es geholfen?")

    assert "It waits for approval. Nothing was changed yet." in said.text
    assert "1 from approvers; 15 minutes" in said.text


async def test_in_a_case_without_a_past_nothing_is_answered_about_it(talk: "Talk") -> None:
    said = await talk.one("why?")

    assert said.kind == "question"
    assert "facts" not in said.payload


async def test_a_correction_keeps_the_trouble_and_takes_the_new_band(talk: "Talk") -> None:
    first = await talk.one(SLOW)
    considered: Any = first.payload["considered"]
    assert considered["band"] == "2.4GHz"

    await talk.say("no, upstairs it is the 5 GHz one")

    steps = [each.text for each in talk.heard if each.kind == "step"]
    assert steps[0] == "Understood: the same trouble, put right."
    assert len(await talk.changes()) == 1  # there is no 5 GHz radio here to change


async def test_a_no_alone_does_not_begin_again(talk: "Talk") -> None:
    await talk.one(SLOW)

    said = await talk.one("no lo deshagas")

    assert said.kind == "question"


class Words:
    """A language model that answers questions about the past with one sentence."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        self.asked: list[Any] = []

    async def ask(self, prompt: Any, shape: Any, *, seconds: float) -> Any:
        from brain.domain.errors import PlannerFailed
        from brain.planner.deps import Reply

        self.asked.append(prompt)
        if prompt.name != "answer":
            raise PlannerFailed("it only talks about the past")
        return Reply(answer=shape(sentence=self.sentence), tokens_in=5, tokens_out=5)


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("Channel 6 is where 3 of the foreign networks are.", True),
        ("97 % of such changes help.", False),
        ("It also sets Device.WiFi.Radio.2.Channel.", False),
        ("", False),
    ],
)
async def test_a_model_may_say_the_facts_and_no_number_of_its_own(
    store: "Store", saver: "BaseCheckpointSaver[str]", sentence: str, kept: bool
) -> None:
    model = Words(sentence)
    talk = await begin(store, saver, model)
    await talk.say(SLOW)

    said = (await talk.say("why?"))[-1]

    assert (said.text == sentence) is kept
    assert "facts" in said.payload
    assert "Annelies" not in model.asked[-1].data
