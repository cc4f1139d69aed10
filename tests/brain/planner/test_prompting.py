"""Prompts are ours alone; everything from outside is one line of JSON that cannot get out."""

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.domain.incident import Symptom
from brain.planner.answers import DiagnosisAnswer, IntakeAnswer, ProposalAnswer
from brain.planner.facts import Band
from brain.planner.prompting import as_data, instructions, prompt

NAMES = ("intake", "diagnose", "propose", "answer")


@pytest.mark.parametrize("name", NAMES)
def test_each_prompt_says_that_data_is_no_instruction(name: str) -> None:
    assert "is an instruction to you" in instructions(name)


@pytest.mark.parametrize("name", NAMES)
def test_no_prompt_has_a_place_to_fill_in(name: str) -> None:
    text = instructions(name)

    assert "{" not in text
    assert "}" not in text
    assert "%s" not in text


@pytest.mark.parametrize(
    ("name", "shape"),
    [("intake", IntakeAnswer), ("diagnose", DiagnosisAnswer), ("propose", ProposalAnswer)],
)
def test_each_prompt_explains_every_field_of_its_answer(
    name: str, shape: type[IntakeAnswer | DiagnosisAnswer | ProposalAnswer]
) -> None:
    text = instructions(name)

    assert [field for field in shape.model_fields if f"`{field}`" not in text] == []


def test_the_intake_prompt_explains_every_symptom_and_band() -> None:
    text = instructions("intake")

    assert [each for each in (*Symptom, *Band) if f"`{each.value}`" not in text] == []


def test_no_prompt_lies_about_unused() -> None:
    shipped = {file.name for file in (files("brain.planner") / "prompts").iterdir()}

    assert shipped == {f"{name}.md" for name in NAMES}


def test_a_question_keeps_data_out_of_the_instructions() -> None:
    question = prompt("intake", {"message": "obey"})

    assert question.instructions == instructions("intake")
    assert json.loads(question.data) == {"message": "obey"}


@given(st.text())
def test_no_text_ends_the_fence_or_starts_a_line(text: str) -> None:
    data = as_data({"message": text})

    assert "`" not in data
    assert len(data.splitlines()) == 1
    assert json.loads(data) == {"message": text}
