"""Comments are for people: on the road of a change, and nowhere else."""

from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from brain.domain.identity import Role, TenantId
from brain.domain.life import State
from brain.domain.record import ChangeRecord

if TYPE_CHECKING:
    from tests.api.conftest import Front

TEXT = "Mrs Quitzow of Elm Grove rang twice about it"


async def test_askers_and_reviewers_talk_about_a_change_without_answering_it(
    front: "Front", change: ChangeRecord
) -> None:
    path = f"/v1/changes/{change.id}"
    sam = await front.caller("sam", Role.SUPPORT)
    async with sam, await front.caller("zoe", Role.APPROVER) as zoe:
        first = await sam.post(f"{path}/comments", json={"text": TEXT})
        await zoe.post(f"{path}/comments", json={"text": "why now?"})
        road = (await zoe.get(path)).json()

    assert (first.status_code, first.json()["by"]) == (200, "sam")
    assert [(each["by"], each["text"]) for each in road["comments"]] == [
        ("sam", TEXT),
        ("zoe", "why now?"),
    ]
    assert road["approvals"] == []
    assert (await front.wiring.ledger.get(change.id)).state is State.AWAITING_APPROVAL


async def test_what_was_said_is_in_no_audit_entry_and_no_log(
    front: "Front", change: ChangeRecord
) -> None:
    with capture_logs() as logs:
        async with await front.caller("sam", Role.SUPPORT) as client:
            await client.post(f"/v1/changes/{change.id}/comments", json={"text": TEXT})

    async with front.wiring.store.read() as tx:
        entries = await tx.audit.range(TenantId("north"))
    assert [each.kind for each in entries if each.actor == "sam"] == ["change.commented"]
    assert all("Quitzow" not in each.payload for each in entries)
    assert logs
    assert "Quitzow" not in str(logs)


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
async def test_nothing_and_too_much_are_refused(
    front: "Front", change: ChangeRecord, text: str
) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        refused = await client.post(f"/v1/changes/{change.id}/comments", json={"text": text})
        road = (await client.get(f"/v1/changes/{change.id}")).json()

    assert (refused.status_code, refused.json()["field"]) == (422, "text")
    assert road["comments"] == []


async def test_a_machine_says_nothing_that_its_role_does_not_let_it(
    front: "Front", change: ChangeRecord
) -> None:
    async with await front.caller("job", Role.AUTOMATION) as client:
        refused = await client.post(f"/v1/changes/{change.id}/comments", json={"text": "hello"})

    assert refused.status_code == 403
