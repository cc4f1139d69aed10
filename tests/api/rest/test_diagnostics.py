"""Diagnostics by REST: a change that policy judges, run once, and shown without secrets."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from brain.domain.device import Device
from brain.domain.identity import Role
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.ports import Clock
from brain.domain.question import Question
from brain.domain.verdict import Decision, Obligations, RequiredApproval, Verdict
from brain.store.store import Store

if TYPE_CHECKING:
    from tests.api.conftest import Front

AT = "Device.IP.Diagnostics.IPPing."
PATH = "/v1/devices/{}/diagnostics/ping"
ASKED = {"inputs": {"Host": "192.0.2.1"}}


class Reviewing:
    """Has a person look at everything, and remembers what it was asked."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.asked: list[Question] = []

    async def judge(self, question: Question) -> Verdict:
        self.asked.append(question)
        verdict = Verdict(
            decision=Decision.REVIEW,
            point=question.point,
            plan_digest=question.plan.digest,
            policy_revision="r1",
            engine="test",
            decision_id=f"dec_{len(self.asked)}",
            decided_at=self.clock(),
            obligations=Obligations(approvals=(RequiredApproval(group="approvers", min=1),)),
        )
        async with self.store.begin() as tx:
            await tx.verdicts.add(question.device.tenant, None, verdict, {})
        return verdict


@pytest.fixture
def judge(front: "Front", clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Reviewing:
    made = Reviewing(front.wiring.store, clock)
    ledger = front.wiring.ledger
    monkeypatch.setattr(ledger, "_intake", replace(ledger._intake, judge=made))
    return made


@pytest.fixture
async def pinged(front: "Front", device: Device) -> str:
    """The path of the ping of a device that has run one."""
    said = {
        "DiagnosticsState": "Complete",
        "Host": "198.51.100.7",
        "SuccessCount": "3",
        "FailureCount": "1",
        "AverageResponseTime": "12",
        "Timeout": "0",
    }
    values = {ParameterPath(AT + leaf): text for leaf, text in said.items()}
    snapshot = Snapshot(device=device.id, taken_at=front.wiring.clock(), values=values)
    async with front.wiring.store.begin() as tx:
        await tx.snapshots.merge(device.tenant, snapshot)
    return PATH.format(device.id)


async def test_it_is_a_change_with_our_inputs_where_the_device_has_them(
    front: "Front", pinged: str, judge: Reviewing
) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        answer = await client.post(pinged, json=ASKED)

    assert answer.status_code == 202, answer.text
    change = answer.json()
    assert change["asked_by"] == "sam"
    assert change["author"] == "person"
    assert change["state"] == "awaiting_approval"
    assert len(judge.asked) == 1
    (step,) = change["plan"]["changes"]
    assert (step["op"], step["path"]) == ("command", "Device.IP.Diagnostics.IPPing()")
    assert {each["name"] for each in step["arguments"]} == {"Host", "Timeout"}


async def test_the_same_again_is_the_same_change_and_another_is_a_conflict(
    front: "Front", pinged: str, judge: Reviewing
) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        first = (await client.post(pinged, json=ASKED)).json()
        again = (await client.post(pinged, json=ASKED)).json()
        other = await client.post(pinged, json={"inputs": {"Host": "192.0.2.2"}})

    assert again["id"] == first["id"]
    assert other.status_code == 409
    assert first["id"] in other.text
    assert len(judge.asked) == 1


@pytest.mark.parametrize(
    "inputs", [{}, {"Host": ""}, {"Host": "a", "DiagnosticsState": "Requested"}, {"X": "1"}]
)
async def test_inputs_that_it_does_not_take_are_refused(
    front: "Front", pinged: str, inputs: dict[str, str]
) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        answer = await client.post(pinged, json={"inputs": inputs})
        changes = (await client.get("/v1/changes")).json()

    assert answer.status_code == 422
    assert changes["items"] == []


async def test_a_device_that_does_not_have_it_is_not_asked(front: "Front", device: Device) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        answer = await client.post(PATH.format(device.id), json=ASKED)

    assert answer.status_code == 422


async def test_what_it_found_is_shown(front: "Front", pinged: str) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        shown = (await client.get(pinged)).json()

    assert (shown["kind"], shown["ended"]) == ("ping", "complete")
    assert shown["summary"] == "ping complete: 3 of 4 answered, 12 ms on average"
    assert shown["found"] == {
        "answered": 3,
        "lost": 1,
        "average_ms": 12,
        "shortest_ms": None,
        "longest_ms": None,
    }


async def test_nothing_said_is_nothing_known(front: "Front", device: Device) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        scan = f"/v1/devices/{device.id}/diagnostics/wifi-neighbours"
        shown = (await client.get(scan)).json()

    assert shown["ended"] == "unknown"
    assert shown["found"] == {"networks": []}
