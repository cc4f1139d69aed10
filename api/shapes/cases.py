"""Conversations: what is asked for, what was said, and what the planner streams back."""

from datetime import datetime

from pydantic import Field, JsonValue

from api.shapes.base import Shape
from brain.domain.incident import Symptom
from brain.domain.model_call import CallOutcome


class NewCase(Shape):
    """Which device the conversation is about: by id, or by what is known of it."""

    device: str = Field("", max_length=256, examples=["00D09E-HomeGate-SN0001"])
    search: str = Field(
        "",
        max_length=200,
        description="Instead of `device`: a serial number, model, subscriber or site. "
        "It must fit exactly one device.",
        examples=["SN0001"],
    )


class NewMessage(Shape):
    """What the agent says, in free text. Nothing in it is taken for an instruction.

    A case goes on: "undo that", "why?", "why not channel 1?", "did it help?", "no, the 5 GHz one",
    "it is the extender".
    """

    text: str = Field(min_length=1, max_length=4000, examples=["The Wi-Fi is slow in the evening"])


class CaseShape(Shape):
    """One conversation about one device."""

    id: str = Field(examples=["cas_01k0c8m2v7y3f5d9s4h6j8n1pq"])
    device: str
    opened_by: str
    opened_at: datetime
    symptom: Symptom


class MessageShape(Shape):
    """One thing that was said in a case."""

    role: str = Field(description="`user` or `assistant`.")
    text: str
    at: datetime
    payload: JsonValue = None


class ModelCallShape(Shape):
    """One question to a language model, and what it cost. No word of what was asked is in it."""

    proposal: str = Field(description="The proposal of the run that asked.")
    at: datetime
    prompt: str = Field(examples=["diagnose"])
    prompt_sha256: str
    schema_sha256: str
    outcome: CallOutcome
    why: str = Field(description="Why there was no answer; empty when there was one.")
    model: str = Field(description="As the server named it.")
    mode: str = Field(description="How it was held to the schema.")
    requests: int
    tokens_in: int
    tokens_out: int
    seconds: float


class EventOfPlanner(Shape):
    """The data of one server-sent event; the event's name is its kind."""

    kind: str = Field(
        description="`step`, `text`, `question`, `proposal`, `hand_over`, `denied`, `failed` "
        "or `done`, which is the last one, and only it.",
        examples=["proposal"],
    )
    text: str = ""
    payload: JsonValue = None
