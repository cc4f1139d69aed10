"""The kill switch, the audit trail, health and metrics."""

import json
import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from brain.domain.identity import Role, TenantId
from brain.domain.record import ChangeRecord

if TYPE_CHECKING:
    from tests.api.conftest import Front

NORTH, SOUTH = TenantId("north"), TenantId("south")


async def test_the_kill_switch_is_turned_for_ones_own_tenant_only(front: "Front") -> None:
    async with await front.caller("ops", Role.OPERATOR) as client:
        before = (await client.get("/v1/halt")).json()
        after = (await client.put("/v1/halt", json={"halted": True, "reason": "storm"})).json()

    assert (before, after) == ({"halted": False}, {"halted": True})
    async with front.wiring.store.read() as tx:
        assert await tx.halts.is_halted(NORTH)
        assert not await tx.halts.is_halted(SOUTH)


async def test_turning_it_leaves_a_record_of_who_and_why(front: "Front") -> None:
    async with await front.caller("ops", Role.OPERATOR) as client:
        await client.put("/v1/halt", json={"halted": True, "reason": "storm"})
        await client.put("/v1/halt", json={"halted": False})
        (listed,) = [
            each
            for each in (await client.get("/v1/audit")).json()["items"]
            if each["kind"] == "halt.on"
        ]
    async with front.wiring.store.read() as tx:
        *_, on, off = await tx.audit.range(NORTH)
    assert (on.kind, on.actor, off.kind) == ("halt.on", "ops", "halt.off")
    assert (listed["words"], listed["words_as_written"]) == ({"reason": "storm"}, True)
    assert "storm" not in on.payload


async def test_altered_words_are_said_to_be_and_the_trail_can_still_be_read(
    front: "Front",
) -> None:
    async with await front.caller("ops", Role.OPERATOR) as client:
        await client.put("/v1/halt", json={"halted": True, "reason": "storm"})
        await client.put("/v1/halt", json={"halted": False, "reason": "calm"})
        async with front.wiring.store.begin() as tx:
            row = await tx.audit.head(NORTH)
            assert row is not None
            altered = text("UPDATE audit_words SET sealed = :junk WHERE seq = :seq")
            await tx.audit._db.run(altered, {"junk": b"altered", "seq": row.seq - 1})
        response = await client.get("/v1/audit")

    assert response.status_code == 200
    on, off = [each for each in response.json()["items"] if each["kind"].startswith("halt.")]
    assert (on["words"], on["words_as_written"]) == ({}, False)
    assert (off["words"], off["words_as_written"]) == ({"reason": "calm"}, True)


@pytest.mark.parametrize("body", [{}, {"halted": None}, {"halted": "maybe"}, {"halt": True}])
async def test_a_switch_that_is_not_understood_stays(front: "Front", body: object) -> None:
    async with await front.caller("ops", Role.OPERATOR) as client:
        await client.put("/v1/halt", json={"halted": True})
        response = await client.put("/v1/halt", json=body)
        still = (await client.get("/v1/halt")).json()

    assert response.status_code == 422
    assert still == {"halted": True}


async def test_the_audit_trail_is_read_in_pages_and_verified(front: "Front") -> None:
    async with await front.caller("ops", Role.OPERATOR) as client:
        for halted in (True, False, True):
            await client.put("/v1/halt", json={"halted": halted})
        first = (await client.get("/v1/audit", params={"limit": 2})).json()
        rest = (await client.get("/v1/audit", params={"after": first["next"]})).json()
        report = (await client.post("/v1/audit/verify")).json()

    assert [each["seq"] for each in first["items"] + rest["items"]] == [1, 2, 3, 4]
    assert (report["ok"], report["records"], report["problems"]) == (True, 4, [])


async def test_a_key_that_did_not_sign_the_trail_is_a_problem(front: "Front") -> None:
    async with await front.caller("ops", Role.OPERATOR) as client:
        front.wiring.key = bytes(32)
        report = (await client.post("/v1/audit/verify")).json()

    assert report["ok"] is False
    assert report["problems"][0]["code"] == "head"


async def test_health_says_yes_and_no_and_nothing_else(front: "Front") -> None:
    async with front.client() as nobody:
        live = await nobody.get("/health/live")
        ready = await nobody.get("/health/ready")
        front.wiring.checks["policy"] = False
        unready = await nobody.get("/health/ready")

    assert live.json() == {"status": "ok"}
    assert ready.json() == {"status": "ok", "checks": {"store": True, "policy": True}}
    assert unready.status_code == 503
    assert unready.json()["detail"] == "not working: policy"


async def test_metrics_count_changes_without_naming_any(
    front: "Front", change: ChangeRecord
) -> None:
    async with await front.caller("ana", Role.APPROVER, groups=["approvers"]) as client:
        await client.post(f"/v1/changes/{change.id}/approve", json={"digest": change.plan.digest})
        text = (await client.get("/metrics")).text

    assert 'gatewright_changes_unfinished{state="approved"} 1.0' in text
    assert 'route="/v1/changes/{change}/approve",status="2xx"} 1.0' in text
    assert change.id not in text
    assert "north" not in text


async def test_the_openapi_document_describes_every_route_and_problem(front: "Front") -> None:
    async with front.client() as nobody:
        document = (await nobody.get("/openapi.json")).json()

    operations = [each for path in document["paths"].values() for each in path.values()]
    assert len(operations) > 20
    assert [each["operationId"] for each in operations if not each.get("description")] == []
    assert "Inventory" in document["components"]["schemas"]
    answer = document["paths"]["/v1/changes/{change}/approve"]["post"]["responses"]
    assert set(answer) == {"200", "401", "403", "404", "409", "422", "503"}
    assert answer["409"]["content"] == {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
    }


async def test_every_reference_in_the_openapi_document_leads_somewhere(front: "Front") -> None:
    document = front.app.openapi()
    schemas = document["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))

    assert named
    assert named <= set(schemas)
    assert "#/$defs" not in json.dumps(document)
