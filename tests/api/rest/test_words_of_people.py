"""Whatever people type, wherever they may, none of it is in the trail that leaves the house."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from api.app import create_app
from brain.domain.identity import Role, TenantId
from brain.ledger.audit_export import export
from brain.store.store import Store
from evals.workbench import TENANT, Workbench, workbench
from policies.starting import settle
from tests.api.conftest import NORTH

if TYPE_CHECKING:
    import httpx

    from tests.api.conftest import Front

PLANTED = "Quitzow of flat 12 told me"
ALL = (Role.OPERATOR, Role.SUPPORT, Role.APPROVER, Role.ADMIN)
TYPED_ABOUT_CHANGES = {
    "change.answered",
    "change.commented",
    "change.break_glass",
    "change.break_glass_refused",
    "change.paged",
    "break_glass.reviewed",
    "halt.on",
    "halt.off",
}
"""The kinds of entries that are made when somebody types something."""


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


@pytest.fixture
def door(front: "Front", bench: Workbench) -> "Front":
    """The front door with the real gate behind it, and one trail for everything."""
    wiring = replace(
        front.wiring, ledger=bench.ledger, audit=bench.ledger.steps.audit, clock=bench.clock
    )
    return replace(front, wiring=wiring, app=create_app(wiring))


Door = Callable[[str, TenantId], Awaitable["httpx.AsyncClient"]]


@pytest.fixture
def of(door: "Front") -> Door:
    async def come_in(name: str, tenant: TenantId) -> "httpx.AsyncClient":
        return await door.caller(name, *ALL, tenant=tenant, groups=("approvers", "policy"))

    return come_in


async def trail_of(door: "Front", tenant: TenantId) -> tuple[set[str], set[str], str]:
    """Which kinds there are, which of them hold what was planted, and the trail as it leaves."""
    async with door.wiring.store.read() as tx:
        trail = await tx.audit.range(tenant)
    exported = b"".join([line async for line in export(door.wiring.store, tenant)]).decode()
    return (
        {each.kind for each in trail},
        {each.kind for each in trail if "Quitzow" in each.payload},
        exported,
    )


async def test_no_entry_about_changes_and_halts_holds_what_people_typed(
    door: "Front", bench: Workbench, of: Door
) -> None:
    olga, alex, ben = [await of(name, TENANT) for name in ("olga", "alex", "ben")]
    record = await bench.submit()
    path, plan = f"/v1/changes/{record.id}", {"digest": record.plan.digest}
    glass = {**plan, "ticket": PLANTED, "reason": PLANTED}
    asked: list[tuple[httpx.AsyncClient, str, str, dict[str, Any]]] = [
        (alex, "PUT", "/v1/halt", {"halted": True, "reason": PLANTED}),
        (alex, "PUT", "/v1/halt", {"halted": False, "reason": PLANTED}),
        (ben, "POST", f"{path}/comments", {"text": PLANTED}),
        (ben, "POST", f"{path}/approve", {**plan, "comment": PLANTED}),
        (alex, "POST", f"{path}/break-glass", glass | {"ticket": f"?{PLANTED}"}),
        (olga, "POST", f"{path}/break-glass", glass),
    ]
    answers = [await who.request(verb, url, json=body) for who, verb, url, body in asked]
    await bench.run(record.id)
    async with door.wiring.store.read() as tx:
        (broken,) = await tx.broken_glasses.list(TENANT)
    said = {"justified": True, "comment": PLANTED}
    reviewed = await alex.post(f"/v1/break-glass/{broken.id}/review", json=said)

    statuses = [each.status_code for each in (*answers, reviewed)]
    assert statuses == [200, 200, 200, 200, 422, 200, 200]
    kinds, holding, exported = await trail_of(door, TENANT)
    assert kinds >= TYPED_ABOUT_CHANGES
    assert holding == set()
    assert "Quitzow" not in exported
    listed = (await alex.get("/v1/audit", params={"limit": 500})).json()["items"]
    found = {each["kind"] for each in listed if PLANTED in each["words"].values()}
    assert found == {"halt.on", "halt.off", "change.break_glass", "break_glass.reviewed"}


@pytest.mark.slow
async def test_no_entry_about_rules_holds_what_people_typed(door: "Front", of: Door) -> None:
    await settle(door.wiring.activation, door.wiring.policy.bundle)
    ana, ben = await of("ana", NORTH), await of("ben", NORTH)
    looser = {"data": {"limits": {"reach": {"max_shared": 9}}}, "reason": PLANTED}

    await ana.post("/v1/policy/changes", json=looser)
    proposed = (await ana.get("/v1/policy/changes")).json()["items"][0]
    answer = {"revision": proposed["revision"], "comment": PLANTED}
    url = f"/v1/policy/changes/{proposed['id']}/answer"
    rejected = await ben.post(url, json=answer | {"answer": "reject"})

    kinds, holding, exported = await trail_of(door, NORTH)
    assert rejected.status_code == 200
    assert kinds >= {"policy.proposed", "policy.rejected"}
    assert holding == set()
    assert "Quitzow" not in exported
    listed = (await ana.get("/v1/audit", params={"limit": 500})).json()["items"]
    by_kind = {each["kind"]: each["words"] for each in listed}
    assert by_kind["policy.proposed"] == {"reason": PLANTED}
    assert by_kind["policy.rejected"] == {"reason": PLANTED, "comment": PLANTED}
