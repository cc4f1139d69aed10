"""While a webhook is waited for, people renew its secret, switch it off or take it away."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from brain.courier import Courier
from brain.domain.webhook import Webhook, new_secret
from evals.workbench import TENANT, Workbench
from tests.brain.courier.test_giving_up import disabled, kept, now_is

if TYPE_CHECKING:
    from tests.brain.courier.conftest import Receiver

Waiting = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture
async def waiting(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> Waiting:
    """Within it the courier waits for an answer, which then is that nobody wants any more."""

    @asynccontextmanager
    async def wait() -> AsyncIterator[None]:
        receiver.status, receiver.stall = 410, threading.Event()
        await bench.submit()
        attempt = asyncio.create_task(courier.deliver())
        assert await asyncio.to_thread(receiver.arrived.wait, 10)
        yield
        receiver.stall.set()
        assert await attempt == 1

    return wait


async def test_a_secret_that_was_renewed_meanwhile_stays(
    bench: Workbench, webhook: Webhook, waiting: Waiting
) -> None:
    renewed = replace(webhook, secret=new_secret(b"n" * 32), old_secret=webhook.secret)
    async with waiting(), bench.store.begin() as tx:
        await tx.webhooks.put(renewed)

    now = await now_is(bench)
    assert now is not None
    assert (now.secret, now.old_secret, now.enabled) == (renewed.secret, webhook.secret, False)
    assert len(await disabled(bench)) == 1


async def test_whoever_switched_it_off_meanwhile_is_who_did(
    bench: Workbench, webhook: Webhook, waiting: Waiting
) -> None:
    off = replace(webhook, enabled=False, off_because="ana switched it off")
    async with waiting(), bench.store.begin() as tx:
        await tx.webhooks.put(off)

    assert await now_is(bench) == off
    assert await disabled(bench) == []


async def test_what_was_taken_away_meanwhile_stays_away(
    bench: Workbench, webhook: Webhook, waiting: Waiting
) -> None:
    async with waiting(), bench.store.begin() as tx:
        await tx.deliveries.forget(TENANT, webhook.id)
        await tx.webhooks.remove(TENANT, webhook.id)

    assert await now_is(bench) is None
    assert await kept(bench) == []
    assert await disabled(bench) == []
