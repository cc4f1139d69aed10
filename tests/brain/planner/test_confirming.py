"""A yes or a no to the planner's own question, in five languages; and nothing more than that."""

from datetime import UTC, datetime
from typing import Any

import pytest

from brain.domain.identity import CaseId
from brain.domain.incident import Message, Symptom
from brain.planner.confirming import CONFIRM, confirmed_in
from brain.planner.recollection import CONSIDERED, Recollection

CHANNEL = {"mark": "5f0c", "cause": "wifi.congested_channel"}


def asked(*, symptom: Symptom = Symptom.UNCLEAR, **payload: Any) -> Recollection:
    read = {"symptom": symptom.value, "complains": symptom is Symptom.UNCLEAR, "by_model": True}
    told = {CONSIDERED: read, **payload}
    said = Message(
        case=CaseId("cas_1"),
        role="assistant",
        text="Channel 6 is crowded. Is that what the subscriber complains of?",
        at=datetime(2026, 1, 5, tzinfo=UTC),
        payload={"kind": "question", "payload": told},
    )
    return Recollection(messages=(said,))


ABOUT_CHANNEL = asked(**{CONFIRM: CHANNEL})


@pytest.mark.parametrize(
    "text", ["Yes", "yes, that is it.", "Exactly!", "ja genau", "klopt", "sí, eso es", "oui"]
)
def test_a_yes_is_to_what_was_shown_and_the_reading_stays_the_models(text: str) -> None:
    facts = confirmed_in(text, ABOUT_CHANNEL)

    assert facts is not None
    assert (facts.confirmed, facts.complains, facts.by_model) == ("5f0c", True, True)


def test_a_yes_keeps_what_a_model_read_as_the_symptom() -> None:
    facts = confirmed_in("yes", asked(symptom=Symptom.SLOW_WIFI, **{CONFIRM: CHANNEL}))

    assert facts is not None
    assert (facts.symptom, facts.complains) == (Symptom.SLOW_WIFI, False)


@pytest.mark.parametrize("text", ["No", "nope.", "nein", "nee", "no, no es eso", "non"])
def test_a_no_leaves_nothing_understood(text: str) -> None:
    facts = confirmed_in(text, ABOUT_CHANNEL)

    assert facts is not None
    assert facts.declined
    assert (facts.symptom, facts.complains, facts.confirmed) == (Symptom.UNCLEAR, False, "")


@pytest.mark.parametrize(
    "text",
    ["yes but do not touch anything", "no, the 5 GHz one", "yes the wifi is slow", "why?", "", "y"],
)
def test_whatever_says_more_is_another_message(text: str) -> None:
    assert confirmed_in(text, ABOUT_CHANNEL) is None


@pytest.mark.parametrize("past", [Recollection(), asked(), asked(**{CONFIRM: "5f0c"})])
def test_a_yes_to_nothing_that_was_asked_confirms_nothing(past: Recollection) -> None:
    assert confirmed_in("yes", past) is None
