"""An answer is read as it comes: its length is told, never half of it, and a bad end is noticed."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from brain.domain.model_call import CallOutcome
from brain.planner.consulting import at_work
from brain.planner.deps import ModelFailed
from brain.planner.http_of_openai import http
from tests.brain.planner.model_server import BLUE, PROMPT, QUICK, Colour, Server, model

EVENTS = {"content-type": "text/event-stream; charset=utf-8"}


def piece(content: str | None = None, **changed: Any) -> dict[str, Any]:
    delta = {"content": content} | changed.pop("delta", {})
    choice = {"index": 0, "delta": delta, "finish_reason": changed.pop("finish_reason", None)}
    return {"id": "c1", "model": "small-1", "choices": [choice]} | changed


END = piece(finish_reason="stop")
USAGE = {"model": "small-1", "choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7}}


def events(*pieces: dict[str, Any] | str) -> http.Response:
    said = [each if isinstance(each, str) else json.dumps(each) for each in pieces]
    return http.Response(200, headers=EVENTS, text="".join(f"data: {each}\n\n" for each in said))


async def test_the_pieces_become_one_answer_and_the_length_is_told() -> None:
    told: list[int] = []
    server = Server(events(piece('{"col'), piece('our":"blue"}'), END, USAGE, "[DONE]"))
    asked = model(server)

    reply = await asked.ask(replace(PROMPT, progress=told.append), Colour, seconds=5)
    await asked.aclose()

    assert reply.answer == Colour(colour="blue")
    assert (reply.model, reply.tokens_in, reply.tokens_out) == ("small-1", 11, 7)
    assert told == [1, 2, 3, 3]


async def test_a_function_call_is_streamed_too() -> None:
    refused = http.Response(400, json={"error": {"message": "no json_schema"}})
    parts = ['{"colour":', '"blue"}']
    calls = [piece(delta={"tool_calls": [{"function": {"arguments": each}}]}) for each in parts]
    asked = model(Server(refused, events(*calls, piece(finish_reason="tool_calls"), "[DONE]")))

    reply = await asked.ask(PROMPT, Colour, seconds=5)
    await asked.aclose()

    assert (reply.answer, reply.mode) == (Colour(colour="blue"), "tools")


@pytest.mark.parametrize(
    ("answer", "sentence", "outcome"),
    [
        (events(piece('{"col')), "broke off", CallOutcome.CUT_OFF),
        (events(piece('{"col'), "[DONE]"), "broke off", CallOutcome.CUT_OFF),
        (events(piece("x"), piece(finish_reason="length")), "cut off", CallOutcome.CUT_OFF),
        (events(piece(delta={"refusal": "I cannot"}), END), "refused", CallOutcome.REFUSED),
        (events(piece("x" * 30_000), END), "too long", CallOutcome.CUT_OFF),
        (events("not json"), "could not be read", CallOutcome.FAILED),
        (events({"error": {"message": "out of memory"}}), "server failed", CallOutcome.FAILED),
        (events("[DONE]"), "broke off", CallOutcome.CUT_OFF),
    ],
)
async def test_a_stream_that_ends_badly_is_a_failure_with_its_kind(
    answer: http.Response, sentence: str, outcome: CallOutcome
) -> None:
    asked = model(Server(answer))

    with pytest.raises(ModelFailed, match=sentence) as caught:
        await asked.ask(PROMPT, Colour, seconds=5)
    await asked.aclose()

    assert caught.value.outcome is outcome


async def test_a_server_that_cannot_stream_is_asked_for_the_whole_from_then_on() -> None:
    refused = http.Response(400, json={"error": {"message": "stream is not supported"}})
    server = Server(refused, BLUE)
    asked = model(server)

    for _ in range(2):
        assert (await asked.ask(PROMPT, Colour, seconds=5)).mode == "json_schema"
    await asked.aclose()

    assert [each["stream"] for each in server.asked] == [True, False, False]


class Chatter(http.AsyncByteStream):
    """Words without end; it counts them."""

    def __init__(self) -> None:
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0)
            self.taken += 1
            yield f"data: {json.dumps(piece('blah ' * 20))}\n\n".encode()


async def test_an_answer_without_end_is_cut_off_at_its_length_and_not_at_its_time() -> None:
    body = Chatter()
    limits = replace(QUICK, answer_tokens=50, question_seconds=30.0)
    asked = model(Server(http.Response(200, headers=EVENTS, stream=body)), limits=limits)

    with pytest.raises(ModelFailed, match="too long") as caught:
        await asked.ask(PROMPT, Colour, seconds=30)
    await asked.aclose()

    assert caught.value.outcome is CallOutcome.CUT_OFF
    assert body.taken < 20


async def test_that_the_model_is_at_work_is_said_ever_less_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now[0])
    said: list[str] = []
    progress = at_work(lambda kind, text, **payload: said.append(text))

    for second in range(1, 20):
        now[0] = float(second)
        progress(second * 10)
    monkeypatch.undo()

    assert said == [
        "The model is answering: 20 tokens in 2 s.",
        "The model is answering: 40 tokens in 4 s.",
        "The model is answering: 80 tokens in 8 s.",
        "The model is answering: 160 tokens in 16 s.",
    ]
