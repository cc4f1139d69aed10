"""Any server that speaks OpenAI's chat completions: the one file that knows the ``openai`` client.

Servers differ in how they can be held to a shape. Strict structured output is tried first. A server
that refuses it, or keeps straying from it, is asked in JSON mode with the schema in words, and may
mend its answer once. What a server can do is remembered.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import httpx2
import openai
from openai.types.chat import ChatCompletionMessageParam
from openai.types.shared_params import ResponseFormatJSONObject, ResponseFormatJSONSchema
from pydantic import BaseModel, ConfigDict

from brain.domain.errors import PlannerFailed
from brain.planner.completion import (
    Completion,
    Misshapen,
    model_names,
    parsed,
    read_completion,
    reply,
    schema_of,
)
from brain.planner.deps import Prompt, Reply

_OWN_SERVER = "https://api.openai.com"
_NO_KEY = "none"
"""Local servers ask for no key, and the client insists on one."""
_STRAYS = 2
"""So many answers off the shape, and a server is no longer believed to keep to it."""

_Format = ResponseFormatJSONSchema | ResponseFormatJSONObject


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmLimits:
    """How long and how much one question may take."""

    timeout: float = 45.0
    """Seconds of silence from the server."""
    retries: int = 2
    """Made by the client, on timeouts, 429 and 5xx; nobody else retries."""
    question_seconds: float = 90.0
    """Over all retries, however busily the server trickles."""
    answer_tokens: int = 1_500
    answer_bytes: int = 512 * 1024
    """Of one response body, errors included."""


class Mode(StrEnum):
    """How a server can be held to a shape."""

    STRICT = "json_schema"
    JSON = "json_object"


class OpenAiModel:
    """A LanguageModel over an OpenAI-compatible server."""

    def __init__(
        self,
        *,
        model: str,
        base_url: str = "",
        api_key: str = "",
        limits: LlmLimits | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._model = model
        self._limits = limits or LlmLimits()
        self._own_server = (base_url or _OWN_SERVER).startswith(_OWN_SERVER)
        self._mode = Mode.STRICT
        self._strayed = 0
        self._client = openai.AsyncOpenAI(
            api_key=api_key or _NO_KEY,
            base_url=base_url or f"{_OWN_SERVER}/v1",
            timeout=self._limits.timeout,
            max_retries=self._limits.retries,
            http_client=_capped_client(self._limits, transport),
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def probe(self) -> Mode:
        """Ask a tiny question, to learn what the server can do; PlannerFailed when it cannot."""
        tiny = Prompt(name="probe", instructions="Answer with ok set to true.", data="{}")
        await self.ask(tiny, _Probe, seconds=self._limits.question_seconds)
        return self._mode

    async def ask(self, prompt: Prompt, shape: type[BaseModel], *, seconds: float) -> Reply:
        """The answer in this shape; PlannerFailed says in a sentence why there is none."""
        try:
            async with asyncio.timeout(min(seconds, self._limits.question_seconds)):
                return await self._ask(prompt, shape)
        except TimeoutError:
            raise PlannerFailed("it did not answer in time") from None
        except openai.OpenAIError as error:
            raise PlannerFailed(_sentence(error)) from None
        except Misshapen as error:
            raise PlannerFailed(f"its answer was not of the form asked for: {error}") from None

    async def _ask(self, prompt: Prompt, shape: type[BaseModel]) -> Reply:
        self._model = self._model or await self._first_model()
        if self._mode is Mode.JSON:
            return await self._in_json(prompt, shape)
        try:
            return await self._strictly(prompt, shape)
        except (openai.BadRequestError, openai.UnprocessableEntityError):
            answer = await self._in_json(prompt, shape)
            self._mode = Mode.JSON  # only now is it known that the question was not at fault
            return answer
        except Misshapen:
            self._strayed += 1
            answer = await self._in_json(prompt, shape)
            self._mode = Mode.JSON if self._strayed >= _STRAYS else Mode.STRICT
            return answer

    async def _first_model(self) -> str:
        """What a local server runs, when nobody named a model; it usually runs one."""
        if not self._own_server:
            raw = await self._client.models.with_raw_response.list()
            for name in model_names(raw.http_response.content):
                return name
        raise PlannerFailed("no model is named; set GATEWRIGHT_LLM_MODEL")

    async def _strictly(self, prompt: Prompt, shape: type[BaseModel]) -> Reply:
        wanted: ResponseFormatJSONSchema = {
            "type": "json_schema",
            "json_schema": {
                "name": prompt.name,
                "strict": True,
                "schema": schema_of(shape),
            },
        }
        messages = _messages(prompt)
        completion = await self._complete(messages, wanted)
        return reply(
            parsed(completion.text, shape), [completion], sent=_size(messages), mode=Mode.STRICT
        )

    async def _in_json(self, prompt: Prompt, shape: type[BaseModel]) -> Reply:
        wanted: ResponseFormatJSONObject = {"type": "json_object"}
        messages = _messages(prompt, schema=json.dumps(schema_of(shape), sort_keys=True))
        sent = _size(messages)
        first = await self._complete(messages, wanted)
        try:
            return reply(parsed(first.text, shape), [first], sent=sent, mode=Mode.JSON)
        except Misshapen as error:
            messages.append({"role": "assistant", "content": first.text})
            messages.append({"role": "user", "content": f"That is not it: {error}. Answer again."})
        second = await self._complete(messages, wanted)
        answer = parsed(second.text, shape)
        sent += _size(messages)
        return reply(answer, [first, second], sent=sent, mode=Mode.JSON)

    async def _complete(
        self, messages: list[ChatCompletionMessageParam], wanted: _Format
    ) -> Completion:
        create = self._client.chat.completions.with_raw_response.create
        limit = self._limits.answer_tokens
        if self._own_server:  # its newer models refuse max_tokens and any temperature but one
            raw = await create(
                model=self._model,
                messages=messages,
                response_format=wanted,
                max_completion_tokens=limit,
            )
        else:
            raw = await create(
                model=self._model,
                messages=messages,
                response_format=wanted,
                max_tokens=limit,
                temperature=0,
            )
        return read_completion(raw.http_response.content)


class _Probe(BaseModel):
    model_config = ConfigDict(extra="forbid")

    ok: bool


class _Capped(httpx2.AsyncByteStream):
    """A response body that ends in an error once it is too long."""

    def __init__(self, stream: httpx2.AsyncByteStream, limit: int) -> None:
        self._stream = stream
        self._limit = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        taken = 0
        async for chunk in self._stream:
            taken += len(chunk)
            if taken > self._limit:
                raise httpx2.ReadError("the answer is too long")
            yield chunk

    async def aclose(self) -> None:
        """Close what is capped."""
        await self._stream.aclose()


def _capped_client(
    limits: LlmLimits, transport: httpx2.AsyncBaseTransport | None
) -> httpx2.AsyncClient:
    """A client that reads so much of any body and no more, whatever transport or proxy it takes."""

    async def cap(response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise httpx2.ReadError(
                "the answer came packed, unasked"
            )  # a few bytes may unpack to many
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = _Capped(response.stream, limits.answer_bytes)

    return httpx2.AsyncClient(
        transport=transport,
        timeout=limits.timeout,
        event_hooks={"response": [cap]},
        headers={"Accept-Encoding": "identity"},
    )


def _messages(prompt: Prompt, *, schema: str = "") -> list[ChatCompletionMessageParam]:
    """Our instructions apart from the data, which is fenced and one line of JSON."""
    instructions = prompt.instructions
    if schema:
        instructions += f"\n\nAnswer with one JSON object of this JSON Schema:\n{schema}"
    return [
        {"role": "system", "content": instructions},
        {"role": "user", "content": f"Data:\n```json\n{prompt.data}\n```"},
    ]


def _size(messages: list[ChatCompletionMessageParam]) -> int:
    return len(json.dumps(messages))


_SENTENCES: Mapping[type[openai.OpenAIError], str] = {
    openai.APITimeoutError: "it did not answer in time",
    openai.APIConnectionError: "it cannot be reached, or what it sent could not be read",
    openai.AuthenticationError: "it does not accept the key; check OPENAI_API_KEY",
    openai.PermissionDeniedError: "the key may not use it; check OPENAI_API_KEY",
    openai.NotFoundError: "the server does not have this model; check GATEWRIGHT_LLM_MODEL",
    openai.RateLimitError: "it is asked too often, or the account has run out",
    openai.InternalServerError: "the server failed",
    openai.BadRequestError: "the server does not understand the question",
}


def _sentence(error: openai.OpenAIError) -> str:
    """Never the text of the error: servers repeat what they were sent in it."""
    for kind, sentence in _SENTENCES.items():
        if isinstance(error, kind):
            return sentence
    return "its client failed"
