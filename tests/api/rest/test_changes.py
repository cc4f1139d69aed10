"""A change is shown with its whole road, and answered by exactly what the reviewer was shown."""

import json
from typing import TYPE_CHECKING

import pytest

from brain.domain.identity import ChangeId, PrincipalKind, Role, TenantId
from brain.domain.life import State
from brain.domain.record import ChangeRecord

if TYPE_CHECKING:
    from tests.api.conftest import Front


async def state(front: "Front", change: ChangeRecord) -> State:
    async with front.wiring.store.read() as tx:
        found = await tx.changes.get(change.tenant, change.id)
    assert found is not None
    return found.state


async def kinds(front: "Front") -> list[str]:
    async with front.wiring.store.read() as tx:
        return [each.kind for each in await tx.audit.range(TenantId("north"))]


async def test_the_whole_road_is_shown_without_secrets(
    front: "Front", change: ChangeRecord
) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.get(f"/v1/changes/{change.id}")

    road = response.json()
    channel, passphrase = road["change"]["plan"]["changes"]
    assert road["change"]["state"] == "awaiting_approval"
    assert road["change"]["plan"]["digest"] == change.plan.digest
    assert (channel["before"], channel["after"], channel["masked"]) == ("6", "11", False)
    assert (passphrase["after"], passphrase["masked"]) == (None, True)
    assert road["change"]["plan"]["can_be_undone"] is False
    assert road["proposal"]["summary"] == "channel 6 is full"
    assert [each["decision"] for each in road["verdicts"]] == ["review"]
    assert (road["approvals"], road["permits"], road["outcomes"]) == ([], [], [])
    assert "correct-horse" not in response.text


async def test_changes_are_listed_by_state_and_device(front: "Front", change: ChangeRecord) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        waiting = await client.get("/v1/changes", params={"state": ["awaiting_approval", "denied"]})
        denied = await client.get("/v1/changes", params={"state": "denied"})
        on_device = await client.get("/v1/changes", params={"device": change.device})
        nonsense = await client.get("/v1/changes", params={"state": "nearly"})

    assert [each["id"] for each in waiting.json()["items"]] == [change.id]
    assert denied.json()["items"] == []
    assert [each["id"] for each in on_device.json()["items"]] == [change.id]
    assert nonsense.status_code == 422


async def test_an_approver_approves_the_plan_they_were_shown(
    front: "Front", change: ChangeRecord
) -> None:
    async with await front.caller("ana", Role.APPROVER, groups=["approvers"]) as client:
        shown = (await client.get(f"/v1/changes/{change.id}")).json()["change"]["plan"]["digest"]
        response = await client.post(
            f"/v1/changes/{change.id}/approve", json={"digest": shown, "comment": "go"}
        )
        road = (await client.get(f"/v1/changes/{change.id}")).json()

    assert response.json()["state"] == "approved"
    assert [(each["by"], each["comment"]) for each in road["approvals"]] == [("ana", "go")]
    assert front.woken == [ChangeId(change.id)]
    assert "change.approved" in await kinds(front)


async def test_an_approval_of_another_digest_moves_nothing(
    front: "Front", change: ChangeRecord
) -> None:
    async with await front.caller("ana", Role.APPROVER, groups=["approvers"]) as client:
        response = await client.post(f"/v1/changes/{change.id}/approve", json={"digest": "0" * 64})

    assert (response.status_code, response.json()["field"]) == (409, "digest")
    assert await state(front, change) is State.AWAITING_APPROVAL
    assert front.woken == []


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("sam", {"groups": ["approvers"]}),
        ("bot", {"groups": ["approvers"], "kind": PrincipalKind.MACHINE}),
        ("ana", {"groups": ["kitchen"]}),
    ],
    ids=["the one who asked", "a machine", "somebody of another group"],
)
async def test_who_may_not_review_is_refused_and_nothing_is_kept(
    front: "Front", change: ChangeRecord, name: str, more: dict[str, object]
) -> None:
    async with await front.caller(name, Role.APPROVER, Role.SUPPORT, **more) as client:
        response = await client.post(
            f"/v1/changes/{change.id}/approve", json={"digest": change.plan.digest}
        )
        road = (await client.get(f"/v1/changes/{change.id}")).json()

    assert response.status_code == 403
    assert road["approvals"] == []
    assert await state(front, change) is State.AWAITING_APPROVAL


@pytest.mark.parametrize(
    "extra", [{"groups": ["approvers"]}, {"by": "ana"}, {"policy_revision": "r2"}]
)
async def test_nothing_else_about_an_approval_comes_from_a_client(
    front: "Front", change: ChangeRecord, extra: dict[str, object]
) -> None:
    async with await front.caller("ana", Role.APPROVER, groups=["approvers"]) as client:
        response = await client.post(
            f"/v1/changes/{change.id}/approve", json={"digest": change.plan.digest, **extra}
        )

    assert response.status_code == 422
    assert await state(front, change) is State.AWAITING_APPROVAL


async def test_one_rejection_is_enough(front: "Front", change: ChangeRecord) -> None:
    async with await front.caller("ana", Role.APPROVER, groups=["approvers"]) as client:
        response = await client.post(
            f"/v1/changes/{change.id}/reject",
            json={"digest": change.plan.digest, "comment": "not tonight"},
        )
        road = (await client.get(f"/v1/changes/{change.id}")).json()

    assert response.json()["state"] == "rejected"
    assert [(each["answer"], each["comment"]) for each in road["approvals"]] == [
        ("reject", "not tonight")
    ]
    assert front.woken == []


async def test_the_one_who_asked_may_withdraw_and_nobody_else(
    front: "Front", change: ChangeRecord
) -> None:
    async with await front.caller("bob", Role.SUPPORT) as client:
        other = await client.post(f"/v1/changes/{change.id}/withdraw")
    async with await front.caller("sam", Role.SUPPORT) as client:
        own = await client.post(f"/v1/changes/{change.id}/withdraw")

    assert other.status_code == 403
    assert own.json()["state"] == "superseded"


async def test_steps_are_shown_in_order(front: "Front", change: ChangeRecord) -> None:
    now = front.wiring.clock()
    async with front.wiring.store.begin() as tx:
        for step in ("lease", "read", "apply"):
            await tx.executions.add(change.tenant, change.id, 1, step, "", now)

    async with await front.caller("sam", Role.SUPPORT) as client:
        steps = (await client.get(f"/v1/changes/{change.id}/executions")).json()["items"]

    assert [(each["attempt"], each["step"]) for each in steps] == [
        (1, "lease"),
        (1, "read"),
        (1, "apply"),
    ]


async def test_proposals_are_shown_without_secrets(front: "Front", change: ChangeRecord) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        one = await client.get(f"/v1/proposals/{change.proposal}")
        of_case = await client.get("/v1/proposals", params={"case": change.case})
        of_none = await client.get("/v1/proposals", params={"case": "cas_none"})

    assert one.json()["cause"] == "wifi.congested_channel"
    assert [each["id"] for each in of_case.json()["items"]] == [change.proposal]
    assert of_none.status_code == 404
    assert "correct-horse" not in json.dumps([one.json(), of_case.json()])
