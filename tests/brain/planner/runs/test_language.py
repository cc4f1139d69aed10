"""The last sentence of a model is asked for in the language of the message, which intake names."""

from collections.abc import Callable
from json import loads
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.brain.planner.runs.conftest import AskWith, FakeModel

SLOW = {"symptom": "slow_wifi", "band": None, "request": None}
NOTHING = {
    "decision": "nothing",
    "candidate": "",
    "changes": [],
    "cause": "unknown",
    "sentence": "Alles ist gut.",
}


@pytest.mark.parametrize(
    ("named", "language"), [({"language": "de"}, "de"), ({"language": None}, "en"), ({}, "en")]
)
async def test_the_sentence_is_asked_for_in_the_language_that_intake_named(
    ask_with: "AskWith",
    fake_model: Callable[..., "FakeModel"],
    named: dict[str, Any],
    language: str,
) -> None:
    enough = {"hypotheses": [], "missing": []}
    model = fake_model(intake={**SLOW, **named}, diagnose=enough, propose=NOTHING)

    told = await ask_with(model=model)("das wlan ist langsam")

    assert loads(model.asked[-1].data)["language"] == language
    assert "Alles ist gut." in told.of("text")[0].text
