"""Any server that speaks OpenAI's chat completions: the one file that knows the ``openai`` client.

Servers differ in how they can be held to a shape. Strict structured output is tried first, then
one forced function call, then JSON mode with the schema in words; in each an answer may be mended
twice. What a server can do is found out at the start, and again after it strayed from the form.
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass

import openai
from openai.types.chat import ChatCompletionStreamOptionsParam
from pydantic import BaseModel

from brain.domain.errors import PlannerFailed
from brain.planner.completion import (
    Completion,
    Misshapen,
    model_names,
    parsed,
    read_completion,
    tokens_of,
)
from brain.planner.deps import ModelFailed, Prompt, Reply, Spent
from brain.planner.http_of_openai import http
from brain.planner.llm_failures import sentence_on
from brain.planner.llm_forms import (
    PROBE,
    Ability,
    Messages,
    Mode,
    Probed,
    form_of,
    mending,
    messages_of,
)
from brain.planner.llm_stream import read_stream
from brain.planner.llm_transport import capped_client

_OWN_SERVER = "https://api.openai.com"
_NO_KEY = "none"
"""Local servers ask for no key, and the client insists on one."""
_STRAYS = 2
"""So many answers off the shape, and what the server can do is found out anew."""
_EVENTS = "text/event-stream"
_MENDED = 2
"""How often one answer may be mended, in any mode."""
_NOT_TAKEN = (openai.BadRequestError, openai.UnprocessableEntityError)


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


class OpenAiModel:
    """A LanguageModel over an OpenAI-compatible server."""

    def __init__(
        self,
        *,
        model: str,
        base_url: str = "",
        api_key: str = "",
        limits: LlmLimits | None = None,
        transport: http.AsyncBaseTransport | None = None,
    ) -> None:
        self._model = model
        self._limits = limits or LlmLimits()
        self._own_server = (base_url or _OWN_SERVER).startswith(_OWN_SERVER)
        self._mode = Mode.STRICT
        self._strayed = 0
        self._streams = True
        """Until the server says that it cannot."""
        self._looking: asyncio.Task[Ability] | None = None
        self.ability = Ability()
        self._client = openai.AsyncOpenAI(
            api_key=api_key or _NO_KEY,
            base_url=base_url or f"{_OWN_SERVER}/v1",
            timeout=self._limits.timeout,
            max_retries=self._limits.retries,
            http_client=capped_client(
                timeout=self._limits.timeout,
                most=self._limits.answer_bytes,
                transport=transport,
            ),
        )

    async def aclose(self) -> None:
        """Close the connections."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking
        await self._client.close()

    def look(self) -> asyncio.Task[Ability]:
        """Find out in the background what the server can do; once at a time."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self.probe())
        return self._looking

    async def probe(self) -> Ability:
        """Find out what the server can do. That it cannot be asked is told in the answer."""
        try:
            async with asyncio.timeout(self._limits.question_seconds):
                self._mode = await self._found_out()
            self._strayed = 0
            self.ability = Ability(mode=self._mode, model=self._model)
        except TimeoutError:
            self.ability = Ability(model=self._model, trouble="it did not answer in time")
        except (openai.OpenAIError, http.HTTPError) as error:
            self.ability = Ability(model=self._model, trouble=sentence_on(error))
        except PlannerFailed as error:
            self.ability = Ability(model=self._model, trouble=error.message)
        except Misshapen:
            self.ability = Ability(model=self._model, trouble="it cannot keep to a form")
        return self.ability

    async def ask(self, prompt: Prompt, shape: type[BaseModel], *, seconds: float) -> Reply:
        """The answer in this shape; ModelFailed says in a sentence why there is none."""
        spent = Spent()
        try:
            async with asyncio.timeout(min(seconds, self._limits.question_seconds)):
                answer = await self._ask(prompt, shape, spent)
        except TimeoutError:
            raise ModelFailed("it did not answer in time", spent=spent) from None
        except (openai.OpenAIError, http.HTTPError) as error:
            raise ModelFailed(sentence_on(error), spent=spent) from None
        except Misshapen as error:
            said = f"its answer was not of the form asked for: {error}"
            raise ModelFailed(said, spent=spent) from None
        except ModelFailed as error:
            raise ModelFailed(error.message, outcome=error.outcome, spent=spent) from None
        return _reply(answer, spent)

    async def _ask(self, prompt: Prompt, shape: type[BaseModel], spent: Spent) -> BaseModel:
        self._model = self._model or await self._first_model()
        modes = list(Mode)
        for mode in modes[modes.index(self._mode) :]:
            try:
                answer = await self._in_mode(mode, prompt, shape, spent)
            except (*_NOT_TAKEN, _NoCall):
                if mode is Mode.JSON:
                    raise
                continue
            except Misshapen:
                self._stray(_STRAYS)
                raise
            self._mode = mode  # only now is it known that the question was not at fault
            if spent.mended and mode is not Mode.JSON:
                self._stray(1)
            return answer
        raise ModelFailed("it cannot be held to the form of an answer")

    def _stray(self, times: int) -> None:
        """Count answers off the shape; after a few, look anew at what the server can do."""
        self._strayed += times
        if self._strayed >= _STRAYS:
            self._strayed = 0
            self.look()

    async def _found_out(self) -> Mode:
        self._model = self._model or await self._first_model()
        for mode in (Mode.STRICT, Mode.TOOLS):
            with suppress(*_NOT_TAKEN, _NoCall, Misshapen):
                completion = await self._complete(
                    mode, PROBE, Probed, messages_of(mode, PROBE, Probed)
                )
                parsed(_text(mode, completion), Probed)
                return mode
        await self._in_mode(Mode.JSON, PROBE, Probed, Spent())
        return Mode.JSON

    async def _first_model(self) -> str:
        """What a local server runs, when nobody named a model; it usually runs one."""
        if not self._own_server:
            raw = await self._client.models.with_raw_response.list()
            for name in model_names(raw.http_response.content):
                return name
        raise ModelFailed("no model is named; set GATEWRIGHT_LLM_MODEL")

    async def _in_mode(
        self, mode: Mode, prompt: Prompt, shape: type[BaseModel], spent: Spent
    ) -> BaseModel:
        """The answer in this mode, mended as often as is allowed."""
        messages = messages_of(mode, prompt, shape)
        for mended in range(_MENDED + 1):
            completion = await self._complete(mode, prompt, shape, messages)
            _count(spent, completion, mode, messages)
            text = _text(mode, completion)
            try:
                return parsed(text, shape)
            except Misshapen as error:
                if mended == _MENDED:
                    raise
                messages += mending(text, error, shape)
                spent.mended = True
        raise Misshapen("it was never of the form")

    async def _complete(
        self, mode: Mode, prompt: Prompt, shape: type[BaseModel], messages: Messages
    ) -> Completion:
        """One answer: as it comes where the server streams, else whole."""
        try:
            return await self._sent(mode, prompt, shape, messages)
        except _NOT_TAKEN as error:
            if not self._streams or "stream" not in str(error).casefold():
                raise
            self._streams = False
        return await self._sent(mode, prompt, shape, messages)

    async def _sent(
        self, mode: Mode, prompt: Prompt, shape: type[BaseModel], messages: Messages
    ) -> Completion:
        create = self._client.chat.completions.with_streaming_response.create
        most = self._limits.answer_tokens
        usage: ChatCompletionStreamOptionsParam | openai.Omit = (
            {"include_usage": True} if self._streams else openai.omit
        )
        # OpenAI's newer models refuse max_tokens and any temperature but one.
        async with create(
            model=self._model,
            messages=messages,
            stream=self._streams,
            stream_options=usage,
            max_completion_tokens=most if self._own_server else openai.omit,
            max_tokens=openai.omit if self._own_server else most,
            temperature=openai.omit if self._own_server else 0,
            **form_of(mode, prompt, shape),
        ) as response:
            if _EVENTS not in response.headers.get("content-type", ""):
                return read_completion(await response.read())
            lines = response.iter_lines()
            return await read_stream(lines, most_tokens=most, progress=prompt.progress)


class _NoCall(ModelFailed):
    """It was to call one function, and called none: it does not know of tools."""


def _text(mode: Mode, completion: Completion) -> str:
    if mode is not Mode.TOOLS:
        return completion.text
    called = completion.called
    if called is None:
        raise _NoCall("it does not call the function that it is given")
    return called


def _count(spent: Spent, completion: Completion, mode: Mode, messages: Messages) -> None:
    taken_in, given_out = tokens_of(completion, sent=len(json.dumps(messages)))
    spent.model, spent.mode = completion.model, mode.value
    spent.requests += 1
    spent.tokens_in += taken_in
    spent.tokens_out += given_out


def _reply(answer: BaseModel, spent: Spent) -> Reply:
    return Reply(
        answer=answer,
        model=spent.model,
        tokens_in=spent.tokens_in,
        tokens_out=spent.tokens_out,
        mode=spent.mode,
        requests=spent.requests,
        mended=spent.mended,
    )
