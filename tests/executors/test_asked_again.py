"""A change that policy wants more approvals for waits for them, and keeps what it was given."""

from dataclasses import dataclass, replace
from typing import Any, cast

import pytest

from brain.domain.approval import Answer
from brain.domain.canonical import Json
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.store.store import Store
from evals.workbench import CHANNEL, TENANT, Workbench, workbench
from executors.steps import Next, Step
from policies.engine import RawAnswer

NOA = Principal(
    id=PrincipalId("noa"),
    tenant=TENANT,
    kind=PrincipalKind.PERSON,
    roles=frozenset({Role.APPROVER}),
    groups=frozenset({"noc"}),
)


@dataclass
class Stricter:
    """The engine of the workbench, which may ask for more people than it does."""

    real: Any
    asks: list[Json]
    point: str = "execute"

    @property
    def name(self) -> str:
        return "stricter"

    async def ask(self, entrypoint: str, question: dict[str, Json]) -> RawAnswer:
        raw = cast(RawAnswer, await self.real.ask(entrypoint, question))
        if question.get("point") != self.point or not self.asks:
            return raw
        said = cast(dict[str, Any], raw.result)
        return replace(
            raw, result={**said, "obligations": {**said["obligations"], "approvals": self.asks}}
        )


@pytest.fixture
async def bench(store: Store) -> Workbench:
    made = await workbench(store)
    async with store.begin() as tx:
        await tx.principals.put(NOA, "Noa")
    return made


@pytest.fixture
def policy(bench: Workbench) -> Stricter:
    stricter = Stricter(bench.gate.engine, [])
    judge = replace(bench.gate, engine=stricter)
    bench.ledger._judge = judge
    bench.ledger._intake = replace(bench.ledger._intake, judge=judge)
    return stricter


def written(bench: Workbench) -> list[str]:
    return [value for _, path, value in bench.world.writes if path == CHANNEL]


async def until_it_waits(bench: Workbench, change: ChangeRecord) -> tuple[ChangeRecord, Next]:
    now = Next(Step.BEGIN)
    for _ in range(10):
        now = await bench.execution.take(change.id, now)
    return await bench.ledger.get(change.id), now


APPROVERS, NOC = {"group": "approvers", "min": 1}, {"group": "noc", "min": 1}


async def test_more_is_asked_for_and_nothing_is_sent_meanwhile(
    bench: Workbench, policy: Stricter
) -> None:
    change = await bench.approved()
    policy.asks = [APPROVERS, NOC]

    waiting, now = await until_it_waits(bench, change)

    assert waiting.state is State.AWAITING_APPROVAL
    assert "1 of noc" in waiting.reason
    assert (now.step, now.after) == (Step.BEGIN, 1.0)
    assert written(bench) == []
    async with bench.store.begin() as tx:  # and another change may have the device
        later = bench.clock.now
        assert await tx.leases.take(bench.device.id, change.id, later, later) is not None


async def test_what_was_given_counts_and_the_rest_lets_it_go_on(
    bench: Workbench, policy: Stricter
) -> None:
    change = await bench.approved()
    policy.asks = [APPROVERS, NOC]
    await until_it_waits(bench, change)

    approved = await bench.approve(change, NOA)
    end = await bench.run(change.id)

    assert approved.state is State.APPROVED
    assert end.state is State.SUCCEEDED
    assert written(bench) == ["11"]


async def test_a_policy_that_then_asks_for_less_does_not_take_back_what_it_asked_for(
    bench: Workbench, policy: Stricter
) -> None:
    change = await bench.approved()
    policy.asks = [NOC]
    waiting, _ = await until_it_waits(bench, change)

    groups = [each.group for each in waiting.verdict.obligations.approvals]
    assert groups == ["approvers", "noc"]


async def test_a_policy_that_asks_for_less_at_the_write_voids_nothing(
    bench: Workbench, policy: Stricter
) -> None:
    policy.asks, policy.point = [{"group": "approvers", "min": 2}], "submit"
    change = await bench.submit()
    await bench.approve(change, bench.alex)
    await bench.approve(change, bench.ben)

    end = await bench.run(change.id)  # where one would have been enough

    assert end.state is State.SUCCEEDED


async def test_nobody_answers_and_it_expires(bench: Workbench, policy: Stricter) -> None:
    change = await bench.approved()
    policy.asks = [APPROVERS, NOC]
    waiting, now = await until_it_waits(bench, change)

    bench.clock.now = waiting.approval_expires_at
    assert await bench.ledger.expire_due() == 1
    then = await bench.execution.take(change.id, now)

    assert then.step is Step.DONE
    assert (await bench.ledger.get(change.id)).state is State.EXPIRED
    assert written(bench) == []


async def test_a_rejection_ends_what_was_asked_again(bench: Workbench, policy: Stricter) -> None:
    change = await bench.approved()
    policy.asks = [APPROVERS, NOC]
    await until_it_waits(bench, change)

    await bench.ledger.answer(NOA, change.id, digest=change.plan.digest, answer=Answer.REJECT)
    end = await bench.run(change.id)

    assert end.state is State.REJECTED
    assert written(bench) == []


async def test_an_approval_that_is_taken_back_before_the_write_stops_it(bench: Workbench) -> None:
    change = await bench.approved()
    await bench.ledger.take_back(bench.alex, change.id)

    waiting, now = await until_it_waits(bench, change)

    assert (waiting.state, now.step) == (State.AWAITING_APPROVAL, Step.BEGIN)
    assert written(bench) == []

    await bench.approve(change, bench.ben)
    end = await bench.run(change.id)

    assert end.state is State.SUCCEEDED
