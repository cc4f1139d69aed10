"""What comes after the planner: a stand-in answers the review, and the change is carried out."""

from brain.domain.approval import Answer
from brain.domain.errors import GatewrightError
from brain.domain.identity import ChangeId, Principal, Role
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from evals.harness.road import Road, person
from executors.steps import Next, Step

_STEPS = 500
"""More than the longest run of a change takes: one look every 20 seconds over half an hour."""


async def carried(road: Road, change: ChangeId, *, approve: bool) -> ChangeRecord:
    """The change at its end, or where it waits; raises TimeoutError when it never comes to one."""
    record = await road.ledger.get(change)
    for _ in range(_STEPS):
        if record.state is State.AWAITING_APPROVAL:
            answered = await _answered(road, record, approve=approve)
            if answered.state is State.AWAITING_APPROVAL:
                return answered
            record = answered
        if record.state in (State.DENIED, State.REJECTED):
            return record
        record = await _run(road, record)
        if record.state is not State.AWAITING_APPROVAL:
            return record
    raise TimeoutError(f"the change is not done: {record.state}")


async def _run(road: Road, record: ChangeRecord) -> ChangeRecord:
    """Step by step, as the durable runs do it; waiting moves the world's clock."""
    now = Next(Step.BEGIN)
    for _ in range(_STEPS):
        now = await road.execution.take(record.id, now)
        record = await road.ledger.get(record.id)
        if now.step is Step.DONE or record.state is State.AWAITING_APPROVAL:
            return record
        road.world.clock.advance(now.after)
    raise TimeoutError(f"the change is not done: {record.state}")


async def _answered(road: Road, record: ChangeRecord, *, approve: bool) -> ChangeRecord:
    """As many people as policy asks for, of the groups that it asks."""
    answer = Answer.APPROVE if approve else Answer.REJECT
    for need in record.verdict.obligations.approvals:
        for number in range(need.min):
            if record.state is not State.AWAITING_APPROVAL:
                return record
            who = await _reviewer(road, need.group, number)
            try:
                record = await road.ledger.answer(
                    who, record.id, digest=record.plan.digest, answer=answer, comment="evals"
                )
            except GatewrightError:  # what they may not answer stays unanswered
                return await road.ledger.get(record.id)
    return record


async def _reviewer(road: Road, group: str, number: int) -> Principal:
    who = person(f"reviewer-{group}-{number + 1}", Role.APPROVER, (group,))
    async with road.store.begin() as tx:
        await tx.principals.put(who, who.id)
    return who
