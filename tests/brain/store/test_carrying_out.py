"""Answers, steps, outcomes and backups of a change are kept in order, to their tenant only."""

from dataclasses import replace
from datetime import timedelta

import pytest

from brain.domain.approval import Answer, Approval
from brain.domain.errors import Conflict
from brain.domain.identity import ChangeId, PlanDigest, PrincipalId, TenantId
from brain.domain.outcome import ExecutionStep, KeptOutcome, Outcome, Progress
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.record import ChangeRecord
from brain.store.store import Store

NORTH, SOUTH = TenantId("north"), TenantId("south")


def approval(change: ChangeRecord) -> Approval:
    return Approval(
        change=change.id,
        number=1,
        answer=Answer.APPROVE,
        by=PrincipalId("ben"),
        groups=frozenset({"noc", "night shift"}),
        plan_digest=change.plan.digest,
        fingerprint=change.basis.fingerprint,
        policy_revision="r1",
        answered_at=change.created_at,
        expires_at=change.created_at + timedelta(minutes=30),
        comment="fine",
    )


async def test_every_answer_is_kept_in_order(any_store: Store, change: ChangeRecord) -> None:
    first = approval(change)
    second = replace(first, number=2, answer=Answer.REJECT, groups=frozenset())

    async with any_store.begin() as tx:
        await tx.approvals.add(NORTH, first)
        await tx.approvals.add(NORTH, second)

    async with any_store.read() as tx:
        assert await tx.approvals.of_change(NORTH, change.id) == [first, second]
        assert await tx.approvals.of_change(SOUTH, change.id) == []


async def test_the_road_is_kept_in_order(any_store: Store, change: ChangeRecord) -> None:
    at = change.created_at
    async with any_store.begin() as tx:
        await tx.executions.add(NORTH, change.id, 1, "look", "as it was", at)
        await tx.executions.add(NORTH, change.id, 2, "back_up", "12 values", at)

    async with any_store.read() as tx:
        assert await tx.executions.of_change(NORTH, change.id) == [
            ExecutionStep(attempt=1, step="look", detail="as it was", at=at),
            ExecutionStep(attempt=2, step="back_up", detail="12 values", at=at),
        ]
        assert await tx.executions.of_change(SOUTH, change.id) == []


async def test_outcomes_are_kept_with_the_plan_they_are_about(
    any_store: Store, change: ChangeRecord
) -> None:
    at, undo = change.created_at, PlanDigest("undo")
    refused = Outcome(progress=Progress.REFUSED, at=at, detail="no", fault="9007")
    applied = Outcome(progress=Progress.APPLIED, at=at, already=True, needs_reboot=True)

    async with any_store.begin() as tx:
        await tx.outcomes.add(NORTH, change.id, change.plan.digest, refused)
        await tx.outcomes.add(NORTH, change.id, undo, applied)

    async with any_store.read() as tx:
        assert await tx.outcomes.of_change(NORTH, change.id) == [
            KeptOutcome(
                plan_digest=change.plan.digest,
                progress=Progress.REFUSED,
                at=at,
                detail="no",
                fault="9007",
            ),
            KeptOutcome(
                plan_digest=undo,
                progress=Progress.APPLIED,
                at=at,
                already=True,
                needs_reboot=True,
            ),
        ]
        assert await tx.outcomes.of_change(SOUTH, change.id) == []


async def test_outcomes_of_many_changes_are_read_at_once_each_in_order(
    any_store: Store, change: ChangeRecord
) -> None:
    digest, none = change.plan.digest, ChangeId("chg_none")
    attempts = [
        Outcome(progress=progress, at=change.created_at)
        for progress in (Progress.UNKNOWN, Progress.APPLIED)
    ]

    async with any_store.begin() as tx:
        for each in attempts:
            await tx.outcomes.add(NORTH, change.id, digest, each)

    async with any_store.read() as tx:
        kept = await tx.outcomes.of_change(NORTH, change.id)
        assert [each.progress for each in kept] == [Progress.UNKNOWN, Progress.APPLIED]
        assert await tx.outcomes.of_changes(NORTH, [none, change.id]) == {change.id: kept}
        assert await tx.outcomes.of_changes(SOUTH, [change.id]) == {}
        assert await tx.outcomes.of_changes(NORTH, []) == {}


async def test_the_first_backup_is_the_one(any_store: Store, change: ChangeRecord) -> None:
    path = ParameterPath("Device.WiFi.Radio.1.Channel")
    first = Snapshot(
        device=change.device,
        taken_at=change.created_at,
        values={path: "1"},
        writable={path: True},
    )

    async with any_store.begin() as tx:
        assert await tx.backups.get(NORTH, change.id) is None
        await tx.backups.put(NORTH, change.id, first)
        await tx.backups.put(NORTH, change.id, replace(first, values={path: "6"}))

    async with any_store.read() as tx:
        assert await tx.backups.get(NORTH, change.id) == first
        assert await tx.backups.get(SOUTH, change.id) is None


@pytest.mark.parametrize("tenant", [NORTH, SOUTH])
async def test_nothing_is_kept_of_a_change_that_the_tenant_does_not_have(
    any_store: Store, change: ChangeRecord, tenant: TenantId
) -> None:
    nothing = ChangeId("nothing") if tenant == NORTH else change.id
    at = change.created_at
    outcome = Outcome(progress=Progress.APPLIED, at=at)
    snapshot = Snapshot(device=change.device, taken_at=at, values={})

    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.approvals.add(tenant, replace(approval(change), change=nothing))
    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.executions.add(tenant, nothing, 1, "look", "", at)
    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.outcomes.add(tenant, nothing, change.plan.digest, outcome)
    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.backups.put(tenant, nothing, snapshot)
