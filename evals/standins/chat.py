"""The shapes of OpenAI's chat completions as a server gives them: written for stand-ins alone."""

import json
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from dataclasses import dataclass, field

from brain.domain.canonical import Json

MODEL = "stand-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """What a client asked: the parts of the request that an answer may depend on."""

    model: str
    messages: tuple[Mapping[str, Json], ...]
    stream: bool = False
    format: str = ""
    """``json_schema``, ``json_object`` or empty."""
    name: str = ""
    """The name of the schema asked for, which clients use for the kind of question."""
    schema: Mapping[str, Json] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All that was said so far, as one text."""
        return "\n".join(str(each.get("content", "")) for each in self.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An ordinary answer. ``reason`` is the finish_reason."""

    text: str = ""
    reason: str = "stop"
    refusal: str = ""
    choices: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An HTTP error in OpenAI's form."""

    status: int
    kind: str
    message: str
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """Bytes as they are, until they end or the client leaves."""

    parts: Callable[[], AsyncGenerator[bytes]]
    content_type: bytes = b"application/json"
    status: int = 200


Said = Text | Failure | Raw
Answerer = Callable[[ChatRequest], Said]


def read_request(body: bytes) -> ChatRequest:
    """What a client sent; raises ValueError with what is wrong with it."""
    sent = json.loads(body)
    if not isinstance(sent, dict) or not isinstance(sent.get("messages"), list):
        raise ValueError("messages: a list is required")
    wanted = sent.get("response_format") or {}
    named = wanted.get("json_schema") or {}
    return ChatRequest(
        model=str(sent.get("model", MODEL)),
        messages=tuple(sent["messages"]),
        stream=sent.get("stream") is True,
        format=str(wanted.get("type", "")),
        name=str(named.get("name", "")),
        schema=named.get("schema") or {},
    )


def completion(request: ChatRequest, said: Text, *, number: int, created: int) -> Json:
    """A whole ``chat.completion`` object."""
    message: dict[str, Json] = {"role": "assistant", "content": said.text or None}
    message["refusal"] = said.refusal or None
    choice: dict[str, Json] = {"message": message, "logprobs": None, "finish_reason": said.reason}
    return {
        **_head(request, number, created),
        "object": "chat.completion",
        "choices": [{"index": index, **choice} for index in range(said.choices)],
        "usage": _usage(request, said),
    }


def chunks(request: ChatRequest, said: Text, *, number: int, created: int) -> Iterator[bytes]:
    """The same as server-sent events, a few words each, with ``[DONE]`` at the end."""
    head = {**_head(request, number, created), "object": "chat.completion.chunk"}
    for delta in _deltas(said):
        yield event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    last: Json = [{"index": 0, "delta": {}, "finish_reason": said.reason}]
    yield event({**head, "choices": last})
    yield b"data: [DONE]\n\n"


def _deltas(said: Text) -> Iterator[dict[str, Json]]:
    """One by one: an answer may be longer than whoever asked waits for."""
    yield {"role": "assistant", "content": ""}
    for at in range(0, len(said.text), 24):
        yield {"content": said.text[at : at + 24]}
    if said.refusal:
        yield {"refusal": said.refusal}


def event(data: Json) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def error(failure: Failure) -> Json:
    """OpenAI's error object."""
    return {
        "error": {
            "message": failure.message,
            "type": failure.kind,
            "param": None,
            "code": failure.kind,
        }
    }


def models(created: int) -> Json:
    """The answer to ``GET /v1/models``: one model."""
    model: Json = {"id": MODEL, "object": "model", "created": created, "owned_by": "stand-in"}
    return {"object": "list", "data": [model]}


def _head(request: ChatRequest, number: int, created: int) -> dict[str, Json]:
    return {"id": f"chatcmpl-{number:08d}", "created": created, "model": request.model}


def _usage(request: ChatRequest, said: Text) -> Json:
    """About four characters a token: enough for budgets, not for bills."""
    asked, answered = len(request.text) // 4 + 1, len(said.text) // 4 + 1
    return {
        "prompt_tokens": asked,
        "completion_tokens": answered,
        "total_tokens": asked + answered,
    }
