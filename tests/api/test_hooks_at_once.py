"""What two administrators change of one webhook at the same moment is both kept."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.hooks import remove_webhook, rotate_secret, switch_webhook, try_webhook
from brain.domain.ports import Clock
from brain.domain.webhook import EventType, Webhook, WebhookId
from brain.ledger.announcing import announce
from brain.store.store import Store
from tests.api.conftest import NORTH, Wiring, answering
from tests.api.waiting import until_it_waits

if TYPE_CHECKING:
    from tests.api.conftest import Front

pytestmark = pytest.mark.postgres
BOSS = answering("boss")


@pytest.fixture
async def wiring(front: "Front", postgres_store: Store, clock: Clock) -> Wiring:
    """Its store is PostgreSQL, with one webhook and a trail that began."""
    made = Webhook(
        id=WebhookId("hook_1"),
        tenant=NORTH,
        url="https://tickets.example.net/",
        secret="whsec_aGVsbG8=",
        events=frozenset({EventType.PAGED}),
        created_at=clock(),
    )
    async with postgres_store.begin() as tx:
        await tx.webhooks.add(made)
        await front.wiring.audit.append(tx, tenant=NORTH, actor="test", kind="began", payload={})
    return replace(front.wiring, store=postgres_store)


async def kept(wiring: Wiring) -> Webhook | None:
    async with wiring.store.read() as tx:
        return await tx.webhooks.get(NORTH, WebhookId("hook_1"))


@pytest.mark.parametrize("again", [False, True])
async def test_a_renewed_secret_stays_when_another_switches_or_tries_it(
    wiring: Wiring, again: bool
) -> None:
    before = await kept(wiring)
    assert before is not None
    async with wiring.store.begin() as tx:
        found = await tx.webhooks.held(NORTH, before.id)
        assert found is not None
        await tx.webhooks.put(replace(found, secret="whsec_bmV3", old_secret=before.secret))
        other = asyncio.create_task(
            try_webhook(wiring, BOSS, "hook_1")
            if again
            else switch_webhook(wiring, BOSS, "hook_1", enabled=False)
        )
        await until_it_waits(wiring.store, other)
    await other

    now = await kept(wiring)
    assert now is not None
    assert (now.secret, now.old_secret, now.enabled) == ("whsec_bmV3", before.secret, again)


async def test_what_was_switched_off_stays_off_when_another_renews_its_secret(
    wiring: Wiring,
) -> None:
    before = await kept(wiring)
    assert before is not None
    async with wiring.store.begin() as tx:
        await tx.webhooks.put(replace(before, enabled=False, off_because="ana"))
        other = asyncio.create_task(rotate_secret(wiring, BOSS, "hook_1"))
        await until_it_waits(wiring.store, other)
    renewed = await other

    now = await kept(wiring)
    assert now == renewed
    assert (now.enabled, now.off_because, now.old_secret) == (False, "ana", before.secret)


async def test_a_webhook_is_taken_away_with_what_is_being_queued_for_it(wiring: Wiring) -> None:
    async with wiring.store.begin() as tx:
        entry = await wiring.audit.append(tx, tenant=NORTH, actor="test", kind="paged", payload={})
        assert await announce(tx, entry, EventType.PAGED, {}) == 1
        other = asyncio.create_task(remove_webhook(wiring, BOSS, "hook_1"))
        await until_it_waits(wiring.store, other)
    await other

    assert await kept(wiring) is None
    async with wiring.store.read() as tx:
        assert await tx.deliveries.of_webhook(NORTH, WebhookId("hook_1")) == []
