"""A token that is made for a job as README.md says opens a case, and approves nothing."""

from typing import TYPE_CHECKING

from brain.domain.device import Device
from brain.domain.identity import Role
from brain.domain.record import ChangeRecord
from tests.readme import token_for_a_job

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell
    from tests.api.conftest import Front


async def test_a_job_opens_a_case_says_what_is_wrong_and_answers_nothing(
    front: "Front", shell: "Shell", device: Device, change: ChangeRecord
) -> None:
    await front.token("ana", Role.SUPPORT)
    root = await front.token("root", Role.ADMIN)

    made = await shell.run(*token_for_a_job("billing", "ana"), "--json", token=root)
    async with front.client(made.document["token"]) as job:
        opened = await job.post("/v1/cases", json={"device": device.id})
        said = await job.post(f"/v1/cases/{opened.json()['id']}/messages", json={"text": "slow"})
        seen = {"digest": change.plan.digest}
        answered = await job.post(f"/v1/changes/{change.id}/approve", json=seen)

    assert (opened.status_code, said.status_code) == (201, 200)
    assert opened.json()["opened_by"] == "billing"
    assert [heard[1:] for heard in front.wiring.planner.heard] == [("slow", "billing")]
    assert answered.status_code == 403
    async with front.wiring.store.read() as tx:
        assert await tx.approvals.of_change(change.tenant, change.id) == []
