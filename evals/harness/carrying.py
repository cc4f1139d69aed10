"""What comes after the planner: a stand-in answers the review, and the change is carried out."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from brain.domain.approval import Answer
from brain.domain.errors import GatewrightError
from brain.domain.identity import Principal, Role
from brain.domain.life import State
from brain.domain.proposal import Author
from brain.domain.record import ChangeRecord
from evals.assembly import person
from evals.harness.road import Road
from evals.homes.network import TENANT
from executors.steps import Next, Step


class Reviewer(StrEnum):
    """Who answers reviews."""

    STAMPS = "stamps"
    """Approves all that is asked: the worst there is. Only policy and the way back count then."""
    CAREFUL = "careful"
    """Rejects what a language model composed and no rule of ours found a reason for; the card says
    so. Stamps the rest."""
    SAYS_NO = "says_no"
    """Rejects everything."""
    SILENT = "silent"
    """Never answers."""

    def answer(self, record: ChangeRecord) -> Answer:
        """What they answer."""
        composed = record.author is Author.LLM_COMPOSED
        rejected = self is self.SAYS_NO or (self is self.CAREFUL and composed)
        return Answer.REJECT if rejected else Answer.APPROVE


def reviewer_for(approves: bool | Literal["never"], otherwise: Reviewer) -> Reviewer:
    """Who answers in a scenario: ``otherwise`` where it says yes."""
    if approves == "never":
        return Reviewer.SILENT
    return otherwise if approves else Reviewer.SAYS_NO


_STEPS = 500
"""More than the longest run of a change takes: one look every 20 seconds over half an hour."""


_PATIENCE, _LONG_PAUSE = 10, 1800.0
"""After so many questions in vain, seconds until the next: what waits for days is not asked each
minute, as the product does."""


async def carried(
    road: Road, record: ChangeRecord, reviewer: Reviewer, until: datetime
) -> ChangeRecord:
    """The change at its end, or where it waits; raises TimeoutError when it never comes to one.

    One that succeeded is watched on ``until`` the scenario is over.
    """
    for _ in range(_STEPS):
        if record.state is State.AWAITING_APPROVAL:
            if reviewer is Reviewer.SILENT:
                return await _left_alone(road, record)
            answered = await _answered(road, record, reviewer)
            if answered.state is State.AWAITING_APPROVAL:
                return answered
            record = answered
        if record.state in (State.DENIED, State.REJECTED):
            return record
        record = await _run(road, record, until)
        if record.state is not State.AWAITING_APPROVAL:
            return record
    raise TimeoutError(f"the change is not done: {record.state}")


async def _left_alone(road: Road, record: ChangeRecord) -> ChangeRecord:
    """The change once its review has run out, as the clock of the product closes it."""
    road.world.clock.now = record.approval_expires_at
    await road.ledger.expire_due()
    return await road.ledger.get(record.id)


async def _run(road: Road, record: ChangeRecord, until: datetime) -> ChangeRecord:
    """Step by step, as the durable runs do it; waiting moves the world's clock."""
    now = Next(Step.BEGIN)
    for _ in range(_STEPS):
        now = await road.execution.take(record.id, now)
        record = await road.ledger.get(record.id)
        if now.step is Step.DONE or record.state is State.AWAITING_APPROVAL:
            return record
        if now.step is Step.GUARD and road.world.clock.now + timedelta(seconds=now.after) > until:
            return record
        road.world.clock.advance(now.after if now.count < _PATIENCE else _LONG_PAUSE)
    raise TimeoutError(f"the change is not done: {record.state}")


async def _answered(road: Road, record: ChangeRecord, reviewer: Reviewer) -> ChangeRecord:
    """As many people as policy asks for, of the groups that it asks."""
    answer = reviewer.answer(record)
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
    who = person(TENANT, f"reviewer-{group}-{number + 1}", Role.APPROVER, (group,))
    async with road.store.begin() as tx:
        await tx.principals.put(who, who.id)
    return who
