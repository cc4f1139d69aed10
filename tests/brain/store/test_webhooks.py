"""Webhooks are kept sealed, and what is on its way to them is taken by one at a time."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from brain.domain.errors import Conflict
from brain.domain.identity import TenantId
from brain.domain.webhook import Delivery, EventId, EventType, Progress, Webhook, WebhookId
from brain.store.store import Store

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NORTH, SOUTH = TenantId("north"), TenantId("south")


@pytest.fixture
async def webhook(any_store: Store) -> Webhook:
    made = Webhook(
        id=WebhookId("hook_1"),
        tenant=NORTH,
        url="https://tickets.example.net/hook?key=hunter2",
        secret="whsec_aGVsbG8=",
        events=frozenset({EventType.PAGED, EventType.APPROVED}),
        created_at=NOW,
    )
    async with any_store.begin() as tx:
        await tx.webhooks.add(made)
    return made


@pytest.fixture
async def delivery(any_store: Store, webhook: Webhook) -> Delivery:
    made = Delivery(
        webhook=webhook.id,
        tenant=NORTH,
        event=EventId("evt_1"),
        type=EventType.PAGED,
        data="{}",
        at=NOW,
        next_at=NOW,
    )
    async with any_store.begin() as tx:
        await tx.deliveries.add(made)
    return made


async def test_one_comes_back_as_it_was_and_is_replaced(any_store: Store, webhook: Webhook) -> None:
    changed = replace(webhook, enabled=False, old_secret="whsec_b2xk", old_until=NOW)
    async with any_store.begin() as tx:
        assert await tx.webhooks.get(NORTH, webhook.id) == webhook
        assert await tx.webhooks.put(changed)
        assert await tx.webhooks.list(NORTH) == [changed]
        assert await tx.webhooks.get(SOUTH, webhook.id) is None
        assert not await tx.webhooks.put(replace(webhook, tenant=SOUTH))


async def test_only_who_wants_to_know_and_is_switched_on_listens(
    any_store: Store, webhook: Webhook
) -> None:
    async with any_store.begin() as tx:
        assert await tx.webhooks.listening(NORTH, EventType.PAGED) == [webhook.id]
        assert await tx.webhooks.listening(NORTH, EventType.FAILED) == []
        assert await tx.webhooks.listening(SOUTH, EventType.PAGED) == []
        await tx.webhooks.put(replace(webhook, enabled=False))
        assert await tx.webhooks.listening(NORTH, EventType.PAGED) == []


async def test_one_event_goes_to_one_webhook_once(any_store: Store, delivery: Delivery) -> None:
    async def add() -> None:
        async with any_store.begin() as tx:
            await tx.deliveries.add(delivery)

    with pytest.raises(Conflict):
        await add()


async def test_one_of_all_who_try_at_once_takes_an_attempt(
    any_store: Store, delivery: Delivery
) -> None:
    later = NOW + timedelta(minutes=5)

    async def claim() -> bool:
        async with any_store.begin() as tx:
            return await tx.deliveries.claim(delivery, next_at=later)

    assert (await asyncio.gather(*(claim() for _ in range(5)))).count(True) == 1
    async with any_store.read() as tx:
        assert await tx.deliveries.due(NOW) == []
        (again,) = await tx.deliveries.due(later)
    assert (again.attempts, again.progress) == (1, Progress.WAITING)


async def test_what_arrived_or_was_given_up_is_not_due_again(
    any_store: Store, delivery: Delivery
) -> None:
    ends = [
        replace(delivery, next_at=None, delivered_at=NOW, detail="204 No Content"),
        replace(delivery, next_at=None, detail="500 Internal Server Error"),
    ]
    seen = []
    async with any_store.begin() as tx:
        for end in ends:
            await tx.deliveries.settle(end)
            assert await tx.deliveries.due(NOW + timedelta(days=99)) == []
            assert not await tx.deliveries.claim(delivery, next_at=NOW)
            seen += [each.progress for each in await tx.deliveries.of_webhook(NORTH, end.webhook)]

    assert seen == [Progress.DELIVERED, Progress.GIVEN_UP]


async def test_what_is_removed_takes_its_deliveries_with_it(
    any_store: Store, webhook: Webhook, delivery: Delivery
) -> None:
    async with any_store.begin() as tx:
        assert not await tx.webhooks.remove(SOUTH, webhook.id)
        await tx.deliveries.forget(NORTH, webhook.id)
        assert await tx.webhooks.remove(NORTH, webhook.id)
        assert await tx.webhooks.list(NORTH) == []
        assert await tx.deliveries.due(NOW) == []
