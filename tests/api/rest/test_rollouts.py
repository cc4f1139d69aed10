"""Rollouts are begun by operators, seen by everybody of the tenant, and stopped by who may halt."""

from typing import TYPE_CHECKING, Any

import httpx

from brain.domain.device import Device
from brain.domain.identity import Principal, PrincipalKind, Role
from brain.domain.rollout import RolloutId
from brain.ledger.rolling_out import RollingOut
from brain.ledger.rollouts import ROLL_OUT, Rollouts
from tests.api.conftest import NORTH, SOUTH

if TYPE_CHECKING:
    from tests.api.conftest import Front

CHANNEL = "Device.WiFi.Radio.1.Channel"


def wanted(device: Device, **but: Any) -> dict[str, Any]:
    return {
        "name": "Off channel 6",
        "steps": [{"path": CHANNEL, "value": "11"}],
        "devices": [device.id],
        **but,
    }


async def begun(client: httpx.AsyncClient, device: Device, **but: Any) -> dict[str, Any]:
    answer = await client.post("/v1/rollouts", json=wanted(device, **but))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def carry_on(front: "Front") -> None:
    wiring = front.wiring
    rollouts = Rollouts(
        store=wiring.store, audit=wiring.audit, clock=wiring.clock, new_id=wiring.new_id
    )

    async def may(who: Principal) -> bool:
        return await wiring.access.allowed(who, ROLL_OUT)

    await RollingOut(ledger=wiring.ledger, rollouts=rollouts, may=may).look()


async def test_an_operator_begins_one_and_everybody_sees_how_far_it_has_come(
    front: "Front", device: Device
) -> None:
    async with await front.caller("olga", Role.OPERATOR) as olga:
        made = await begun(olga, device)
    await carry_on(front)

    async with await front.caller("sam", Role.SUPPORT) as sam:
        shown = (await sam.get(f"/v1/rollouts/{made['id']}")).json()
        listed = (await sam.get("/v1/rollouts")).json()
        devices = (await sam.get(f"/v1/rollouts/{made['id']}/devices")).json()

    assert (made["waiting"], made["state"], made["total"]) == (1, "running", 1)
    assert (shown["waiting"], shown["asked_by"]) == (0, "olga")
    assert [each["id"] for each in listed["items"]] == [made["id"]]
    (one,) = devices["items"]
    assert one["device"] == device.id
    assert one["change"] or one["note"]


async def test_only_operators_who_are_people_begin_one(front: "Front", device: Device) -> None:
    for role in set(Role) - {Role.OPERATOR}:
        async with await front.caller(f"not-{role}", role) as client:
            assert (await client.post("/v1/rollouts", json=wanted(device))).status_code == 403
    robot = await front.token("robot", Role.OPERATOR, kind=PrincipalKind.MACHINE)
    async with front.client(robot) as client:
        assert (await client.post("/v1/rollouts", json=wanted(device))).status_code == 403

    async with front.wiring.store.read() as tx:
        assert await tx.rollouts.newest(NORTH) == []


async def test_it_is_stopped_with_a_reason_and_once(front: "Front", device: Device) -> None:
    async with await front.caller("olga", Role.OPERATOR) as olga:
        made = await begun(olga, device)
        silent = await olga.post(f"/v1/rollouts/{made['id']}/stop", json={"reason": ""})
    async with await front.caller("ada", Role.ADMIN) as ada:
        path = f"/v1/rollouts/{made['id']}/stop"
        stopped = await ada.post(path, json={"reason": "the phone rings"})
        again = await ada.post(path, json={"reason": "again"})
    await carry_on(front)

    assert silent.status_code == 422
    assert stopped.json()["state"] == "stopping"
    assert stopped.json()["stopped_by"] == "ada"
    assert again.status_code == 409
    async with front.wiring.store.read() as tx:
        found = await tx.rollouts.get(NORTH, RolloutId(made["id"]))
        changes = await tx.changes.list(NORTH)
        kinds = [each.kind for each in await tx.audit.range(NORTH)]
    assert found is not None
    assert found.state.value == "stopped"
    assert [each for each in changes if each.device == device.id and each.asked_by == "olga"] == []
    assert [each for each in kinds if each.startswith("rollout.")] == [
        "rollout.begun",
        "rollout.stopped",
        "rollout.stopped",
    ]


async def test_another_tenant_sees_nothing_of_it_and_names_none_of_its_devices(
    front: "Front", device: Device
) -> None:
    async with await front.caller("olga", Role.OPERATOR) as olga:
        made = await begun(olga, device)
    token = await front.token("sue", Role.OPERATOR, tenant=SOUTH)

    async with front.client(token) as sue:
        shown = await sue.get(f"/v1/rollouts/{made['id']}")
        stopped = await sue.post(f"/v1/rollouts/{made['id']}/stop", json={"reason": "mine"})
        begun_there = await sue.post("/v1/rollouts", json=wanted(device))

    assert (shown.status_code, stopped.status_code, begun_there.status_code) == (404, 404, 422)


async def test_a_secret_value_is_refused(front: "Front", device: Device) -> None:
    path = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"
    async with await front.caller("olga", Role.OPERATOR) as olga:
        steps = [{"path": path, "value": "correct horse"}]
        answer = await olga.post("/v1/rollouts", json=wanted(device, steps=steps))

    assert answer.status_code == 422
    assert "correct horse" not in answer.text
