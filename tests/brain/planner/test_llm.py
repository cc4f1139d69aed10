"""Any OpenAI-compatible server: every way it can fail ends in a sentence, in time and in memory."""

import asyncio

import pytest

from brain.domain.errors import PlannerFailed
from brain.planner.http_of_openai import http
from brain.planner.llm import LlmLimits, OpenAiModel
from tests.brain.planner.model_server import (
    BLUE,
    KEY,
    QUICK,
    Colour,
    Endless,
    Server,
    ask,
    completion,
    model,
)


async def test_an_answer_comes_in_the_shape_asked_for_with_its_cost() -> None:
    server = Server(BLUE)

    reply = await ask(model(server))

    assert reply.answer == Colour(colour="blue")
    assert (reply.model, reply.tokens_in, reply.tokens_out) == ("small-1", 11, 7)


async def test_the_question_is_strict_and_keeps_data_apart_from_instructions() -> None:
    server = Server(BLUE)

    await ask(model(server))

    (sent,) = server.asked
    assert sent["messages"] == [
        {"role": "system", "content": "Read it."},
        {"role": "user", "content": 'Data:\n```json\n{"message":"slow"}\n```'},
    ]
    wanted = sent["response_format"]["json_schema"]
    assert (wanted["strict"], wanted["schema"]["additionalProperties"]) == (True, False)
    assert wanted["schema"]["required"] == ["colour"]
    assert (sent["max_tokens"], sent["temperature"]) == (1_500, 0)
    assert (sent["stream"], sent["stream_options"]) == (True, {"include_usage": True})


async def test_openais_own_server_is_asked_with_the_names_it_knows() -> None:
    server = Server(BLUE)

    await ask(model(server, base_url="https://api.openai.com/v1"))

    (sent,) = server.asked
    assert sent["max_completion_tokens"] == 1_500
    assert "max_tokens" not in sent
    assert "temperature" not in sent


async def test_a_fence_around_the_object_is_taken_off() -> None:
    reply = await ask(model(Server(completion('```json\n{"colour":"blue"}\n```'))))

    assert reply.answer == Colour(colour="blue")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (completion(None, refusal="I cannot"), "refused"),
        (completion('{"colour":"bl', finish_reason="length"), "cut off"),
        (completion("", finish_reason="content_filter"), "filter"),
        (completion(""), "answered nothing"),
        (completion(None), "answered nothing"),
        (completion("{}", choices=[]), "answered nothing"),
        (completion("{}", choices=None), "could not be read"),
        (completion("{}", choices="x"), "could not be read"),
        (completion("not JSON at all"), "not of the form"),
        (completion('{"colour":4}'), "colour: Input should be a valid string"),
        (completion('{"colour":"blue","device":"other"}'), "device: Extra inputs"),
        (http.Response(200, text="<html>hello</html>"), "could not be read"),
        (http.Response(200, content=b"\xff\xfe"), "could not be read"),
        (http.Response(200, json=[]), "could not be read"),
        (http.Response(401, json={"error": {"message": f"bad key {KEY}"}}), "OPENAI_API_KEY"),
        (http.Response(403, json={}), "OPENAI_API_KEY"),
        (http.Response(404, json={}), "GATEWRIGHT_LLM_MODEL"),
        (http.Response(429, json={}), "asked too often"),
        (http.Response(500, text="oops"), "server failed"),
        (http.ConnectError("refused"), "cannot be reached"),
        (http.ReadTimeout("silence"), "did not answer in time"),
    ],
)
async def test_every_failure_is_a_sentence_without_a_secret(
    answer: http.Response | Exception, sentence: str
) -> None:
    with pytest.raises(PlannerFailed) as caught:
        await ask(model(Server(answer)))

    assert sentence in str(caught.value)
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(("status", "requests"), [(500, 3), (429, 3), (401, 1)])
async def test_only_the_client_retries_and_only_what_may_pass(
    status: int, requests: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(seconds: float) -> None:
        return None

    monkeypatch.setattr("anyio.sleep", at_once)
    server = Server(http.Response(status, json={}))

    with pytest.raises(PlannerFailed):
        await ask(model(server, limits=LlmLimits()))

    assert len(server.asked) == requests


async def test_a_local_server_is_asked_which_model_it_runs_when_none_is_named() -> None:
    listed = http.Response(200, json={"object": "list", "data": [{"id": "qwen-7b"}]})
    server = Server(listed, BLUE)

    await ask(model(server, name=""))

    assert server.asked[1]["model"] == "qwen-7b"


@pytest.mark.parametrize(
    ("base_url", "listed"),
    [
        ("https://api.openai.com/v1", {"data": [{"id": "a-model"}]}),
        ("", {"data": []}),
        ("", {"data": "x"}),
    ],
)
async def test_a_model_that_nobody_named_is_not_guessed(base_url: str, listed: object) -> None:
    server = Server(http.Response(200, json=listed))

    with pytest.raises(PlannerFailed):
        await ask(model(server, name="", base_url=base_url))

    assert all("messages" not in sent for sent in server.asked)


@pytest.mark.parametrize("status", [200, 500])
async def test_an_endless_body_is_cut_off_before_it_fills_the_memory(status: int) -> None:
    body = Endless(b" " * 1_000, pause=0)

    with pytest.raises(PlannerFailed):
        await ask(model(Server(http.Response(status, stream=body))))

    assert body.taken <= 2 * (QUICK.answer_bytes + 1_000)


async def test_a_trickle_is_cut_off_in_time() -> None:
    body = Endless(b" ", pause=0.05)
    began = asyncio.get_running_loop().time()

    with pytest.raises(PlannerFailed, match="did not answer in time"):
        await ask(model(Server(http.Response(200, stream=body))), seconds=0.3)

    assert asyncio.get_running_loop().time() - began < 2


async def test_a_packed_body_is_not_unpacked() -> None:
    body = Endless(b"x", pause=0)
    server = Server(http.Response(200, headers={"content-encoding": "gzip"}, stream=body))

    with pytest.raises(PlannerFailed):
        await ask(model(server))

    assert body.taken == 0
    assert server.headers[0]["accept-encoding"] == "identity"


async def test_a_local_server_needs_no_key_and_none_is_taken_from_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    server = Server(BLUE)
    asked = OpenAiModel(
        model="m", base_url="http://127.0.0.1:9/v1", transport=http.MockTransport(server)
    )

    await ask(asked)

    assert server.headers[0]["authorization"] == "Bearer none"
