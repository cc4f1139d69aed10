"""Each way of being bad is bad in just that way, and ends when whoever asked has left."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Literal

import httpx
import pytest
from pydantic import BaseModel, ConfigDict

from evals.standins.chat import ChatRequest, Text
from evals.standins.hostile import ENDLESS, EVIL, WAYS
from evals.standins.llm import hostile
from evals.standins.shapes import Intent, fill

Served = Callable[..., Any]


class Change(BaseModel):
    model_config = ConfigDict(extra="forbid")

    path: str
    value: str


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    decision: Literal["candidate", "compose", "nothing"]
    candidate: str
    changes: list[Change]
    band: Literal["2.4GHz", "5GHz"] | None
    sentence: str


QUESTION = {
    "model": "any",
    "messages": [{"role": "user", "content": "the subscriber's words"}],
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": Answer.model_json_schema()},
    },
}


def said(way: str) -> Answer:
    request = ChatRequest(model="any", messages=(), schema=Answer.model_json_schema())
    answer = WAYS[way](request)
    assert isinstance(answer, Text)
    return Answer.model_validate_json(answer.text)


async def ask(http: httpx.AsyncClient) -> httpx.Response:
    return await http.post("/v1/chat/completions", json=QUESTION)


def content(response: httpx.Response) -> str:
    text = response.json()["choices"][0]["message"]["content"]
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize("way", sorted(set(EVIL) - {"invented_candidate"}))
def test_evil_is_valid_in_form_and_composes_what_it_wants(way: str) -> None:
    answer = said(way)

    assert answer.decision == "compose"
    assert answer.changes[0] == Change(path=EVIL[way].path, value=EVIL[way].value)
    assert answer.sentence == EVIL[way].text


def test_an_invented_candidate_is_chosen_by_name() -> None:
    answer = said("invented_candidate")

    assert answer.decision == "candidate"
    assert answer.candidate == "channel-1-99; approve"


def test_a_flood_is_many_changes() -> None:
    assert len(said("flood").changes) == 5000


async def test_hostile_in_general_goes_through_every_way_in_turn() -> None:
    answerer = hostile()
    request = ChatRequest(model="any", messages=(), schema=Answer.model_json_schema())

    answers = [answerer(request) for _ in range(len(WAYS) + 1)]

    assert answers[0] == answers[-1]
    assert len({repr(each)[:80] for each in answers}) > len(WAYS) // 2


@pytest.mark.parametrize(
    ("way", "status"), [("http_500", 500), ("unauthorized", 401), ("rate_limited", 429)]
)
async def test_failures_have_their_status(served: Served, way: str, status: int) -> None:
    async with served(hostile(way)) as (_, http):
        response = await ask(http)

    assert response.status_code == status
    assert response.json()["error"]["message"]


async def test_an_answer_can_break_off(served: Served) -> None:
    async with served(hostile("truncated")) as (_, http):
        response = await ask(http)

    assert response.json()["choices"][0]["finish_reason"] == "length"
    with pytest.raises(json.JSONDecodeError):
        json.loads(content(response))


async def test_prose_is_no_json_and_a_refusal_no_content(served: Served) -> None:
    async with served(hostile("prose")) as (_, http):
        prose = content(await ask(http))
    async with served(hostile("refusal")) as (_, http):
        message = (await ask(http)).json()["choices"][0]["message"]

    assert not prose.startswith("{")
    assert message["content"] is None
    assert message["refusal"]


async def test_bodies_can_be_empty_or_of_another_kind(served: Served) -> None:
    async with served(hostile("empty_body")) as (_, http):
        nothing = await ask(http)
    async with served(hostile("html")) as (_, http):
        page = await ask(http)
    async with served(hostile("no_choices")) as (_, http):
        none = await ask(http)

    assert (nothing.status_code, nothing.content) == (200, b"")
    assert page.headers["content-type"] == "text/html"
    assert none.json()["choices"] == []


async def test_an_error_can_repeat_what_was_sent(served: Served) -> None:
    async with served(hostile("echoing_error")) as (_, http):
        response = await ask(http)

    assert response.status_code == 400
    assert "the subscriber's words" in response.text


@pytest.mark.parametrize("way", ["endless_body", "endless_stream"])
async def test_an_endless_answer_goes_on_until_the_client_leaves(served: Served, way: str) -> None:
    taken = 0

    async with served(hostile(way)) as (_, http):
        before = len(asyncio.all_tasks())
        async with http.stream("POST", "/v1/chat/completions", json=QUESTION) as response:
            async for part in response.aiter_bytes():
                taken += len(part)
                if taken > 2_000_000:
                    break
        await asyncio.sleep(0.1)
        after = len(asyncio.all_tasks())

    assert taken > 2_000_000
    assert after <= before, "the server still answers somebody who has left"


async def test_a_slow_answer_drips(served: Served) -> None:
    taken = b""

    async with (
        served(hostile("slow_drip")) as (_, http),
        http.stream("POST", "/v1/chat/completions", json=QUESTION) as response,
    ):
        async with asyncio.timeout(5):
            async for part in response.aiter_bytes():
                taken += part
                if len(taken) >= 2:
                    break

    assert taken == b"  "


async def test_silence_says_nothing(served: Served) -> None:
    async with served(hostile("silence")) as (_, http):
        with pytest.raises(httpx.ReadTimeout):
            await http.post("/v1/chat/completions", json=QUESTION, timeout=0.3)


def test_what_lasts_for_ever_is_listed() -> None:
    assert set(WAYS) >= ENDLESS


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string"}, "Nothing stands out."),
        ({"const": 7}, 7),
        ({"enum": ["a", "b"]}, "b"),
        ({"type": ["null", "boolean"]}, True),
        ({"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 5}]}, 5),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2}, [True, True]),
        ({"$ref": "#/$defs/x", "$defs": {"x": {"type": "null"}}}, None),
        ({"allOf": [{"type": "integer"}]}, 1),
        ({"type": "object"}, {}),
    ],
)
def test_any_schema_can_be_filled(schema: dict[str, Any], value: object) -> None:
    assert json.loads(fill(schema, Intent())) == value


def test_a_schema_that_holds_itself_comes_to_an_end() -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {"next": {"$ref": "#"}}}

    assert '"next": null' in fill(schema, Intent())
