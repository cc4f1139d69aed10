"""What other rules would have decided, asked of the server's own log."""

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.identity import Role
from tests.api.conftest import NORTH, SOUTH

if TYPE_CHECKING:
    import httpx

    from tests.api.conftest import Front

URL = "/v1/policy/replay"
LOOSER = {"limits": {"reach": {"max_shared": 9}}}


def events(answer: "httpx.Response") -> list[tuple[str, Any]]:
    found, name = [], ""
    for line in answer.text.splitlines():
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            found.append((name, json.loads(value)))
    return found


async def test_numbers_that_loosen_are_reported_with_the_decisions_they_change(
    front: "Front", shared: list[str]
) -> None:
    async with await front.caller("eva", Role.ADMIN) as admin:
        answer = await admin.post(URL, json={"data": LOOSER})

    *progress, (last, report) = events(answer)
    assert (answer.status_code, last) == (200, "report")
    assert {name for name, _ in progress} == {"progress"}
    assert progress[-1][1] == {"done": 3, "total": 3}
    assert (report["replayed"], report["looser"], report["loosens"]) == (3, 3, True)
    (changed,) = report["changed"]
    assert (changed["before"], changed["after"], changed["count"]) == ("review", "review", 3)
    assert {each["decision_id"] for each in changed["examples"]} == set(shared[:3])
    (rule,) = report["rules"]
    assert (rule["code"], rule["newly"]) == ("core.reaches_others", False)


async def test_the_log_of_another_tenant_is_not_replayed(front: "Front", shared: list[str]) -> None:
    async with await front.caller("eve", Role.ADMIN, tenant=SOUTH) as admin:
        answer = await admin.post(URL, json={"data": LOOSER})

    report = events(answer)[-1][1]
    assert report["in_log"] == 1
    assert [each["decision_id"] for each in report["changed"][0]["examples"]] == shared[3:]


async def test_a_packed_bundle_is_replayed_and_nothing_is_activated(
    front: "Front", shared: list[str]
) -> None:
    active = front.wiring.policy.bundle
    packed = b64encode(active.with_numbers(LOOSER).to_tar_gz()).decode()

    async with await front.caller("eva", Role.ADMIN) as admin:
        new = events(await admin.post(URL, json={"bundle": packed, "most": 2}))[-1][1]
        old = b64encode(active.to_tar_gz()).decode()
        same = events(await admin.post(URL, json={"bundle": old}))[-1][1]

    assert (new["in_log"], new["replayed"], new["looser"]) == (3, 2, 2)
    assert (same["revision"], same["unchanged"], same["loosens"]) == (active.revision, 3, False)
    assert front.wiring.policy.bundle is active


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "bundle"),
        ({"bundle": "not base64!"}, "bundle"),
        ({"bundle": b64encode(b"not a bundle").decode()}, "policy bundle"),
        ({"data": {"limits": {"plan": {"max_changes": "many"}}}}, "policy data"),
        ({"data": {"limits": {}}, "since": -1}, "since"),
        ({"data": {"limits": {}}, "most": 0}, "most"),
        ({"data": {"limits": {}}, "extra": 1}, "extra"),
    ],
)
async def test_what_is_wrong_is_named_before_anything_is_replayed(
    front: "Front", body: dict[str, object], field: str
) -> None:
    async with await front.caller("eva", Role.ADMIN) as admin:
        answer = await admin.post(URL, json=body)

    assert answer.status_code == 422
    assert answer.json()["field"].startswith(field)


async def test_rules_that_the_engine_does_not_take_end_the_stream_with_a_problem(
    front: "Front", shared: list[str]
) -> None:
    bundle = front.wiring.policy.bundle
    broken = dict(bundle.modules)
    broken["gatewright/core/core.rego"] += "\n_broken if {\n"
    packed = b64encode(type(bundle).of(broken, bundle.data).to_tar_gz()).decode()

    async with await front.caller("eva", Role.ADMIN) as admin:
        found = events(await admin.post(URL, json={"bundle": packed}))

    assert [name for name, _ in found] == ["failed"]
    assert found[0][1]["code"] == "policy_unavailable"


async def test_only_one_replay_is_under_way_at_a_time(front: "Front") -> None:
    replays = front.app.state.replays

    async with replays._busy, await front.caller("eva", Role.ADMIN) as admin:
        answer = await admin.post(URL, json={"data": LOOSER})

    assert answer.status_code == 409
    assert "under way" in answer.json()["detail"]


async def test_the_log_is_read_in_pages_and_the_trail_says_by_whom(
    front: "Front", shared: list[str]
) -> None:
    wanted = {"since": "2026-01-01T00:00:00Z", "limit": 2}

    async with await front.caller("eva", Role.ADMIN) as admin:
        first = (await admin.get("/v1/policy/decisions", params=wanted)).json()
        rest = (
            await admin.get("/v1/policy/decisions", params={**wanted, "after": first["next"]})
        ).json()
        bad = await admin.get("/v1/policy/decisions", params={**wanted, "after": "x"})

    entries = [*first["items"], *rest["items"]]
    assert [each["decision_id"] for each in entries] == shared[2::-1]
    assert (len(first["items"]), rest["next"], bad.status_code) == (2, "", 422)
    assert entries[0]["path"] == "gatewright/decision/decision"
    assert entries[0]["input"]["shared_by"] == 9
    async with front.wiring.store.read() as tx:
        kinds = [each.kind for each in await tx.audit.range(NORTH)]
    assert kinds.count("policy.decisions_read") == 1
