"""An emergency at the front door: who may, what it takes, and the review that has to follow."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from api.app import create_app
from brain.domain.identity import PrincipalKind, Role, TenantId
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.store.store import Store
from evals.workbench import TENANT, Workbench, workbench

if TYPE_CHECKING:
    import httpx

    from tests.api.conftest import Front


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


@pytest.fixture
def door(front: "Front", bench: Workbench) -> "Front":
    """The front door, with the real gate behind it."""
    wiring = replace(
        front.wiring, ledger=bench.ledger, audit=bench.ledger.steps.audit, clock=bench.clock
    )
    return replace(front, wiring=wiring, app=create_app(wiring), woken=bench.woken)


@pytest.fixture
async def olga(door: "Front") -> AsyncIterator["httpx.AsyncClient"]:
    async with await door.caller("olga", Role.OPERATOR, tenant=TENANT) as client:
        yield client


def emergency(record: ChangeRecord, **but: object) -> dict[str, Any]:
    said = {"digest": record.plan.digest, "ticket": "INC-7", "reason": "an alarm cannot call"}
    return {**said, **but}


async def test_an_operator_goes_ahead_and_everybody_sees_it(
    door: "Front", bench: Workbench, olga: "httpx.AsyncClient"
) -> None:
    record = await bench.submit()

    response = await olga.post(f"/v1/changes/{record.id}/break-glass", json=emergency(record))

    assert response.status_code == 200
    assert response.json()["state"] == "approved"
    assert response.json()["break_glass"]["by"] == "olga"
    assert door.woken == [record.id]
    async with await door.caller("sam", Role.SUPPORT, tenant=TENANT) as client:
        (listed,) = (await client.get("/v1/break-glass")).json()["items"]
        road = (await client.get(f"/v1/changes/{record.id}")).json()
    assert (listed["change"], listed["state"], listed["review"]) == (record.id, "approved", None)
    assert listed["glass"]["ticket"] == "INC-7"
    assert road["change"]["break_glass"]["ticket"] == "INC-7"
    assert [each["obligations"]["review_after"] for each in road["verdicts"]] == ["", "approvers"]


@pytest.mark.parametrize(
    ("name", "role", "kind"),
    [
        ("sam", Role.SUPPORT, PrincipalKind.PERSON),
        ("alex", Role.APPROVER, PrincipalKind.PERSON),
        ("root", Role.ADMIN, PrincipalKind.PERSON),
        ("job", Role.AUTOMATION, PrincipalKind.MACHINE),
        ("bot", Role.OPERATOR, PrincipalKind.MACHINE),
    ],
)
async def test_nobody_else_does(
    door: "Front", bench: Workbench, name: str, role: Role, kind: PrincipalKind
) -> None:
    record = await bench.submit()

    async with await door.caller(name, role, kind=kind, tenant=TENANT) as client:
        response = await client.post(f"/v1/changes/{record.id}/break-glass", json=emergency(record))

    assert response.status_code == 403
    assert (await bench.ledger.get(record.id)).state is State.AWAITING_APPROVAL
    assert door.woken == []


@pytest.mark.parametrize(
    ("but", "status", "field"),
    [
        ({"digest": "0" * 64}, 409, "digest"),
        ({"digest": "short"}, 422, "digest"),
        ({"ticket": ""}, 422, "ticket"),
        ({"ticket": None}, 422, "ticket"),
        ({"reason": "  "}, 422, "reason"),
        ({"by": "somebody else"}, 422, "by"),
        ({"expires_at": "2099-01-01T00:00:00Z"}, 422, "expires_at"),
    ],
)
async def test_a_request_that_is_not_right_breaks_nothing(
    door: "Front",
    bench: Workbench,
    olga: "httpx.AsyncClient",
    but: dict[str, object],
    status: int,
    field: str,
) -> None:
    record = await bench.submit()

    response = await olga.post(
        f"/v1/changes/{record.id}/break-glass", json=emergency(record, **but)
    )

    assert (response.status_code, response.json()["field"]) == (status, field)
    assert await bench.ledger.get(record.id) == record
    assert door.woken == []


async def test_what_policy_denies_is_said_by_name(
    bench: Workbench, olga: "httpx.AsyncClient"
) -> None:
    record = await bench.submit()
    async with bench.store.begin() as tx:
        await tx.halts.set(TENANT, halted=True, by=bench.olga.id, at=bench.clock())

    response = await olga.post(f"/v1/changes/{record.id}/break-glass", json=emergency(record))

    assert response.status_code == 403
    assert "core.halted" in response.json()["detail"]
    assert (await olga.get("/v1/break-glass")).json()["items"] == []


async def test_a_colleague_reviews_it_once(
    door: "Front", bench: Workbench, olga: "httpx.AsyncClient"
) -> None:
    record = await bench.run((await bench.broken(await bench.submit())).id)
    (waiting,) = (await olga.get("/v1/break-glass?unreviewed=true")).json()["items"]
    path = f"/v1/break-glass/{waiting['id']}/review"
    said = {"justified": True, "comment": "the alarm was real"}

    own = await olga.post(path, json=said)
    async with await door.caller(
        "alex", Role.APPROVER, tenant=TENANT, groups=["approvers"]
    ) as client:
        theirs, again = await client.post(path, json=said), await client.post(path, json=said)

    assert (own.status_code, theirs.status_code, again.status_code) == (403, 200, 409)
    assert theirs.json()["review"]["by"] == "alex"
    assert theirs.json()["state"] == record.state
    assert (await olga.get("/v1/break-glass?unreviewed=true")).json()["items"] == []
    assert len((await olga.get("/v1/break-glass")).json()["items"]) == 1


async def test_another_tenant_breaks_and_reviews_nothing(door: "Front", bench: Workbench) -> None:
    record = await bench.submit()
    await bench.broken(record)
    async with bench.store.read() as tx:
        (broken,) = await tx.broken_glasses.list(TENANT)

    async with await door.caller(
        "eve", *Role, tenant=TenantId("south"), groups=["approvers"]
    ) as client:
        listed = await client.get("/v1/break-glass")
        opened = await client.post(f"/v1/changes/{record.id}/break-glass", json=emergency(record))
        reviewed = await client.post(
            f"/v1/break-glass/{broken.id}/review", json={"justified": True, "comment": "fine"}
        )

    assert listed.json()["items"] == []
    assert (opened.status_code, reviewed.status_code) == (404, 404)


_TRIED = ("change.break_glass", "change.break_glass_refused", "change.paged")


async def tried(bench: Workbench) -> list[tuple[str, str]]:
    async with bench.store.read() as tx:
        entries = await tx.audit.range(TENANT, 0, 1000)
    return [(each.kind, each.actor) for each in entries if each.kind in _TRIED]


async def test_whoever_is_turned_away_at_the_door_is_on_record_and_a_person_is_called(
    door: "Front", bench: Workbench
) -> None:
    record = await bench.submit()

    async with await door.caller("sam", Role.SUPPORT, tenant=TENANT) as client:
        response = await client.post(f"/v1/changes/{record.id}/break-glass", json=emergency(record))
        unknown = await client.post("/v1/changes/chg_0/break-glass", json=emergency(record))
        await client.post(f"/v1/changes/{record.id}/approve", json={"digest": "0" * 64})

    assert (response.status_code, unknown.status_code) == (403, 403)
    assert await tried(bench) == [
        ("change.break_glass_refused", "sam"),
        ("change.paged", "gatewright"),
    ]


@pytest.mark.parametrize("missing", ["ticket", "reason"])
async def test_whoever_names_no_ticket_or_reason_is_on_record(
    bench: Workbench, olga: "httpx.AsyncClient", missing: str
) -> None:
    record = await bench.submit()
    said = emergency(record)
    del said[missing]

    response = await olga.post(f"/v1/changes/{record.id}/break-glass", json=said)

    assert (response.status_code, response.json()["field"]) == (422, missing)
    assert await tried(bench) == [
        ("change.break_glass_refused", "olga"),
        ("change.paged", "gatewright"),
    ]
