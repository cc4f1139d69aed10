"""Webhooks are told when an incident is opened and closed, in its transaction and by ids alone."""

import json

import pytest

from brain.domain.remediation import Ending
from brain.domain.webhook import Delivery, EventType, Webhook, WebhookId, new_secret
from brain.store.store import Store
from evals.homes.network import TENANT
from tests.brain.remediation.street import Street, a_street

HOOK = WebhookId("hook_1")


async def listen(street: Street, *events: EventType) -> None:
    webhook = Webhook(
        id=HOOK,
        tenant=TENANT,
        url="https://tickets.example.net/hook",
        secret=new_secret(bytes(range(32))),
        events=frozenset(events),
        created_at=street.road.world.clock(),
    )
    async with street.store.begin() as tx:
        await tx.webhooks.add(webhook)


async def told(store: Store) -> list[Delivery]:
    async with store.read() as tx:
        return sorted(await tx.deliveries.of_webhook(TENANT, HOOK), key=lambda each: each.at)


async def test_whoever_asked_is_told_of_an_incident_and_of_its_end(any_store: Store) -> None:
    async with a_street(any_store) as street:
        home = street.homes[0]
        await listen(street, EventType.INCIDENT_OPENED, EventType.INCIDENT_CLOSED)
        await street.happens(home, times=4)
        await street.pass_time(minutes=5)

        (incident,) = await street.incidents()
        assert incident.ending is Ending.NOTHING_TO_DO
        deliveries = await told(any_store)
        said = {each.type: json.loads(each.data) for each in deliveries}
        about = {
            "incident": incident.id,
            "rule": "wan-drops",
            "reach": "device",
            "scope": home.id,
            "device": home.id,
            "path": f"/remediation/{incident.id}",
        }
        assert len(deliveries) == 2
        assert said[EventType.INCIDENT_OPENED] == {**about, "dry_run": False}
        assert said[EventType.INCIDENT_CLOSED] == {
            **about,
            "ending": "nothing_to_do",
            "change": None,
        }


@pytest.mark.parametrize("asked", [EventType.INCIDENT_CLOSED, EventType.APPROVED])
async def test_whoever_did_not_ask_is_told_nothing(store: Store, asked: EventType) -> None:
    async with a_street(store) as street:
        await listen(street, asked)
        await street.happens(street.homes[0], times=4)
        await street.pass_time(minutes=5)

        assert {each.type for each in await told(store)} <= {asked} - {EventType.APPROVED}
