"""Reads an answer as it comes, so that one that is too long or breaks off is noticed early."""

from collections.abc import AsyncIterator, Callable

from pydantic import BaseModel, ConfigDict, ValidationError

from brain.domain.model_call import CallOutcome
from brain.planner.completion import Completion
from brain.planner.deps import ModelFailed

Progress = Callable[[int], None]
"""Told how many pieces, which are tokens or a few of them, have come so far."""
_DATA = "data:"
_END = "[DONE]"
_CHARACTERS_PER_TOKEN = 16
"""More than any language takes; what is longer than that many tokens ends never."""


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Function(_Read):
    arguments: str | None = None


class _ToolCall(_Read):
    function: _Function = _Function()


class _Delta(_Read):
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[_ToolCall] | None = None


class _Choice(_Read):
    delta: _Delta = _Delta()
    finish_reason: str | None = None


class _Chunk(_Read):
    choices: list[_Choice] = []
    model: str = ""
    usage: dict[str, object] | None = None
    error: object = None


class _Answer:
    """What has come so far."""

    def __init__(self) -> None:
        self.pieces = 0
        self.content, self.refusal, self.arguments = "", "", ""
        self.called = False
        self.finish: str | None = None
        self.model = ""
        self.usage: dict[str, object] | None = None

    def add(self, chunk: _Chunk) -> None:
        self.model = chunk.model or self.model
        self.usage = chunk.usage or self.usage
        for choice in chunk.choices[:1]:
            self.pieces += 1
            self.finish = choice.finish_reason or self.finish
            self.content += choice.delta.content or ""
            self.refusal += choice.delta.refusal or ""
            for call in choice.delta.tool_calls or []:
                self.called = True
                self.arguments += call.function.arguments or ""

    @property
    def length(self) -> int:
        return len(self.content) + len(self.refusal) + len(self.arguments)

    def whole(self) -> Completion:
        calls = [{"function": {"arguments": self.arguments}}] if self.called else None
        message = {"content": self.content, "refusal": self.refusal or None, "tool_calls": calls}
        choice = {"message": message, "finish_reason": self.finish}
        body = {"choices": [choice], "model": self.model, "usage": self.usage}
        return Completion.model_validate(body)


async def read_stream(
    lines: AsyncIterator[str], *, most_tokens: int, progress: Progress | None
) -> Completion:
    """The whole answer of a stream of server-sent events; ModelFailed when it does not end well."""
    answer = _Answer()
    async for line in lines:
        if not line.startswith(_DATA):
            continue
        data = line.removeprefix(_DATA).strip()
        if data == _END:
            break
        answer.add(_chunk(data))
        if answer.length > most_tokens * _CHARACTERS_PER_TOKEN:
            raise ModelFailed(
                "its answer was cut off because it was too long", outcome=CallOutcome.CUT_OFF
            )
        if progress is not None:
            progress(answer.pieces)
    if answer.finish is None:
        raise ModelFailed("its answer broke off", outcome=CallOutcome.CUT_OFF)
    try:
        return answer.whole()
    except ValidationError:
        raise ModelFailed("what it sent could not be read") from None


def _chunk(data: str) -> _Chunk:
    try:
        chunk = _Chunk.model_validate_json(data)
    except ValidationError:
        raise ModelFailed("what it sent could not be read") from None
    if chunk.error is not None:
        raise ModelFailed("the server failed")
    return chunk
