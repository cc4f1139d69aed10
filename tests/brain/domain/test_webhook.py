"""Signatures are those of the Standard Webhooks specification, byte for byte."""

from datetime import UTC, datetime, timedelta

import pytest

from brain.domain.identity import TenantId
from brain.domain.webhook import EventId, EventType, Webhook, WebhookId, new_secret, signatures

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_published_vector_is_signed_as_published() -> None:
    """From the test suites of the specification's own libraries."""
    signed = signatures(
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",),
        EventId("msg_p5jXN8AQM9LWM0D4loKWxJek"),
        1614265330,
        b'{"test": 2432232314}',
    )

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("until", "secrets"),
    [
        (None, ("new",)),
        (timedelta(seconds=1), ("new", "old")),
        (timedelta(0), ("new",)),
        (timedelta(seconds=-1), ("new",)),
    ],
)
def test_an_old_secret_signs_too_until_its_time_is_over(
    until: timedelta | None, secrets: tuple[str, ...]
) -> None:
    webhook = Webhook(
        id=WebhookId("hook_1"),
        tenant=TenantId("north"),
        url="https://example.net/",
        secret="new",
        events=frozenset({EventType.PAGED}),
        created_at=NOW,
        old_secret="old",
        old_until=None if until is None else NOW + until,
    )

    assert webhook.secrets(NOW) == secrets


def test_secrets_differ_and_are_marked_as_such() -> None:
    assert new_secret(bytes(32)).startswith("whsec_")
    assert new_secret(bytes(32)) != new_secret(bytes(31) + b"1")
