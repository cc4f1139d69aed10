"""Two who write one device through one GenieACS: one is written, and the other moves on unsent."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from brain.domain.approval import Answer
from brain.domain.change import SetParameter
from brain.domain.identity import CaseId, ChangeId, ProposalId, Role
from brain.domain.life import State
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.proposal import Author, Cause, Finding, Proposal
from brain.domain.record import ChangeRecord
from brain.store.cipher import Cipher
from brain.store.store import Store
from evals.assembly import Assembly, Ground, assemble, person
from evals.homes.world import HomesWorld
from evals.standins.genieacs.interface import Ask
from evals.workbench import ordered_id, shipped
from executors.execution import Execution
from executors.genieacs.genieacs import GenieAcs
from executors.genieacs.options import GenieOptions
from executors.steps import Next, Step
from policies.engines.embedded import EmbeddedEngine
from tests.executors.contract import CHANNEL, RADIO, TENANT

Rig = Any  # of the folder's conftest
SAM, ALEX = (
    person(TENANT, "sam", Role.SUPPORT),
    person(TENANT, "alex", Role.APPROVER, ["approvers"]),
)


@dataclass
class Gatewright:
    """One installation: a store, a ledger and hands of its own, on the rig's GenieACS."""

    rig: Rig
    made: Assembly
    execution: Execution

    async def approved(self, channel: str) -> ChangeRecord:
        wanted = SetParameter(
            path=CHANNEL,
            type=ParameterType.UNSIGNED_INT,
            before=self.rig.holds(CHANNEL),
            after=channel,
        )
        proposal = Proposal(
            id=ProposalId(ordered_id("prp")),
            tenant=TENANT,
            case=CaseId("cas_1"),
            device=self.rig.device.id,
            author=Author.RULES,
            asked_by=SAM.id,
            on_behalf_of="sub-1",
            finding=Finding(cause=Cause.CONGESTED_CHANNEL, confidence=0.9, summary="crowded"),
            changes=(wanted,),
            made_at=self.rig.clock(),
        )
        record = await self.made.ledger.submit(proposal, SAM)
        return await self.made.ledger.answer(
            ALEX, record.id, digest=record.plan.digest, answer=Answer.APPROVE
        )

    async def ended(self, change: ChangeId) -> ChangeRecord:
        now = Next(Step.BEGIN)
        while now.step is not Step.DONE:
            now = await self.execution.take(change, now)
            self.rig.clock.advance(seconds=now.after)
        return await self.made.ledger.get(change)


@pytest.fixture
async def two(rig: Rig, tmp_path: Path) -> AsyncIterator[list[Gatewright]]:
    async with AsyncExitStack() as stack:
        other = await Store.open(f"sqlite:///{tmp_path / 'other.db'}", Cipher(bytes(32)))
        stack.push_async_callback(other.close)
        await other.migrate()
        yield [await _gatewright(rig, store) for store in (rig.store, other)]


async def _gatewright(rig: Rig, store: Store) -> Gatewright:
    made = assemble(
        Ground(
            store=store,
            world=HomesWorld([rig.home]),
            clock=rig.clock,
            engine=EmbeddedEngine(shipped()),
            bundle=shipped(),
            new_id=ordered_id,
        )
    )

    async def sleep(seconds: float) -> None:
        rig.clock.advance(seconds=seconds)

    genie = GenieAcs(
        store=store,
        permits=made.executor.permits,
        clock=rig.clock,
        nbi=rig.nbi,
        options=GenieOptions(tenant=TENANT, url="http://genie/", patience=timedelta(seconds=4)),
        sleep=sleep,
    )
    async with store.begin() as tx:
        await tx.devices.put(rig.device)
        for each in (SAM, ALEX):
            await tx.principals.put(each, each.id)
    await genie.read(rig.device, [ParameterPath(RADIO)])
    parts = replace(made.execution.parts, executor=genie)
    return Gatewright(rig, made, Execution(parts))


def sets(rig: Rig) -> list[Ask]:
    return [ask for ask in rig.interface.asked if b'"setParameterValues"' in ask.body]


async def test_what_another_gatewright_wrote_meanwhile_supersedes_ours(
    rig: Rig, two: list[Gatewright]
) -> None:
    ours, theirs = two
    mine, other = await ours.approved("11"), await theirs.approved("1")

    first = await theirs.ended(other.id)
    second = await ours.ended(mine.id)

    assert (first.state, second.state) == (State.SUCCEEDED, State.SUPERSEDED)
    assert CHANNEL in second.reason
    assert rig.holds(CHANNEL) == "1"
    assert len(sets(rig)) == 1


@pytest.mark.parametrize("waits", [False, True], ids=["ran", "still-queued"])
async def test_what_a_person_asked_of_genieacs_itself_supersedes_ours(
    rig: Rig, two: list[Gatewright], waits: bool
) -> None:
    mine = await two[0].approved("11")
    task = {"name": "setParameterValues", "parameterValues": [[CHANNEL, "4", "xsd:unsignedInt"]]}
    rig.genie.queue(rig.record.id, task)
    if not waits:
        rig.genie.session(rig.record)

    end = await two[0].ended(mine.id)

    assert end.state is State.SUPERSEDED
    assert rig.holds(CHANNEL) == "4"
    assert sets(rig) == []
    assert rig.genie.tasks == {}
