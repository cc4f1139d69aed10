"""Events in and incidents out over REST: who may, what is refused, and the switch."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from brain.domain.device import Device
from brain.domain.history import EventKind
from brain.domain.identity import CaseId, PrincipalKind, ProposalId, Role
from brain.domain.incident import Symptom
from brain.domain.remediation import (
    Affected,
    Incident,
    IncidentId,
    Mode,
    Reach,
    Scope,
    Seen,
    SetAside,
    Waiting,
)
from tests.api.conftest import NORTH, NOW

if TYPE_CHECKING:
    from tests.api.conftest import Front

DROP = {"path": "Device.IP.Interface.1.Status", "value": "Down", "at": NOW.isoformat()}
BOOT = {"kind": "boot", "at": NOW.isoformat()}


async def an_incident(front: "Front", device: Device) -> Incident:
    made = Incident(
        id=IncidentId("inc_1"),
        tenant=NORTH,
        rule="wan-drops",
        scope=Scope(reach=Reach.DEVICE, id=device.id),
        device=device.id,
        symptom=Symptom.UNSTABLE_LINE,
        waiting=Waiting.QUIET_HOURS,
        reason="quiet hours until 23:30",
        opened_at=NOW,
        updated_at=NOW,
        look_at=NOW + timedelta(hours=1),
        lease_until=NOW,
        case=CaseId("cas_9"),
        proposal=ProposalId("prp_9"),
    )
    seen = (Seen(at=NOW, path=DROP["path"], value="Down", kind="value_change"),)
    async with front.wiring.store.begin() as tx:
        await tx.incidents.add(made)
        await tx.incidents.note(NORTH, made.id, "opened", "The line drops", NOW)
        found = Affected(device=device.id, at=NOW, said="4 times within 24 h", seen=seen)
        await tx.incidents.affect(NORTH, made.id, found)
    return made


async def test_events_of_a_service_are_on_disk_when_they_are_answered(
    front: "Front", device: Device
) -> None:
    job = await front.caller("probe", Role.AUTOMATION, kind=PrincipalKind.MACHINE)
    async with job as client:
        sent = [{"device": device.id, **each} for each in (DROP, BOOT)]
        answer = await client.post("/v1/events", json={"events": sent})

    assert (answer.status_code, answer.json()) == (200, {"taken": 2})
    async with front.wiring.store.begin() as tx:
        drop, boot = await tx.unread_events.take(10)
    assert (drop.tenant, drop.device, drop.value) == (NORTH, device.id, "Down")
    assert (drop.kind, boot.kind) == (EventKind.VALUE_CHANGE, EventKind.BOOT)


async def test_a_secret_that_no_rule_looks_at_is_not_kept(front: "Front", device: Device) -> None:
    path = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"
    told = {"device": device.id, **DROP, "path": path, "value": "tulip-field"}
    async with await front.caller("probe", Role.AUTOMATION) as client:
        answer = await client.post("/v1/events", json={"events": [told]})

    assert answer.json() == {"taken": 1}
    async with front.wiring.store.begin() as tx:
        assert await tx.unread_events.take(10) == []


async def test_one_event_of_a_stranger_has_none_of_the_call_taken(
    front: "Front", device: Device
) -> None:
    sent = [{"device": device.id, **DROP}, {"device": "somebody-elses", **DROP}]
    async with await front.caller("probe", Role.AUTOMATION) as client:
        answer = await client.post("/v1/events", json={"events": sent})

    assert (answer.status_code, answer.json()["field"]) == (422, "events.1.device")
    assert answer.json()["remedy"]
    async with front.wiring.store.begin() as tx:
        assert await tx.unread_events.take(10) == []


async def test_a_call_that_is_sent_again_under_its_key_is_answered_alike_and_counted_once(
    front: "Front", device: Device
) -> None:
    sent = {"events": [{"device": device.id, **DROP}]}
    named = {"Idempotency-Key": "batch 7"}
    async with await front.caller("probe", Role.AUTOMATION) as client:
        answers = [await client.post("/v1/events", json=sent, headers=named) for _ in range(2)]
    async with await front.caller("other", Role.AUTOMATION) as client:
        answers.append(await client.post("/v1/events", json=sent, headers=named))

    assert [each.json() for each in answers] == [{"taken": 1}] * 3
    async with front.wiring.store.begin() as tx:
        assert len(await tx.unread_events.take(10)) == 2  # callers do not share keys


@pytest.mark.parametrize("name", ["batch 7", ""])
async def test_a_key_of_other_events_or_an_empty_one_is_refused_and_nothing_is_taken(
    front: "Front", device: Device, name: str
) -> None:
    first, other = {"device": device.id, **DROP}, {"device": device.id, **DROP, "value": "Error"}
    async with await front.caller("probe", Role.AUTOMATION) as client:
        named = {"Idempotency-Key": "batch 7"}
        await client.post("/v1/events", json={"events": [first]}, headers=named)
        named = {"Idempotency-Key": name}
        answer = await client.post("/v1/events", json={"events": [other]}, headers=named)

    assert answer.status_code == 422
    assert answer.json()["field"].lower() == "idempotency-key"
    async with front.wiring.store.begin() as tx:
        assert [each.value for each in await tx.unread_events.take(10)] == ["Down"]


async def test_what_was_left_out_or_set_aside_is_told_with_how_it_stands(
    front: "Front", device: Device
) -> None:
    async with front.wiring.store.begin() as tx:
        for count in (3, 4):
            await tx.set_aside.add(
                SetAside(tenant=NORTH, what="events of Informs", reason="full", count=count, at=NOW)
            )
    async with await front.caller("sam", Role.SUPPORT) as client:
        shown = (await client.get("/v1/remediation")).json()

    (told,) = shown["set_aside"]
    assert (told["what"], told["reason"], told["count"]) == ("events of Informs", "full", 7)


async def test_while_remediation_is_off_no_event_is_taken_and_the_way_to_switch_it_on_is_named(
    front: "Front", device: Device
) -> None:
    front.wiring.mode = Mode.OFF
    async with await front.caller("probe", Role.AUTOMATION) as client:
        answer = await client.post("/v1/events", json={"events": [{"device": device.id, **DROP}]})

    assert answer.status_code == 409
    assert "GATEWRIGHT_REMEDIATION" in answer.json()["remedy"]


async def test_an_incident_tells_its_rule_its_events_and_what_it_waits_for(
    front: "Front", device: Device
) -> None:
    made = await an_incident(front, device)
    async with await front.caller("sam", Role.SUPPORT) as client:
        (listed,) = (await client.get("/v1/incidents?state=open")).json()["items"]
        road = (await client.get(f"/v1/incidents/{made.id}")).json()

    assert (listed["rule"], listed["waiting"]) == ("wan-drops", "quiet_hours")
    assert road["devices"][0]["seen"][0]["value"] == "Down"
    assert [each["step"] for each in road["steps"]] == ["opened"]
    assert road["device_count"] == 1


async def test_whoever_may_halt_stops_remediation_and_it_is_on_record(front: "Front") -> None:
    async with await front.caller("olga", Role.OPERATOR) as client:
        body = {"stopped": True, "reason": "too much at once"}
        stopped = (await client.put("/v1/remediation", json=body)).json()
        again = (await client.put("/v1/remediation", json={"stopped": False})).json()
    async with await front.caller("probe", Role.AUTOMATION) as client:
        refused = await client.put("/v1/remediation", json={"stopped": True})

    assert (stopped["stopped"], stopped["stopped_by"], again["stopped"]) == (True, "olga", False)
    assert refused.status_code == 403
    async with front.wiring.store.read() as tx:
        kinds = [each.kind for each in await tx.audit.range(NORTH)]
    assert [kind for kind in kinds if kind.startswith("remediation.")] == [
        "remediation.stopped",
        "remediation.started",
    ]
