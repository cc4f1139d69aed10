"""Webhooks are signed, and hold nothing that must not leave the house."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from brain.addresses import Addresses
from brain.courier import Courier
from brain.domain.webhook import Delivery, Progress, Webhook, WebhookId, new_secret
from evals.workbench import TENANT, Workbench

if TYPE_CHECKING:
    from tests.brain.courier.conftest import Receiver

SECRET, OLD = new_secret(bytes(range(32))), new_secret(bytes(range(1, 33)))


async def kept(bench: Workbench) -> list[Delivery]:
    async with bench.store.read() as tx:
        return list(await tx.deliveries.of_webhook(TENANT, WebhookId("hook_1")))


@pytest.fixture(scope="session")
def reference() -> ModuleType:
    """The implementation of those who wrote the specification."""
    if os.environ.get("CI") == "true":
        return import_module("standardwebhooks")
    module: ModuleType = pytest.importorskip("standardwebhooks")
    return module


async def test_what_is_told_names_things_and_quotes_nothing(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> None:
    record = await bench.submit()

    assert await courier.deliver() == 1

    ((headers, body),) = receiver.heard
    assert json.loads(body) == {
        "type": "change.awaiting_approval",
        "timestamp": "2026-01-05T12:00:00Z",
        "data": {
            "change": record.id,
            "device": record.device,
            "state": "awaiting_approval",
            "asks_for": [{"group": "approvers", "min": 1}],
            "codes": ["asker.second_person"],
            "link": f"https://gw.example.net/changes/{record.id}",
        },
    }
    assert headers["content-type"] == "application/json"
    assert headers["host"] == f"127.0.0.1:{receiver.url.split(':')[2].split('/')[0]}"
    assert headers["webhook-timestamp"] == str(int(bench.clock().timestamp()))
    (delivery,) = await kept(bench)
    assert (delivery.event, delivery.progress) == (headers["webhook-id"], Progress.DELIVERED)
    assert delivery.detail == "204 No Content"


async def test_the_reference_implementation_takes_the_signature(
    bench: Workbench,
    courier: Courier,
    webhook: Webhook,
    receiver: "Receiver",
    reference: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rotated = replace(webhook, old_secret=OLD, old_until=bench.clock() + timedelta(hours=1))
    async with bench.store.begin() as tx:
        await tx.webhooks.put(rotated)
    await bench.submit()
    await courier.deliver()
    bench.clock.advance(3600)
    await bench.submit(bench.proposal(case="cas_2"))
    await courier.deliver()

    (both, body), (newest, later) = receiver.heard
    now = type("Frozen", (), {"now": staticmethod(lambda tz: bench.clock() - timedelta(hours=1))})
    monkeypatch.setattr(
        reference.webhooks, "datetime", _frozen(reference.webhooks.datetime, now.now)
    )

    assert reference.Webhook(SECRET).verify(body, both)["type"] == "change.awaiting_approval"
    assert reference.Webhook(OLD).verify(body, both)
    with pytest.raises(reference.WebhookVerificationError):
        reference.Webhook(OLD).verify(body + b" ", both)
    with pytest.raises(reference.WebhookVerificationError):
        reference.Webhook(new_secret(bytes(32))).verify(body, both)
    assert len(both["webhook-signature"].split(" ")) == 2
    assert len(newest["webhook-signature"].split(" ")) == 1
    assert later != body


def _frozen(real: type, now: Callable[..., object]) -> type:
    """The library looks at the real clock; these messages are of the bench's."""
    return type("datetime", (real,), {"now": staticmethod(now)})


async def test_nobody_is_told_of_what_they_did_not_ask_for(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> None:
    await bench.approved()

    await courier.deliver()

    types = [json.loads(body)["type"] for _, body in receiver.heard]
    assert types == ["change.awaiting_approval"]


async def test_a_fact_that_did_not_happen_is_not_told(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> None:
    record = await bench.submit()
    await courier.deliver()

    async def undone() -> None:
        async with bench.store.begin() as tx:
            await bench.ledger.steps.note(tx, record, "gatewright", "paged", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await undone()

    assert await courier.deliver() == 0
    assert len(receiver.heard) == 1


async def test_this_machine_is_not_called_unless_it_may_be(
    bench: Workbench, webhook: Webhook, receiver: "Receiver"
) -> None:
    audit = bench.ledger.steps.audit
    careful = Courier(store=bench.store, clock=bench.clock, addresses=Addresses(), audit=audit)
    async with bench.store.begin() as tx:
        await tx.webhooks.put(replace(webhook, url="https://localhost/hook"))
    await bench.submit()

    await careful.deliver()
    await careful.aclose()

    assert receiver.heard == []
    (delivery,) = await kept(bench)
    assert "leads to this machine" in delivery.detail


async def test_a_broken_glass_is_told_without_its_ticket_and_reason(
    bench: Workbench, courier: Courier, webhook: Webhook, receiver: "Receiver"
) -> None:
    await bench.run((await bench.broken(await bench.submit())).id)
    bench.clock.advance(86400)
    await bench.ledger.afterwards.remind()

    await courier.deliver()

    told = [json.loads(body) for _, body in receiver.heard]
    types = {each["type"] for each in told}
    assert {"break_glass.opened", "change.paged", "change.succeeded"} <= types
    assert "break_glass.review_due" in types
    assert b"INC-7" not in b"".join(body for _, body in receiver.heard)
    assert b"call for help" not in b"".join(body for _, body in receiver.heard)
