"""Webhooks: who is told of what, and one telling of it (the Standard Webhooks specification)."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from hmac import digest
from typing import NewType

from brain.domain.identity import TenantId

WebhookId = NewType("WebhookId", str)
EventId = NewType("EventId", str)
SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with


class EventType(StrEnum):
    """What somebody can be told of."""

    AWAITING_APPROVAL = "change.awaiting_approval"
    APPROVED = "change.approved"
    REJECTED = "change.rejected"
    EXPIRED = "change.expired"
    DENIED = "change.denied"
    SUPERSEDED = "change.superseded"
    SUCCEEDED = "change.succeeded"
    ROLLED_BACK = "change.rolled_back"
    FAILED = "change.failed"
    UNKNOWN = "change.unknown"
    PAGED = "change.paged"
    GLASS_BROKEN = "break_glass.opened"
    GLASS_REFUSED = "break_glass.refused"
    GLASS_REVIEW_DUE = "break_glass.review_due"
    GLASS_REVIEWED = "break_glass.reviewed"
    POLICY_PROPOSED = "policy.proposed"
    POLICY_ACTIVATED = "policy.activated"
    INCIDENT_OPENED = "incident.opened"
    INCIDENT_CLOSED = "incident.closed"
    TEST = "webhook.test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that is told. Both may be secrets: addresses often are as good as a key."""

    id: WebhookId
    tenant: TenantId
    url: str
    secret: str
    """``whsec_`` and base64 of 32 bytes."""
    events: frozenset[EventType]
    created_at: datetime
    enabled: bool = True
    off_because: str = ""
    """Why it was switched off; empty while it is on."""
    old_secret: str = ""
    """The one before, with which everything is signed, too, until ``old_until``."""
    old_until: datetime | None = None

    def secrets(self, now: datetime) -> tuple[str, ...]:
        """What to sign with now, the newest first."""
        still = self.old_until is not None and now < self.old_until
        return (self.secret, self.old_secret) if still else (self.secret,)


class Progress(StrEnum):
    """Where a telling is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one address. The event's id is the same however often it is sent."""

    webhook: WebhookId
    tenant: TenantId
    event: EventId
    type: EventType
    data: str
    """JSON: ids, states, groups and codes; never a secret or a subscriber's data."""
    at: datetime
    attempts: int = 0
    next_at: datetime | None = None
    delivered_at: datetime | None = None
    detail: str = ""
    """What came of the last attempt."""

    @property
    def progress(self) -> Progress:
        """Waiting until it is delivered, or until nobody tries any more."""
        if self.delivered_at is not None:
            return Progress.DELIVERED
        return Progress.GIVEN_UP if self.next_at is None else Progress.WAITING


def new_secret(entropy: bytes) -> str:
    """A secret of these bytes; the specification asks for 24 to 64."""
    return SECRET_PREFIX + b64encode(entropy).decode()


def signatures(secrets: tuple[str, ...], event: EventId, timestamp: int, body: bytes) -> str:
    """The header ``webhook-signature``: one signature for each secret, apart by a space."""
    signed = f"{event}.{timestamp}.".encode() + body
    keys = (b64decode(secret.removeprefix(SECRET_PREFIX)) for secret in secrets)
    return " ".join("v1," + b64encode(digest(key, signed, sha256)).decode() for key in keys)
