"""What cannot be delivered is tried again, with the same id, and not for ever."""

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from brain.courier import PAUSES, Courier
from brain.domain.webhook import Delivery, Progress, Webhook, WebhookId
from evals.workbench import TENANT, Workbench

if TYPE_CHECKING:
    from tests.brain.courier.conftest import Receiver


async def kept(bench: Workbench) -> list[Delivery]:
    async with bench.store.read() as tx:
        return list(await tx.deliveries.of_webhook(TENANT, WebhookId("hook_1")))


async def test_the_same_event_is_tried_again_with_the_same_id_and_then_no_more(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> None:
    receiver.status = 500
    await bench.submit()
    attempts = 0
    for pause in (timedelta(0), *PAUSES):
        bench.clock.now += pause * 1.11
        attempts += await courier.deliver()
        assert await courier.deliver() == 0
    bench.clock.advance(30 * 86400)
    late = await courier.deliver()

    assert (attempts, late, len(receiver.heard)) == (len(PAUSES) + 1, 0, len(PAUSES) + 1)
    assert len({headers["webhook-id"] for headers, _ in receiver.heard}) == 1
    assert len({headers["webhook-timestamp"] for headers, _ in receiver.heard}) == len(PAUSES) + 1
    (delivery,) = await kept(bench)
    assert (delivery.progress, delivery.detail) == (
        Progress.GIVEN_UP,
        "500 Internal Server Error",
    )


async def test_whoever_is_back_gets_what_they_missed(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> None:
    receiver.status = 503
    await bench.submit()
    await courier.deliver()
    receiver.status = 200
    bench.clock.advance(6)

    await courier.deliver()

    (delivery,) = await kept(bench)
    assert (delivery.progress, delivery.attempts) == (Progress.DELIVERED, 2)


async def test_what_dies_on_the_way_is_sent_again(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> None:
    await bench.submit()
    receiver.stall = threading.Event()
    dying = asyncio.create_task(courier.deliver())
    await asyncio.to_thread(receiver.arrived.wait, 5)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    receiver.stall.set()

    at_once = await courier.deliver()
    bench.clock.advance(6)
    later = await courier.deliver()

    assert (at_once, later) == (0, 1)
    first, second = (headers["webhook-id"] for headers, _ in receiver.heard)
    assert first == second


async def test_two_couriers_send_it_once(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> None:
    await bench.submit()

    attempts = await asyncio.gather(courier.deliver(), courier.deliver())

    assert (sum(attempts), len(receiver.heard)) == (1, 1)


async def test_a_redirect_is_not_followed(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> None:
    receiver.status, receiver.location = 307, receiver.url
    await bench.submit()

    await courier.deliver()

    (delivery,) = await kept(bench)
    assert (len(receiver.heard), delivery.progress) == (1, Progress.WAITING)
    assert delivery.detail == "307 Temporary Redirect"


async def test_one_who_does_not_answer_is_left_after_a_while(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> None:
    receiver.stall = threading.Event()
    await bench.submit()

    await replace(courier, timeout=timedelta(seconds=0.5)).deliver()

    (delivery,) = await kept(bench)
    assert delivery.detail == "no answer within 0.5 s"
    assert delivery.progress is Progress.WAITING


async def test_who_is_gone_is_told_nothing_more(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> None:
    receiver.status = 410
    await bench.submit()
    await courier.deliver()
    await bench.submit(bench.proposal(case="cas_2"))

    assert await courier.deliver() == 0
    async with bench.store.read() as tx:
        now = await tx.webhooks.get(TENANT, webhook.id)
    assert now == replace(
        webhook, enabled=False, off_because="it answered that it wants no more (410)"
    )
    assert [each.progress for each in await kept(bench)] == [Progress.GIVEN_UP]


async def test_a_cancellation_that_was_taken_for_an_error_still_ends_the_courier(
    courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, passes = asyncio.Event(), []

    async def deliver(_: Courier) -> int:
        passes.append(1)
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise RuntimeError("a driver that does not pass it on") from None
        return 0

    monkeypatch.setattr(Courier, "deliver", deliver)
    running = asyncio.create_task(replace(courier, every=3600).run())
    await begun.wait()
    running.cancel()
    await asyncio.wait([running], timeout=5)

    assert running.done()
    assert len(passes) == 1
