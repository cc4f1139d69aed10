"""Whoever has to answer for rules is told of them, in ids and numbers alone."""

import json
from typing import Any

import pytest

from brain.domain.approval import Answer
from brain.domain.webhook import EventType, Webhook, WebhookId, new_secret
from policies.activation import Activation
from policies.bundle import Bundle
from tests.policies.activation.conftest import LOOSER, NORTH, STRICTER, person

pytestmark = pytest.mark.slow

KEYS = {"policy_change", "revision", "base", "state", "loosens", "asks_for", "path"}


@pytest.fixture
async def hook(activation: Activation) -> WebhookId:
    made = Webhook(
        id=WebhookId("hook_1"),
        tenant=NORTH,
        url="https://tickets.example.net",
        secret=new_secret(bytes(32)),
        events=frozenset({EventType.POLICY_PROPOSED, EventType.POLICY_ACTIVATED}),
        created_at=activation.clock(),
    )
    async with activation.store.begin() as tx:
        await tx.webhooks.add(made)
    return made.id


async def told(activation: Activation, hook: WebhookId) -> list[tuple[str, dict[str, Any]]]:
    async with activation.store.read() as tx:
        sent = await tx.deliveries.of_webhook(NORTH, hook)
    assert all(json.loads(each.data).keys() == KEYS for each in sent)
    assert not any("Mrs. Jones" in each.data for each in sent)
    return [(str(each.type), json.loads(each.data)) for each in sent]


async def test_rules_that_wait_for_people_name_who_has_to_answer(
    activation: Activation, bundle: Bundle, hook: WebhookId, reviewed: str
) -> None:
    looser = bundle.with_numbers(LOOSER)

    change = await activation.propose("olga", looser, "Mrs. Jones asked for it")

    ((event, data),) = await told(activation, hook)
    assert event == "policy.proposed"
    assert data["policy_change"] == change.id
    assert data["asks_for"] == [{"group": "policy", "min": change.needed}]

    who = person("pat", "policy")
    await activation.answer(who, change.id, revision=looser.revision, answer=Answer.APPROVE)

    assert sorted(event for event, _ in await told(activation, hook)) == [
        "policy.activated",
        "policy.proposed",
    ]


async def test_rules_that_loosen_nothing_ask_nobody_and_are_told_of_as_active(
    activation: Activation, bundle: Bundle, hook: WebhookId
) -> None:
    await activation.propose("olga", bundle.with_numbers(STRICTER), "Mrs. Jones")

    events = dict(await told(activation, hook))
    assert events.keys() == {"policy.proposed", "policy.activated"}
    assert events["policy.proposed"]["asks_for"] == []
    assert events["policy.activated"]["state"] == "active"
