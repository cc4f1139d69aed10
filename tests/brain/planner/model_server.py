"""An OpenAI-compatible server in process, with prepared answers; it keeps what it was asked."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from pydantic import BaseModel, ConfigDict

from brain.planner.deps import Prompt
from brain.planner.http_of_openai import http
from brain.planner.llm import LlmLimits, OpenAiModel

KEY = "sk-very-secret"
PROMPT = Prompt(name="intake", instructions="Read it.", data='{"message":"slow"}')
QUICK = LlmLimits(timeout=0.2, retries=0, question_seconds=5.0, answer_bytes=20_000)


class Colour(BaseModel):
    model_config = ConfigDict(extra="forbid")

    colour: str


class Server:
    """An in-process server with prepared answers; it keeps what it was asked."""

    def __init__(self, *answers: http.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []
        self.headers: list[http.Headers] = []

    async def __call__(self, request: http.Request) -> http.Response:
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
        transport=http.MockTransport(server),
    )


def completion(content: str | None, **changed: Any) -> http.Response:
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
    return http.Response(200, json=body | changed)


COLOUR = '{"colour":"blue"}'
BLUE = completion(COLOUR)
NOT_KNOWN = http.Response(400, json={"error": {"message": "that is not known"}})


def called(arguments: str) -> http.Response:
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


class Endless(http.AsyncByteStream):
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
