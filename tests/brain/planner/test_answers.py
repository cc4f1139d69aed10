"""Answers are held to their shape: nothing more, nothing longer, nothing outside."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from brain.planner.answers import (
    DiagnosisAnswer,
    IntakeAnswer,
    ProposalAnswer,
    SaidAnswer,
    proposal_answer,
)
from brain.planner.completion import schema_of

PROPOSAL: dict[str, Any] = {
    "decision": "nothing",
    "candidate": "",
    "changes": [],
    "cause": "unknown",
    "sentence": "",
}


def everywhere(schema: object) -> list[dict[str, Any]]:
    if isinstance(schema, list):
        return [found for item in schema for found in everywhere(item)]
    if not isinstance(schema, dict):
        return []
    return [schema, *(found for item in schema.values() for found in everywhere(item))]


@pytest.mark.parametrize("shape", [IntakeAnswer, DiagnosisAnswer, ProposalAnswer, SaidAnswer])
def test_the_schema_is_strict_all_the_way_down(shape: type[BaseModel]) -> None:
    objects = [each for each in everywhere(schema_of(shape)) if "properties" in each]

    assert objects
    for each in objects:
        assert each["additionalProperties"] is False
        assert set(each["required"]) == set(each["properties"])


@pytest.mark.parametrize("shape", [IntakeAnswer, DiagnosisAnswer, ProposalAnswer, SaidAnswer])
def test_the_schema_uses_no_word_that_some_servers_refuse(shape: type[BaseModel]) -> None:
    refused = {
        "maxLength",
        "minLength",
        "maxItems",
        "minItems",
        "maximum",
        "minimum",
        "pattern",
        "default",
    }

    used = {key for each in everywhere(schema_of(shape)) for key in each}

    assert used & refused == set()


@pytest.mark.parametrize(
    "changed",
    [
        {"device": "0AC3E9-Q5-S0002"},
        {"decision": "apply"},
        {"cause": "because"},
        {"sentence": "x" * 501},
        {"changes": [{"path": "a", "value": "b"}] * 21},
        {"changes": [{"path": "a", "value": "b", "device": "c"}]},
    ],
)
def test_a_proposal_is_refused_when_it_says_more_or_otherwise(changed: dict[str, Any]) -> None:
    assert ProposalAnswer.model_validate(PROPOSAL).decision == "nothing"
    with pytest.raises(ValidationError):
        ProposalAnswer.model_validate(PROPOSAL | changed)


@pytest.mark.parametrize("probability", [-0.1, 1.1, float("nan")])
def test_a_probability_is_between_0_and_1(probability: float) -> None:
    hypothesis = {"cause": "unknown", "probability": probability}

    with pytest.raises(ValidationError):
        DiagnosisAnswer.model_validate({"hypotheses": [hypothesis], "missing": []})


def test_who_can_set_nothing_cannot_say_that_it_would() -> None:
    said = {"decision": "compose", "candidate": "", "changes": [], "cause": "unknown"}

    proposal_answer(["a"]).model_validate(said | {"sentence": ""})
    with pytest.raises(ValidationError, match="decision"):
        proposal_answer(["a"], composes=False).model_validate(said | {"sentence": ""})


def test_only_known_evidence_can_be_asked_for() -> None:
    with pytest.raises(ValidationError):
        DiagnosisAnswer.model_validate({"hypotheses": [], "missing": ["Device."]})


def test_only_an_offered_candidate_can_be_named() -> None:
    shape = proposal_answer(["dns", "channel-1-11"])
    chosen = PROPOSAL | {"decision": "candidate", "candidate": "dns"}

    schema = schema_of(shape)

    assert schema["properties"]["candidate"]["enum"] == ["dns", "channel-1-11", ""]
    assert set(schema["required"]) == set(schema["properties"])
    assert shape.model_validate(chosen).candidate == "dns"
    with pytest.raises(ValidationError):
        shape.model_validate(chosen | {"candidate": "reboot"})
