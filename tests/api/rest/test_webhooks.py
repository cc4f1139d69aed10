"""Webhooks are set up by administrators; a secret is shown once, and an address to nobody else."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from brain.domain.identity import Role, TenantId
from brain.domain.webhook import SECRET_PREFIX, WebhookId

if TYPE_CHECKING:
    import httpx

    from tests.api.conftest import Front

NORTH = TenantId("north")
WANTED = {
    "url": "https://tickets.example.net/hook?key=hunter2",
    "events": ["change.awaiting_approval", "break_glass.opened"],
}


@pytest.fixture
async def root(front: "Front") -> "httpx.AsyncClient":
    return await front.caller("root", Role.ADMIN)


async def trail(front: "Front") -> list[tuple[str, str]]:
    async with front.wiring.store.read() as tx:
        return [(each.kind, each.payload) for each in await tx.audit.range(NORTH, 0, 100)]


async def test_the_secret_is_shown_when_it_is_made_and_never_again(
    front: "Front", root: "httpx.AsyncClient"
) -> None:
    made = await root.post("/v1/webhooks", json=WANTED)
    listed = await root.get("/v1/webhooks")

    secret = made.json()["secret"]
    assert secret.startswith(SECRET_PREFIX)
    assert made.headers["cache-control"] == "no-store"
    (item,) = listed.json()["items"]
    assert (item["url"], sorted(item["events"])) == (WANTED["url"], sorted(WANTED["events"]))
    assert secret not in listed.text
    kinds = dict(await trail(front))
    assert json.loads(kinds["webhook.added"])["host"] == "tickets.example.net"
    assert "hunter2" not in str(kinds)
    assert secret not in str(kinds)


@pytest.mark.parametrize(
    ("but", "field"),
    [
        ({"url": "http://tickets.example.net/"}, "url"),
        ({"url": "https://169.254.169.254/"}, "url"),
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "tickets"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["change.invented"]}, "events.0"),
        ({"secret": "whsec_mine"}, "secret"),
    ],
)
async def test_what_is_not_right_is_not_kept(
    root: "httpx.AsyncClient", but: dict[str, object], field: str
) -> None:
    response = await root.post("/v1/webhooks", json=WANTED | but)

    assert (response.status_code, response.json()["field"]) == (422, field)
    assert (await root.get("/v1/webhooks")).json()["items"] == []


async def test_there_are_not_endlessly_many(root: "httpx.AsyncClient") -> None:
    made = [(await root.post("/v1/webhooks", json=WANTED)).status_code for _ in range(21)]

    assert (made.count(200), made[-1]) == (20, 422)


async def test_an_old_secret_holds_for_a_day_beside_the_new(
    front: "Front", root: "httpx.AsyncClient"
) -> None:
    made = (await root.post("/v1/webhooks", json=WANTED)).json()

    rotated = (await root.post(f"/v1/webhooks/{made['id']}/rotate")).json()

    async with front.wiring.store.read() as tx:
        kept = await tx.webhooks.get(NORTH, WebhookId(made["id"]))
    now = front.wiring.clock()
    assert kept is not None
    assert rotated["secret"] != made["secret"]
    assert kept.secrets(now) == (rotated["secret"], made["secret"])
    assert kept.secrets(now + timedelta(hours=24)) == (rotated["secret"],)


async def test_a_test_is_queued_and_its_delivery_is_shown(root: "httpx.AsyncClient") -> None:
    made = (await root.post("/v1/webhooks", json=WANTED)).json()

    tested = await root.post(f"/v1/webhooks/{made['id']}/test")
    (sent,) = (await root.get(f"/v1/webhooks/{made['id']}/deliveries")).json()["items"]

    assert tested.status_code == 200
    assert (sent["type"], sent["progress"], sent["attempts"]) == ("webhook.test", "waiting", 0)


async def test_one_event_is_sent_again_under_its_own_id(
    front: "Front", root: "httpx.AsyncClient"
) -> None:
    made = (await root.post("/v1/webhooks", json=WANTED)).json()
    path = f"/v1/webhooks/{made['id']}"
    await root.post(f"{path}/test")
    async with front.wiring.store.begin() as tx:
        (sent,) = await tx.deliveries.due(front.wiring.clock())
        now = front.wiring.clock()
        done = replace(sent, attempts=1, next_at=None, delivered_at=now, detail="204 No Content")
        assert await tx.deliveries.claim(sent, next_at=now)
        await tx.deliveries.settle(done)

    again = await root.post(f"{path}/deliveries/{sent.event}/redeliver")
    unknown = await root.post(f"{path}/deliveries/evt_0/redeliver")
    elsewhere = await root.post(f"/v1/webhooks/hook_0/deliveries/{sent.event}/redeliver")

    assert (again.status_code, unknown.status_code, elsewhere.status_code) == (200, 404, 404)
    shown = again.json()
    assert (shown["event"], shown["progress"], shown["attempts"]) == (sent.event, "waiting", 0)
    async with front.wiring.store.read() as tx:
        (due,) = await tx.deliveries.due(front.wiring.clock())
    assert due.event == sent.event
    assert [kind for kind, _ in await trail(front)][-1] == "webhook.redelivered"


async def test_nothing_is_sent_again_to_a_webhook_that_is_off(root: "httpx.AsyncClient") -> None:
    made = (await root.post("/v1/webhooks", json=WANTED)).json()
    path = f"/v1/webhooks/{made['id']}"
    await root.post(f"{path}/test")
    (sent,) = (await root.get(f"{path}/deliveries")).json()["items"]

    off = (await root.post(f"{path}/disable")).json()
    refused = await root.post(f"{path}/deliveries/{sent['event']}/redeliver")

    assert (off["enabled"], off["off_because"]) == (False, "root switched it off")
    assert refused.status_code == 409


async def test_what_is_removed_is_told_nothing_more(
    front: "Front", root: "httpx.AsyncClient"
) -> None:
    made = (await root.post("/v1/webhooks", json=WANTED)).json()
    await root.post(f"/v1/webhooks/{made['id']}/test")

    gone = await root.delete(f"/v1/webhooks/{made['id']}")
    again = await root.delete(f"/v1/webhooks/{made['id']}")

    assert (gone.status_code, again.status_code) == (200, 404)
    async with front.wiring.store.read() as tx:
        assert await tx.webhooks.list(NORTH) == []
        assert await tx.deliveries.due(front.wiring.clock()) == []
