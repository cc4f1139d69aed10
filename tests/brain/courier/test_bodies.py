"""Whatever is told, names things by their ids: no values, no words of people, no secrets."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from brain.domain.canonical import Json
from brain.domain.life import State
from brain.domain.webhook import EventType, Webhook, WebhookId, new_secret
from brain.store.store import Store
from evals.workbench import TENANT, Workbench, to_channel, workbench

WORDS = ("Jones", "hunter2", "0171", "nobody on the street", "channel 157", "sub-1")
KEYS = {"change", "device", "state", "asks_for", "codes", "path"}
GLASS = {"broken_glass", "change", "review_by", "justified", "path", "asks_for"}
ELSEWHERE = {
    EventType.INCIDENT_CLOSED,
    EventType.INCIDENT_OPENED,
    EventType.POLICY_ACTIVATED,
    EventType.POLICY_PROPOSED,
    EventType.TEST,
}
"""Made in rooms of their own, and held against the same rule there."""

Make = Callable[[Workbench], Awaitable[None]]


async def change(bench: Workbench, kind: str) -> None:
    """A change full of words that must not leave, and an audit entry full of others."""
    plan = [to_channel("11")]
    record = await bench.submit(bench.proposal(plan))
    state = kind if kind in set(State) else record.state
    full = replace(record, state=State(state), reason="Mrs. Jones, 0171, password hunter2")
    more: dict[str, Json] = {"reason": "Mrs. Jones of channel 157", "why": "hunter2"}
    async with bench.store.begin() as tx:
        await bench.ledger.steps.note(tx, full, "sam", kind, more)


async def reviewed(bench: Workbench) -> None:
    broken = await bench.broken(await bench.submit())
    bench.clock.advance(24 * 3600)
    await bench.ledger.afterwards.remind()
    bench.clock.now = broken.created_at
    await bench.run(broken.id)
    async with bench.store.read() as tx:
        (glass,) = await tx.broken_glasses.list(TENANT)
    comment = "Mrs. Jones said so, 0171"
    await bench.ledger.afterwards.review(bench.ben, glass.id, justified=True, comment=comment)


def of_change(kind: str) -> Make:
    return lambda bench: change(bench, kind)


MADE: dict[EventType, tuple[Make, set[str]]] = {
    **{
        event: (of_change(event.removeprefix("change.")), KEYS)
        for event in EventType
        if event.startswith("change.")
    },
    EventType.GLASS_BROKEN: (of_change("break_glass"), KEYS),
    EventType.GLASS_REFUSED: (of_change("break_glass_refused"), KEYS),
    EventType.GLASS_REVIEWED: (reviewed, GLASS),
    EventType.GLASS_REVIEW_DUE: (reviewed, GLASS),
}


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


def test_every_kind_of_event_is_held_against_it() -> None:
    assert MADE.keys() | ELSEWHERE == set(EventType)


@pytest.mark.parametrize("event", sorted(MADE))
async def test_a_body_names_ids_and_nothing_else(bench: Workbench, event: EventType) -> None:
    make, keys = MADE[event]
    hook = Webhook(
        id=WebhookId("hook_1"),
        tenant=TENANT,
        url="https://tickets.example.net",
        secret=new_secret(bytes(32)),
        events=frozenset({event}),
        created_at=bench.clock(),
    )
    async with bench.store.begin() as tx:
        await tx.webhooks.add(hook)

    await make(bench)

    async with bench.store.read() as tx:
        sent = await tx.deliveries.of_webhook(TENANT, hook.id)
    assert {each.type for each in sent} == {event}
    for each in sent:
        assert json.loads(each.data).keys() <= keys
        assert [word for word in WORDS if word in each.data] == []
