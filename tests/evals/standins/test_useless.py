"""The model that answers at random: of the shape asked for, and of no use."""

import json
from random import Random

import pytest
from pydantic import BaseModel, ValidationError

from brain.planner.answers import DiagnosisAnswer, IntakeAnswer, proposal_answer
from evals.standins.chat import ChatRequest, Text
from evals.standins.llm import answerer
from evals.standins.useless import useless

SHAPES: list[type[BaseModel]] = [IntakeAnswer, DiagnosisAnswer, proposal_answer(["one", "two"])]


def asked(shape: type[BaseModel], text: str = "") -> ChatRequest:
    schema = json.loads(json.dumps(shape.model_json_schema()))
    messages = ({"role": "user", "content": text},)
    return ChatRequest(model="m", messages=messages, format="json_schema", schema=schema)


@pytest.mark.parametrize("shape", SHAPES)
def test_its_answers_are_of_the_shape_asked_for(shape: type[BaseModel]) -> None:
    answer, refused = useless(Random(1)), 0
    for _ in range(50):
        said = answer(asked(shape))
        assert isinstance(said, Text)
        try:
            shape.model_validate_json(said.text)
        except ValidationError:
            refused += 1

    assert refused == 0


def test_it_says_another_thing_each_time_and_the_same_from_the_same_seed() -> None:
    def fifty(seed: int) -> list[object]:
        answer = useless(Random(seed))
        return [answer(asked(IntakeAnswer)) for _ in range(50)]

    assert fifty(1) == fifty(1)
    assert len({str(each) for each in fifty(1)}) > 10


def test_where_a_path_is_wanted_it_takes_one_that_stands_in_the_question() -> None:
    answer, paths = useless(Random(3)), set()
    for _ in range(80):
        said = answer(asked(proposal_answer([]), "settable: Device.WiFi.Radio.1.Channel, now 6"))
        assert isinstance(said, Text)
        paths |= {each["path"] for each in json.loads(said.text)["changes"]}

    assert paths == {"Device.WiFi.Radio.1.Channel"}


def test_it_is_a_mode_of_the_server() -> None:
    said = answerer("useless")(asked(IntakeAnswer))

    assert isinstance(said, Text)
    IntakeAnswer.model_validate_json(said.text)
    assert said.text
