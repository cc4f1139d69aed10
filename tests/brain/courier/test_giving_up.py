"""Who asks for time gets it, within bounds; who is away for days is told nothing more."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from brain.courier import KEPT, PAUSES, Courier
from brain.domain.audit import AuditRecord
from brain.domain.webhook import Delivery, Progress, Webhook, WebhookId
from evals.workbench import TENANT, Workbench

if TYPE_CHECKING:
    from tests.brain.courier.conftest import Receiver


async def kept(bench: Workbench) -> list[Delivery]:
    async with bench.store.read() as tx:
        return list(await tx.deliveries.of_webhook(TENANT, WebhookId("hook_1")))


async def now_is(bench: Workbench) -> Webhook | None:
    async with bench.store.read() as tx:
        return await tx.webhooks.get(TENANT, WebhookId("hook_1"))


async def disabled(bench: Workbench) -> list[AuditRecord]:
    async with bench.store.read() as tx:
        trail = await tx.audit.range(TENANT, 0, 1000)
    return [each for each in trail if each.kind == "webhook.disabled"]


async def days_of(bench: Workbench, courier: Courier) -> None:
    for pause in (timedelta(0), *PAUSES):
        bench.clock.now += pause * 1.11
        await courier.deliver()


IN_AN_HOUR = format_datetime(datetime(2026, 1, 5, 13, 0, tzinfo=UTC), usegmt=True)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("3600", 3600),
        (IN_AN_HOUR, 3600),
        ("99999999999999999999", 86400),
        (format_datetime(datetime(2099, 1, 1, tzinfo=UTC), usegmt=True), 86400),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_who_asks_for_time_gets_it_up_to_a_day(
    bench: Workbench,
    courier: Courier,
    webhook: Webhook,
    receiver: "Receiver",
    said: str,
    seconds: int,
    status: int,
) -> None:
    receiver.status, receiver.retry_after = status, said
    await bench.submit()

    await courier.deliver()

    (delivery,) = await kept(bench)
    assert delivery.next_at == bench.clock() + timedelta(seconds=seconds)


@pytest.mark.parametrize("said", ["0", "-5", "soon", "1e9", "Thu, 01 Jan 1970 00:00:00 GMT", "²"])
async def test_who_asks_for_none_or_makes_no_sense_is_not_asked_sooner(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver", said: str
) -> None:
    receiver.status, receiver.retry_after = 503, said.encode().decode("latin-1")
    await bench.submit()

    await courier.deliver()

    (delivery,) = await kept(bench)
    assert delivery.next_at is not None
    assert PAUSES[0] <= delivery.next_at - bench.clock() <= PAUSES[0] * 1.1


async def test_who_is_away_for_days_is_switched_off_on_the_record(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> None:
    receiver.status = 500
    await bench.submit()

    await days_of(bench, courier)
    heard = len(receiver.heard)
    await bench.submit(bench.proposal(case="cas_2"))
    await courier.deliver()

    now = await now_is(bench)
    assert now is not None
    assert not now.enabled
    assert now.off_because.endswith("500 Internal Server Error")
    (entry,) = await disabled(bench)
    assert (entry.actor, json.loads(entry.payload)["webhook"]) == ("gatewright", "hook_1")
    assert "for=us" not in entry.payload
    assert len(receiver.heard) == heard


async def test_one_message_that_is_not_taken_switches_nothing_off(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> None:
    receiver.status = 500
    await bench.submit()
    await courier.deliver()
    receiver.status = 204
    await bench.submit(bench.proposal(case="cas_2"))
    async with bench.store.read() as tx:
        (other,) = await tx.deliveries.due(bench.clock())
    assert await courier._attempt(other)
    receiver.status = 500

    await days_of(bench, courier)

    assert await now_is(bench) == webhook
    assert await disabled(bench) == []
    assert sorted(each.progress for each in await kept(bench)) == [
        Progress.DELIVERED,
        Progress.GIVEN_UP,
    ]


async def test_an_answer_of_gone_is_on_the_record(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> None:
    receiver.status = 410
    await bench.submit()

    await courier.deliver()

    assert len(await disabled(bench)) == 1


async def test_what_was_delivered_long_ago_is_forgotten_and_what_waits_is_not(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> None:
    await bench.submit()
    await courier.deliver()
    receiver.status = 500
    await bench.submit(bench.proposal(case="cas_2"))
    bench.clock.now += KEPT

    assert await courier.prune() == 0
    bench.clock.advance(1)
    assert await courier.prune() == 1

    (left,) = await kept(bench)
    assert left.progress is Progress.WAITING


async def test_what_is_to_be_sent_again_arrives_under_the_same_id(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> None:
    await bench.submit()
    await courier.deliver()
    (sent,) = await kept(bench)
    async with bench.store.begin() as tx:
        await tx.deliveries.again(replace(sent, next_at=bench.clock()))

    assert await courier.deliver() == 1
    assert await courier.deliver() == 0

    assert len({headers["webhook-id"] for headers, _ in receiver.heard}) == 1
    assert len(receiver.heard) == 2
