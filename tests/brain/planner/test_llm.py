"""Any OpenAI-compatible server: every way it can fail ends in a sentence, in time and in memory."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from pydantic import BaseModel, ConfigDict

from brain.domain.errors import PlannerFailed
from brain.planner.deps import ModelFailed, Prompt
from brain.planner.llm import LlmLimits, OpenAiModel
from brain.planner.llm_forms import Mode

KEY = "sk-very-secret"
PROMPT = Prompt(name="intake", instructions="Read it.", data='{"message":"slow"}')
QUICK = LlmLimits(timeout=0.2, retries=0, question_seconds=1.0, answer_bytes=20_000)


class Colour(BaseModel):
    model_config = ConfigDict(extra="forbid")

    colour: str


class Server:
    """An in-process server with prepared answers; it keeps what it was asked."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []
        self.headers: list[httpx2.Headers] = []

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(json.loads(request.content or b"{}"))
        self.headers.append(request.headers)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def model(
    server: Server, *, limits: LlmLimits = QUICK, base_url: str = "", name: str = "small-1"
) -> OpenAiModel:
    return OpenAiModel(
        model=name,
        base_url=base_url or "http://127.0.0.1:9/v1",
        api_key=KEY,
        limits=limits,
        transport=httpx2.MockTransport(server),
    )


def completion(content: str | None, **changed: Any) -> httpx2.Response:
    choice = {
        "index": 0,
        "finish_reason": changed.pop("finish_reason", "stop"),
        "message": {
            "role": "assistant",
            "content": content,
            "refusal": changed.pop("refusal", None),
        },
    }
    body = {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "small-1",
        "choices": [choice],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
    }
    return httpx2.Response(200, json=body | changed)


COLOUR = '{"colour":"blue"}'
BLUE = completion(COLOUR)
NOT_KNOWN = httpx2.Response(400, json={"error": {"message": "that is not known"}})


def called(arguments: str) -> httpx2.Response:
    """The function is called with these arguments."""
    call = {"id": "t1", "type": "function", "function": {"name": "x", "arguments": arguments}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    return completion(
        None, choices=[{"index": 0, "finish_reason": "tool_calls", "message": message}]
    )


async def ask(asked: OpenAiModel, seconds: float = 5.0) -> Any:
    try:
        return await asked.ask(PROMPT, Colour, seconds=seconds)
    finally:
        await asked.aclose()


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
    assert "stream" not in sent


async def test_openais_own_server_is_asked_with_the_names_it_knows() -> None:
    server = Server(BLUE)

    await ask(model(server, base_url="https://api.openai.com/v1"))

    (sent,) = server.asked
    assert sent["max_completion_tokens"] == 1_500
    assert "max_tokens" not in sent
    assert "temperature" not in sent


async def test_a_server_without_strict_output_is_asked_in_json_mode_from_then_on() -> None:
    unknown = httpx2.Response(400, json={"error": {"message": "json_schema is not known"}})
    server = Server(unknown, completion('{"colour":"blue"}'))
    asked = model(server)

    await asked.ask(PROMPT, Colour, seconds=5)
    await asked.ask(PROMPT, Colour, seconds=5)
    await asked.aclose()

    formats = [sent.get("response_format", {"type": ""})["type"] for sent in server.asked]
    assert formats == ["json_schema", "", "json_object", "json_object"]
    assert '"colour"' in server.asked[2]["messages"][0]["content"]


async def test_a_bad_question_is_not_taken_for_a_weak_server() -> None:
    bad = httpx2.Response(400, json={"error": {"message": "too long"}})
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
    asked = model(Server(httpx2.ConnectError("refused")))

    ability = await asked.probe()
    await asked.aclose()

    assert ability.mode is None
    assert "cannot be reached" in ability.words


async def test_looking_does_not_keep_anybody_waiting() -> None:
    asked = model(Server(httpx2.Response(200, stream=Endless(b" ", pause=0.05))))

    asked.look()

    assert asked.ability.mode is None
    await asked.aclose()
    assert asked.ability.mode is None


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
        (httpx2.Response(200, text="<html>hello</html>"), "could not be read"),
        (httpx2.Response(200, content=b"\xff\xfe"), "could not be read"),
        (httpx2.Response(200, json=[]), "could not be read"),
        (httpx2.Response(401, json={"error": {"message": f"bad key {KEY}"}}), "OPENAI_API_KEY"),
        (httpx2.Response(403, json={}), "OPENAI_API_KEY"),
        (httpx2.Response(404, json={}), "GATEWRIGHT_LLM_MODEL"),
        (httpx2.Response(429, json={}), "asked too often"),
        (httpx2.Response(500, text="oops"), "server failed"),
        (httpx2.ConnectError("refused"), "cannot be reached"),
        (httpx2.ReadTimeout("silence"), "did not answer in time"),
    ],
)
async def test_every_failure_is_a_sentence_without_a_secret(
    answer: httpx2.Response | Exception, sentence: str
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
    server = Server(httpx2.Response(status, json={}))

    with pytest.raises(PlannerFailed):
        await ask(model(server, limits=LlmLimits()))

    assert len(server.asked) == requests


async def test_a_local_server_is_asked_which_model_it_runs_when_none_is_named() -> None:
    listed = httpx2.Response(200, json={"object": "list", "data": [{"id": "qwen-7b"}]})
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
    server = Server(httpx2.Response(200, json=listed))

    with pytest.raises(PlannerFailed):
        await ask(model(server, name="", base_url=base_url))

    assert all("messages" not in sent for sent in server.asked)


class Endless(httpx2.AsyncByteStream):
    """A body that never ends; it counts what was taken of it."""

    def __init__(self, chunk: bytes, *, pause: float) -> None:
        self.chunk = chunk
        self.pause = pause
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(self.pause)
            self.taken += len(self.chunk)
            yield self.chunk


@pytest.mark.parametrize("status", [200, 500])
async def test_an_endless_body_is_cut_off_before_it_fills_the_memory(status: int) -> None:
    body = Endless(b" " * 1_000, pause=0)

    with pytest.raises(PlannerFailed):
        await ask(model(Server(httpx2.Response(status, stream=body))))

    assert body.taken <= 2 * (QUICK.answer_bytes + 1_000)


async def test_a_trickle_is_cut_off_in_time() -> None:
    body = Endless(b" ", pause=0.05)
    began = asyncio.get_running_loop().time()

    with pytest.raises(PlannerFailed, match="did not answer in time"):
        await ask(model(Server(httpx2.Response(200, stream=body))), seconds=0.3)

    assert asyncio.get_running_loop().time() - began < 2


async def test_a_packed_body_is_not_unpacked() -> None:
    body = Endless(b"x", pause=0)
    server = Server(httpx2.Response(200, headers={"content-encoding": "gzip"}, stream=body))

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
        model="m", base_url="http://127.0.0.1:9/v1", transport=httpx2.MockTransport(server)
    )

    await ask(asked)

    assert server.headers[0]["authorization"] == "Bearer none"
