"""How a server can be held to a shape, and what a question looks like in each way."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

from openai.types.chat import (
    ChatCompletionMessageParam,
    ChatCompletionNamedToolChoiceParam,
    ChatCompletionToolParam,
)
from openai.types.shared_params import ResponseFormatJSONObject, ResponseFormatJSONSchema
from pydantic import BaseModel, ConfigDict

from brain.planner.completion import schema_of
from brain.planner.deps import Prompt

Messages = list[ChatCompletionMessageParam]


class Mode(StrEnum):
    """How a server can be held to a shape, the strictest first."""

    STRICT = "json_schema"
    TOOLS = "tools"
    """One function that it has to call, whose parameters are the schema."""
    JSON = "json_object"
    """With the schema in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """What was found out of a server."""

    mode: Mode | None = None
    """How it is held to a shape; None while nobody knows."""
    model: str = ""
    trouble: str = ""
    """Why nobody knows, in a sentence."""

    @property
    def words(self) -> str:
        """For a person, in one line."""
        if self.mode is None:
            return self.trouble or "not asked yet"
        held = {
            Mode.STRICT: "held to a schema by the server",
            Mode.TOOLS: "held to a schema by a function call",
            Mode.JSON: "told the schema in words, which the server does not enforce",
        }
        return f"{self.model or 'the model'} answers, {held[self.mode]} ({self.mode.value})"


class Form(TypedDict, total=False):
    """What a request says of the form of its answer."""

    response_format: ResponseFormatJSONSchema | ResponseFormatJSONObject
    tools: list[ChatCompletionToolParam]
    tool_choice: ChatCompletionNamedToolChoiceParam


class Probed(BaseModel):
    """What a server answers that is held to a shape, though it is told to say something else."""

    model_config = ConfigDict(extra="forbid")

    ok: bool


PROBE = Prompt(name="probe", instructions="Say hello, in one word of plain text.", data="{}")


def form_of(mode: Mode, prompt: Prompt, shape: type[BaseModel]) -> Form:
    """What to send with the messages so that the answer has this shape."""
    if mode is Mode.JSON:
        return {"response_format": {"type": "json_object"}}
    schema = schema_of(shape)
    if mode is Mode.STRICT:
        held: ResponseFormatJSONSchema = {
            "type": "json_schema",
            "json_schema": {"name": prompt.name, "strict": True, "schema": schema},
        }
        return {"response_format": held}
    return {
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": prompt.name,
                    "description": "Give the answer.",
                    "parameters": schema,
                },
            }
        ],
        "tool_choice": {"type": "function", "function": {"name": prompt.name}},
    }


def messages_of(mode: Mode, prompt: Prompt, shape: type[BaseModel]) -> Messages:
    """Our instructions apart from the data, which is fenced and one line of JSON."""
    instructions = prompt.instructions
    if mode is Mode.JSON:
        instructions += f"\n\n{_in_words(shape)}"
    return [
        {"role": "system", "content": instructions},
        {"role": "user", "content": f"Data:\n```json\n{prompt.data}\n```"},
    ]


def mending(text: str, error: Exception, shape: type[BaseModel]) -> Messages:
    """What is said after an answer off the shape, so that it is given again."""
    return [
        {"role": "assistant", "content": text},
        {"role": "user", "content": f"That is not it: {error}. Answer again. {_in_words(shape)}"},
    ]


def _in_words(shape: type[BaseModel]) -> str:
    schema = json.dumps(schema_of(shape), sort_keys=True)
    return f"Answer with one JSON object of this JSON Schema:\n{schema}"
