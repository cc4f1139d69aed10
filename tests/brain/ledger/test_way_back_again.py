"""Whether a change can be undone is asked again just before the write, not remembered."""

from dataclasses import dataclass, replace

import pytest

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable
from brain.domain.identity import PrincipalId, PrincipalKind, Role
from brain.domain.record import ChangeRecord
from brain.domain.verdict import AUTOMATIC, Decision, Point, Verdict
from brain.store.store import Store
from evals.workbench import Workbench, workbench
from policies.engine import Engine, RawAnswer


@dataclass
class Barred:
    """The engine of the workbench; the way back can be closed, or not be asked about."""

    real: Engine
    closed: bool = False
    silent: bool = False
    name: str = "barred"

    async def ask(self, entrypoint: str, question: dict[str, Json]) -> RawAnswer:
        if question.get("point") != "rollback":
            return await self.real.ask(entrypoint, question)
        if self.silent:
            raise PolicyUnavailable("the engine is down")
        return await self.real.ask(entrypoint, question | {"halted": self.closed})


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


@pytest.fixture
def policy(bench: Workbench) -> Barred:
    barred = Barred(bench.gate.engine)
    judge = replace(bench.gate, engine=barred)
    bench.ledger._judge = judge
    bench.ledger._intake = replace(bench.ledger._intake, judge=judge)
    bench.ledger._breaking = replace(bench.ledger._breaking, judge=judge)
    return barred


def codes(verdict: Verdict) -> set[str]:
    return {each.code for each in verdict.findings}


async def asked_by_a_job(bench: Workbench, record: ChangeRecord) -> None:
    async with bench.store.begin() as tx:
        job = replace(bench.sam, kind=PrincipalKind.MACHINE, roles=frozenset({Role.AUTOMATION}))
        assert job.id == record.asked_by == PrincipalId("sam")
        await tx.principals.put(job, "job")


async def test_a_way_back_that_was_closed_since_is_told_at_the_write(
    bench: Workbench, policy: Barred
) -> None:
    record = await bench.approved()
    assert record.verdict.obligations.rollback == AUTOMATIC
    policy.closed = True

    verdict = await bench.ledger.rejudge(record, Point.EXECUTE)

    assert "asker.cannot_undo" in codes(verdict)
    assert verdict.obligations.rollback == "none"


async def test_a_machine_does_not_write_what_it_can_no_longer_undo(
    bench: Workbench, policy: Barred
) -> None:
    record = await bench.approved()
    await asked_by_a_job(bench, record)
    before = await bench.ledger.rejudge(record, Point.EXECUTE)
    policy.closed = True

    verdict = await bench.ledger.rejudge(record, Point.EXECUTE)

    assert "asker.machine_cannot_undo" not in codes(before)
    assert "asker.machine_cannot_undo" in codes(verdict)
    assert verdict.decision is Decision.DENY


async def test_a_way_back_that_nobody_can_be_asked_about_lets_the_change_wait(
    bench: Workbench, policy: Barred
) -> None:
    record = await bench.approved()
    policy.silent = True

    verdict = await bench.ledger.rejudge(record, Point.EXECUTE)

    assert verdict.passes
    assert codes(verdict) == {"policy.unavailable"}
    assert (verdict.point, verdict.plan_digest) == (Point.EXECUTE, record.plan.digest)


async def test_a_broken_glass_is_judged_on_the_way_back_as_it_is_now(
    bench: Workbench, policy: Barred
) -> None:
    record = await bench.submit()
    policy.silent = True

    with pytest.raises(PolicyUnavailable):
        await bench.broken(record)

    assert (await bench.ledger.get(record.id)).break_glass is None
