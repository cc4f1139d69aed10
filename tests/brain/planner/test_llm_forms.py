"""How a server is held to a form: by a schema, by one function call, or in words."""

from typing import Any

import pytest

from brain.domain.errors import PlannerFailed
from brain.planner.deps import ModelFailed
from brain.planner.http_of_openai import http
from brain.planner.llm_forms import Mode
from tests.brain.planner.model_server import (
    BLUE,
    COLOUR,
    NOT_KNOWN,
    PROMPT,
    Colour,
    Endless,
    Server,
    ask,
    called,
    completion,
    model,
)


async def test_a_server_without_strict_output_is_asked_in_json_mode_from_then_on() -> None:
    unknown = http.Response(400, json={"error": {"message": "json_schema is not known"}})
    server = Server(unknown, completion('{"colour":"blue"}'))
    asked = model(server)

    await asked.ask(PROMPT, Colour, seconds=5)
    await asked.ask(PROMPT, Colour, seconds=5)
    await asked.aclose()

    formats = [sent.get("response_format", {"type": ""})["type"] for sent in server.asked]
    assert formats == ["json_schema", "", "json_object", "json_object"]
    assert '"colour"' in server.asked[2]["messages"][0]["content"]


async def test_a_bad_question_is_not_taken_for_a_weak_server() -> None:
    bad = http.Response(400, json={"error": {"message": "too long"}})
    server = Server(bad, bad, bad, BLUE)
    asked = model(server)

    with pytest.raises(PlannerFailed, match="does not understand"):
        await asked.ask(PROMPT, Colour, seconds=5)
    await ask(asked)

    assert server.asked[3]["response_format"]["type"] == "json_schema"


async def test_an_answer_off_the_shape_may_be_mended() -> None:
    server = Server(completion("blue, I think"), completion('{"color":"blue"}'), BLUE)

    reply = await ask(model(server))

    assert reply.answer == Colour(colour="blue")
    assert (reply.tokens_in, reply.requests, reply.mended) == (33, 3, True)
    assert "That is not it" in server.asked[2]["messages"][-1]["content"]
    assert '"required": ["colour"]' in server.asked[2]["messages"][-1]["content"]


@pytest.mark.parametrize("refused", [0, 1, 2])
async def test_an_answer_is_mended_at_most_twice_in_every_mode(refused: int) -> None:
    stray = completion("blue, I think") if refused != 1 else called("blue, I think")
    server = Server(*[NOT_KNOWN] * refused, stray)
    asked = model(server)

    with pytest.raises(ModelFailed, match="not of the form") as caught:
        await asked.ask(PROMPT, Colour, seconds=5)
    await asked.aclose()

    assert caught.value.spent.requests == 3
    assert caught.value.spent.tokens_in == 33


async def test_after_a_failure_of_form_it_is_found_out_anew_what_the_server_can_do() -> None:
    stray = completion("blue, I think")
    server = Server(stray, stray, stray, NOT_KNOWN, called('{"ok":true}'), called(COLOUR))
    asked = model(server)

    with pytest.raises(ModelFailed):
        await asked.ask(PROMPT, Colour, seconds=5)
    await asked.look()
    reply = await ask(asked)

    assert asked.ability.mode is Mode.TOOLS
    assert (reply.answer, reply.mode) == (Colour(colour="blue"), "tools")
    assert "tools" in server.asked[-1]


async def test_where_a_schema_is_refused_one_function_has_to_be_called() -> None:
    server = Server(NOT_KNOWN, called(COLOUR))

    reply = await ask(model(server))

    sent = server.asked[1]
    assert reply.answer == Colour(colour="blue")
    assert "response_format" not in sent
    assert sent["tools"][0]["function"]["parameters"]["required"] == ["colour"]
    assert sent["tool_choice"] == {"type": "function", "function": {"name": "intake"}}


@pytest.mark.parametrize(
    ("answers", "mode"),
    [
        (['{"ok":true}'], Mode.STRICT),
        ([NOT_KNOWN, "call"], Mode.TOOLS),
        (["Hello", "Hello", '{"ok":true}'], Mode.JSON),
        ([NOT_KNOWN, NOT_KNOWN, '{"ok":true}'], Mode.JSON),
    ],
)
async def test_a_probe_tells_how_the_server_can_be_held_to_a_form(
    answers: list[Any], mode: Mode
) -> None:
    prepared = [
        called('{"ok":true}')
        if each == "call"
        else completion(each)
        if isinstance(each, str)
        else each
        for each in answers
    ]
    asked = model(Server(*prepared))

    ability = await asked.probe()
    await asked.aclose()

    assert (ability.mode, ability.trouble) == (mode, "")
    assert mode.value in ability.words


async def test_a_probe_of_a_server_that_is_not_there_says_why_and_breaks_nothing() -> None:
    asked = model(Server(http.ConnectError("refused")))

    ability = await asked.probe()
    await asked.aclose()

    assert ability.mode is None
    assert "cannot be reached" in ability.words


async def test_a_probe_of_a_server_that_keeps_to_no_form_says_so_and_breaks_nothing() -> None:
    asked = model(Server(*[completion('{"answer":42}')] * 9))

    asked.look()
    ability = await asked.probe()
    await asked.aclose()

    assert ability.mode is None
    assert ability.words == "it cannot keep to a form"


async def test_looking_does_not_keep_anybody_waiting() -> None:
    asked = model(Server(http.Response(200, stream=Endless(b" ", pause=0.05))))

    asked.look()

    assert asked.ability.mode is None
    await asked.aclose()
    assert asked.ability.mode is None
