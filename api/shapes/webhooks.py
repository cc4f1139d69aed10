"""Webhooks, and what was sent to them."""

from datetime import datetime

from pydantic import Field

from api.shapes.base import Shape
from brain.domain.webhook import EventType, Progress


class WebhookRequest(Shape):
    """Where to tell of what."""

    url: str = Field(max_length=2000, examples=["https://tickets.example.net/gatewright"])
    events: list[EventType] = Field(
        min_length=1, examples=[["change.awaiting_approval", "break_glass.opened"]]
    )


class WebhookShape(Shape):
    """One address that is told. Its secret is shown when it is made, and never again."""

    id: str = Field(examples=["hook_01k0c8m2v7y3f5d9s4h6j8n1pq"])
    url: str
    events: list[EventType]
    enabled: bool = Field(
        description="Off by a person, by an answer of 410, or when nothing has arrived for days."
    )
    off_because: str = Field(description="Why it is off; empty while it is on.")
    created_at: datetime
    old_until: datetime | None = Field(
        description="Until then everything is signed with the secret before, too."
    )


class NewWebhookShape(WebhookShape):
    """With the secret, this once."""

    secret: str = Field(description="Verify signatures with it: standardwebhooks.com.")


class DeliveryShape(Shape):
    """One event, and what came of sending it."""

    event: str = Field(description="The header `webhook-id`, the same at every attempt.")
    type: EventType
    at: datetime
    progress: Progress
    attempts: int
    next_at: datetime | None
    delivered_at: datetime | None
    detail: str = Field(description="What came of the last attempt.")
