"""Reads a chat completion for what it is: an answer that came to its end, in the shape asked for.

The body comes from outside and clients hand it on unchecked, so all of it is checked here.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from brain.domain.model_call import CallOutcome
from brain.planner.deps import ModelFailed

_BYTES_PER_TOKEN = 4
"""About as many as English takes; for servers that do not count."""
_LONGEST_REASON = 200


class Misshapen(Exception):
    """The answer is not of the shape asked for. The text says how, without the answer."""


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Function(_Read):
    arguments: str = ""


class _ToolCall(_Read):
    function: _Function = _Function()


class _Message(_Read):
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[_ToolCall] | None = None


class _Choice(_Read):
    message: _Message
    finish_reason: str | None = None


class _Usage(_Read):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Model(_Read):
    id: str


class _Models(_Read):
    data: list[_Model]


class Completion(_Read):
    """What is used of a response body."""

    choices: list[_Choice]
    model: str = ""
    usage: _Usage | None = None

    @property
    def text(self) -> str:
        """The words of the answer; ModelFailed when it did not come to its end."""
        message = self._ended()
        if not message.content:
            raise ModelFailed("it answered nothing")
        return message.content

    @property
    def called(self) -> str | None:
        """The arguments of the function that it calls; None when it calls none."""
        calls = self._ended().tool_calls or []
        return calls[0].function.arguments if calls else None

    @property
    def length(self) -> int:
        """Characters that it said, calls included."""
        said = [each.message for each in self.choices]
        words = sum(len(each.content or "") for each in said)
        calls = (call for each in said for call in each.tool_calls or [])
        return words + sum(len(each.function.arguments) for each in calls)

    def _ended(self) -> _Message:
        choice = self.choices[0] if self.choices else None
        if choice is None:
            raise ModelFailed("it answered nothing")
        if choice.message.refusal:
            raise ModelFailed("it refused to answer", outcome=CallOutcome.REFUSED)
        if choice.finish_reason == "length":
            raise ModelFailed(
                "its answer was cut off because it was too long", outcome=CallOutcome.CUT_OFF
            )
        if choice.finish_reason == "content_filter":
            raise ModelFailed("its answer was held back by a filter", outcome=CallOutcome.REFUSED)
        return choice.message


def read_completion(body: bytes) -> Completion:
    """The completion in a response body; PlannerFailed when it is none."""
    try:
        return Completion.model_validate_json(body)
    except ValidationError:
        raise ModelFailed("what it sent could not be read") from None


def model_names(body: bytes) -> list[str]:
    """The models that a server lists; PlannerFailed when it lists nothing readable."""
    try:
        return [each.id for each in _Models.model_validate_json(body).data]
    except ValidationError:
        raise ModelFailed("what it sent could not be read") from None


def parsed(text: str, shape: type[BaseModel]) -> BaseModel:
    """The answer in this shape, or Misshapen."""
    try:
        return shape.model_validate_json(_unfenced(text))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Misshapen(f"{where}: {first['msg']}"[:_LONGEST_REASON]) from None


def schema_of(shape: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema with every field required, as strict structured output asks."""
    schema = shape.model_json_schema(mode="serialization")
    for each in schema["properties"].values():
        each.pop("default", None)  # strict output refuses the word
    return schema


def tokens_of(completion: Completion, *, sent: int) -> tuple[int, int]:
    """Tokens in and out; estimated for servers that do not count. ``sent`` is in bytes."""
    usage = completion.usage or _Usage()
    said = completion.length
    return (
        max(usage.prompt_tokens, 0) or sent // _BYTES_PER_TOKEN,
        max(usage.completion_tokens, 0) or said // _BYTES_PER_TOKEN,
    )


def _unfenced(text: str) -> str:
    """The object itself: small models like to put a fence around it."""
    stripped = text.strip()
    if stripped.startswith("```"):
        stripped = stripped.strip("`").strip().removeprefix("json")
    return stripped
