"""Reviewers see what waits for them, who else may answer, and answer many alike at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from brain.domain.change import Plan
from brain.domain.device import Device
from brain.domain.identity import ChangeId, DeviceId, Role, TenantId
from brain.domain.life import State
from brain.domain.record import ChangeRecord

if TYPE_CHECKING:
    from tests.api.conftest import Front

SECRET = "correct-horse"
HOUR = timedelta(hours=1)


async def reviewer(front: "Front", name: str, *groups: str) -> httpx.AsyncClient:
    return await front.caller(name, Role.APPROVER, groups=groups or ("approvers",))


async def alike(front: "Front", change: ChangeRecord, device: Device) -> list[ChangeRecord]:
    """The change, one that does the same on another device, and one that does something else."""
    made = [change]
    for number, channel in ((2, "11"), (3, "1")):
        other = replace(device, id=DeviceId(f"00D09E-HomeGate-SN{number}"), serial=f"SN{number}")
        steps = []
        for step in change.plan.sets:
            value = f"{SECRET}-{number}" if step.secret else channel
            steps.append(replace(step, before="" if step.secret else "7", after=value))
        plan = Plan(device=other.id, changes=tuple(steps))
        record = replace(
            change,
            id=ChangeId(f"chg_{number}"),
            device=other.id,
            plan=plan,
            verdict=replace(change.verdict, plan_digest=plan.digest),
        )
        async with front.wiring.store.begin() as tx:
            await tx.devices.put(other)
            await tx.changes.add(record)
        made.append(record)
    return made


async def states(front: "Front", changes: Sequence[ChangeRecord]) -> list[State]:
    return [(await front.wiring.ledger.get(each.id)).state for each in changes]


async def test_a_reviewer_sees_what_waits_for_them(front: "Front", change: ChangeRecord) -> None:
    await reviewer(front, "ben")
    await reviewer(front, "zoe", "noc")

    async with await reviewer(front, "ana") as client:
        (item,) = (await client.get("/v1/reviews")).json()["items"]

    (group,) = item["review"]["groups"]
    assert item["change"]["id"] == change.id
    assert item["review"]["may_answer"] == {
        "may": True,
        "why": "",
        "may_reject": True,
        "may_take_back": False,
        "standing_in_for": [],
    }
    assert (group["needed"], group["given"], group["missing"]) == (1, [], 1)
    assert group["may_answer"] == ["ana", "ben"]
    assert item["review"]["approve_before"].startswith("2026-01-01T12:15")
    assert item["review"]["begin_before"] is None


@pytest.mark.parametrize(
    ("name", "groups", "why"),
    [
        ("sam", ("approvers",), "Nobody reviews a change that they asked for"),
        ("zoe", ("noc",), "somebody of approvers"),
    ],
)
async def test_who_may_not_answer_has_nothing_waiting_and_is_told_why(
    front: "Front", change: ChangeRecord, name: str, groups: tuple[str, ...], why: str
) -> None:
    async with await reviewer(front, name, *groups) as client:
        waiting = (await client.get("/v1/reviews")).json()["items"]
        road = (await client.get(f"/v1/changes/{change.id}")).json()

    assert waiting == []
    assert road["review"]["may_answer"]["may"] is False
    assert why in road["review"]["may_answer"]["why"]


async def test_whose_roles_do_not_let_them_is_told_so_and_not_expected(
    front: "Front", change: ChangeRecord
) -> None:
    async with await front.caller("bob", Role.SUPPORT, groups=["approvers"]) as client:
        road = (await client.get(f"/v1/changes/{change.id}")).json()

    assert road["review"]["may_answer"]["why"] == "Your roles do not include approve."
    assert road["review"]["groups"][0]["may_answer"] == []
    assert "nobody can answer" in road["review"]["groups"][0]["says"]


async def test_a_denied_change_says_that_nobody_can_approve_it(
    front: "Front", change: ChangeRecord
) -> None:
    async with front.wiring.store.begin() as tx:
        await tx.changes.add(replace(change, id=ChangeId("chg_9"), state=State.DENIED))

    async with await reviewer(front, "ana") as client:
        road = (await client.get("/v1/changes/chg_9")).json()

    assert road["review"]["may_answer"]["may"] is False
    assert "nobody can approve" in road["review"]["may_answer"]["why"]


async def test_somebody_away_is_not_expected_and_whoever_stands_in_is(
    front: "Front", change: ChangeRecord
) -> None:
    until = {"until": "2026-01-02T12:00:00Z"}
    kim = await reviewer(front, "kim", "field")
    async with kim, await reviewer(front, "ana") as ana:
        assert (await ana.post("/v1/absences", json=until)).status_code == 200
        alone = (await kim.get(f"/v1/changes/{change.id}")).json()["review"]["groups"][0]
        lent = await ana.post("/v1/delegations", json={"to": "kim", "group": "approvers"} | until)
        stood_in = (await kim.get("/v1/reviews")).json()["items"][0]["review"]
        approved = await kim.post(
            f"/v1/changes/{change.id}/approve", json={"digest": change.plan.digest}
        )
        road = (await kim.get(f"/v1/changes/{change.id}")).json()

    assert alone["may_answer"] == []
    assert "nobody can answer now. Away: ana until 2026-01-02 12:00Z" in alone["says"]
    assert lent.json()["by"] == "ana"
    assert stood_in["groups"][0]["may_answer"] == ["kim"]
    assert stood_in["may_answer"]["standing_in_for"] == ["ana in approvers"]
    assert approved.json()["state"] == "approved"
    assert road["approvals"][0]["standing_in"] == [{"group": "approvers", "of": "ana"}]


async def test_nobody_is_lent_a_group_whose_roles_approve_nothing(front: "Front") -> None:
    await front.caller("bob", Role.SUPPORT)

    async with await reviewer(front, "ana") as client:
        refused = await client.post(
            "/v1/delegations",
            json={"to": "bob", "group": "approvers", "until": "2026-01-02T12:00:00Z"},
        )
        kept = (await client.get("/v1/delegations")).json()["items"]

    assert (refused.status_code, refused.json()["field"]) == (403, "to")
    assert kept == []


async def test_delegations_and_absences_end_when_their_owner_says(front: "Front") -> None:
    until = {"until": "2026-01-02T12:00:00Z"}
    async with await reviewer(front, "kim") as kim, await reviewer(front, "ana") as ana:
        lent = await ana.post("/v1/delegations", json={"to": "kim", "group": "approvers"} | until)
        away = await ana.post("/v1/absences", json=until)
        for kind, said in (("delegations", lent.json()), ("absences", away.json())):
            assert (await kim.get(f"/v1/{kind}")).json()["items"] == [said]
            ended = await ana.post(f"/v1/{kind}/{said['id']}/end")
            again = await ana.post(f"/v1/{kind}/{said['id']}/end")
            assert (ended.status_code, again.status_code) == (200, 404)
            assert (await kim.get(f"/v1/{kind}")).json()["items"] == []


async def test_a_time_without_its_zone_is_not_guessed(front: "Front") -> None:
    async with await reviewer(front, "ana") as client:
        refused = await client.post("/v1/absences", json={"until": "2026-01-02T12:00:00"})

    assert (refused.status_code, refused.json()["field"]) == (422, "until")


async def test_alike_changes_are_shown_with_one_difference_and_every_device(
    front: "Front", change: ChangeRecord, device: Device
) -> None:
    _, twin, _ = await alike(front, change, device)

    async with await reviewer(front, "ana") as client:
        answer = await client.get(f"/v1/changes/{change.id}/alike")

    shown: dict[str, Any] = answer.json()
    assert [item["change"] for item in shown["items"]] == [change.id, twin.id]
    assert [item["digest"] for item in shown["items"]] == [change.plan.digest, twin.plan.digest]
    assert [step["after"] for step in shown["steps"]] == ["11", None]
    assert [item["steps"][0]["before"] for item in shown["items"]] == ["6", "7"]
    assert shown["left_out"] == 0
    assert shown["says"].endswith("Only what is secret differs: each device gets its own.")
    assert SECRET not in answer.text


async def test_one_answer_to_many_is_checked_one_by_one(
    front: "Front", change: ChangeRecord, device: Device
) -> None:
    made = await alike(front, change, device)
    shown = [{"change": each.id, "digest": each.plan.digest} for each in made]
    shown[1]["digest"] = "0" * 64
    shown.insert(1, {"change": "chg_none", "digest": "0" * 64})

    async with await reviewer(front, "ana") as client:
        answer = await client.post(
            "/v1/reviews/answers", json={"answer": "approve", "changes": shown}
        )

    results = answer.json()["results"]
    assert [each["change"] for each in results] == ["chg_1", "chg_none", "chg_2", "chg_3"]
    assert [each["state"] for each in results] == ["approved", None, None, "approved"]
    assert [each["problem"] and each["problem"]["status"] for each in results] == [
        None,
        404,
        409,
        None,
    ]
    assert await states(front, made) == [
        State.APPROVED,
        State.AWAITING_APPROVAL,
        State.APPROVED,
    ]
    assert front.woken == ["chg_1", "chg_3"]


@pytest.mark.parametrize("many", [0, 101])
async def test_how_many_are_answered_at_once_is_bounded(front: "Front", many: int) -> None:
    shown = [{"change": f"chg_{number}", "digest": "0" * 64} for number in range(many)]

    async with await reviewer(front, "ana") as client:
        refused = await client.post(
            "/v1/reviews/answers", json={"answer": "approve", "changes": shown}
        )

    assert (refused.status_code, refused.json()["field"]) == (422, "changes")


async def test_a_change_that_is_named_twice_is_answered_not_even_once(
    front: "Front", change: ChangeRecord
) -> None:
    shown = {"change": change.id, "digest": change.plan.digest}
    async with await reviewer(front, "ana") as client:
        refused = await client.post(
            "/v1/reviews/answers", json={"answer": "approve", "changes": [shown, shown]}
        )

    assert refused.status_code == 422
    assert await states(front, [change]) == [State.AWAITING_APPROVAL]


async def test_another_tenant_answers_nothing_and_sees_nothing(
    front: "Front", change: ChangeRecord
) -> None:
    south = await front.caller("eve", Role.APPROVER, tenant=TenantId("south"), groups=["approvers"])
    async with south as client:
        waiting = (await client.get("/v1/reviews")).json()["items"]
        answered = await client.post(
            "/v1/reviews/answers",
            json={
                "answer": "reject",
                "changes": [{"change": change.id, "digest": change.plan.digest}],
            },
        )

    assert waiting == []
    assert answered.json()["results"][0]["problem"]["status"] == 404
    assert await states(front, [change]) == [State.AWAITING_APPROVAL]


async def test_an_approval_is_taken_back_by_its_giver(front: "Front", change: ChangeRecord) -> None:
    digest = {"digest": change.plan.digest}
    async with await reviewer(front, "ana") as ana, await reviewer(front, "ben") as ben:
        await ana.post(f"/v1/changes/{change.id}/approve", json=digest)
        assert (await ben.post(f"/v1/changes/{change.id}/take-back")).status_code == 409
        back = await ana.post(f"/v1/changes/{change.id}/take-back")
        road = (await ana.get(f"/v1/changes/{change.id}")).json()

    assert back.json()["state"] == "awaiting_approval"
    assert [each["answer"] for each in road["approvals"]] == ["approve", "take_back"]
    assert road["review"]["groups"][0]["given"] == []


async def test_the_oldest_reviews_are_looked_through_first(
    front: "Front", change: ChangeRecord, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.rest.reviews.LOOKED_THROUGH", 1)
    newer = replace(change, id=ChangeId("chg_newer"), created_at=change.created_at + HOUR)
    async with front.wiring.store.begin() as tx:
        await tx.changes.add(newer)

    async with await reviewer(front, "ana") as client:
        shown = (await client.get("/v1/reviews")).json()["items"]

    assert [each["change"]["id"] for each in shown] == [change.id]
