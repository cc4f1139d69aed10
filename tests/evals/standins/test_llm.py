"""The stand-in for a language model answers over HTTP in the shapes of an OpenAI server."""

import json
from collections.abc import Callable
from typing import Any

import openai
import pytest
from pydantic import BaseModel

from evals.standins.chat import Failure, Text
from evals.standins.llm import LanguageServer, answerer, hostile, obliging, scripted
from evals.standins.serving import serving

Served = Callable[..., Any]
QUESTION = {"model": "any", "messages": [{"role": "user", "content": "What is wrong?"}]}


class Diagnosis(BaseModel):
    cause: str
    confidence: float


async def ask(http: Any, **more: object) -> Any:
    return await http.post("/v1/chat/completions", json={**QUESTION, **more})


async def test_a_script_is_followed_and_its_last_line_repeated(served: Served) -> None:
    async with served(scripted("one", "two")) as (server, http):
        said = [(await ask(http)).json()["choices"][0]["message"]["content"] for _ in range(3)]

    assert said == ["one", "two", "two"]
    assert [each.text for each in server.requests] == ["What is wrong?"] * 3


async def test_an_answer_has_the_shape_of_a_chat_completion(served: Served) -> None:
    async with served(scripted("fine"), seconds=lambda: 1_700_000_000.0) as (_, http):
        whole = (await ask(http)).json()

    usage = whole.pop("usage")
    assert whole == {
        "id": "chatcmpl-00000001",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "any",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "fine", "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
    }
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 0


async def test_the_answer_may_depend_on_the_question(served: Served) -> None:
    async with served(lambda request: Text(text=request.text[::-1])) as (_, http):
        said = await ask(http)

    assert said.json()["choices"][0]["message"]["content"] == "?gnorw si tahW"


async def test_a_stream_comes_in_pieces_and_ends(served: Served) -> None:
    long = "word " * 30

    async with served(scripted(long)) as (_, http):
        lines = [line for line in (await ask(http, stream=True)).text.split("\n\n") if line]

    chunks = [json.loads(line.removeprefix("data: ")) for line in lines[:-1]]
    said = "".join(each["choices"][0]["delta"].get("content", "") for each in chunks)
    assert lines[-1] == "data: [DONE]"
    assert said == long
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
    assert {each["object"] for each in chunks} == {"chat.completion.chunk"}


async def test_the_real_client_understands_it() -> None:
    server = LanguageServer(scripted('{"cause": "air", "confidence": 0.5}'), api_key="sesame")
    async with serving(server) as url:
        client = openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="sesame", max_retries=0)
        models = [each.id async for each in client.models.list()]
        completion = await client.chat.completions.parse(
            model="any",
            messages=[{"role": "user", "content": "?"}],
            response_format=Diagnosis,
        )
        stream = await client.chat.completions.create(
            model="any", messages=[{"role": "user", "content": "?"}], stream=True
        )
        streamed = "".join([each.choices[0].delta.content or "" async for each in stream])
        wrong = openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="guess", max_retries=0)
        with pytest.raises(openai.AuthenticationError):
            await wrong.models.list()
        await client.close()
        await wrong.close()

    assert models == ["stand-in"]
    assert completion.choices[0].message.parsed == Diagnosis(cause="air", confidence=0.5)
    assert streamed == '{"cause": "air", "confidence": 0.5}'
    assert server.requests[0].name == "Diagnosis"
    assert len(server.requests) == 2, "who brings no key is not listened to"


async def test_a_failure_is_an_error_object_with_its_status(served: Served) -> None:
    failure = Failure(status=418, kind="teapot", message="short and stout")

    async with served(scripted(failure)) as (_, http):
        said = await ask(http)

    assert said.status_code == 418
    assert said.json()["error"]["message"] == "short and stout"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"messages": "none"}'])
async def test_a_question_that_is_none_is_refused(served: Served, body: bytes) -> None:
    async with served(obliging) as (server, http):
        said = await http.post("/v1/chat/completions", content=body)

    assert said.status_code == 400
    assert said.json()["error"]["type"] == "invalid_request_error"
    assert server.requests == []


async def test_nothing_else_is_there(served: Served) -> None:
    async with served(obliging) as (_, http):
        assert (await http.get("/v1/embeddings")).status_code == 404
        assert (await http.get("/v1/chat/completions")).status_code == 404


async def test_the_obliging_one_fills_the_shape_it_is_asked_for(served: Served) -> None:
    wanted = {
        "type": "json_schema",
        "json_schema": {"name": "d", "schema": Diagnosis.model_json_schema()},
    }

    async with served(obliging) as (_, http):
        said = await ask(http, response_format=wanted)

    text = said.json()["choices"][0]["message"]["content"]
    assert Diagnosis.model_validate_json(text).confidence > 0


def test_a_mode_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        answerer("friendly")
    with pytest.raises(KeyError):
        hostile("friendly")
