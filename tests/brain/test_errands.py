"""When other rules decide, what waits on the answer of the old ones ends, and says why."""

from pathlib import Path

import pytest

from brain.domain.errors import Conflict
from brain.domain.life import State
from brain.errands import PlanAnew
from brain.store.store import Store
from evals.workbench import Workbench, workbench


@pytest.fixture
async def bench(any_store: Store, tmp_path: Path) -> Workbench:
    return await workbench(any_store)


async def test_a_review_under_other_rules_ends_and_cannot_be_approved(bench: Workbench) -> None:
    record = await bench.submit()
    assert record.state is State.AWAITING_APPROVAL

    await PlanAnew(bench.store, bench.ledger)("another revision")

    ended = await bench.ledger.get(record.id)
    assert ended.state is State.SUPERSEDED
    assert "rules changed" in ended.reason
    with pytest.raises(Conflict):
        await bench.approve(ended)
    async with bench.store.read() as tx:
        entries = await tx.audit.range(record.tenant)
    assert entries[-1].kind == "change.superseded"


async def test_an_approval_under_other_rules_is_not_carried_out(bench: Workbench) -> None:
    record = await bench.approved()

    await PlanAnew(bench.store, bench.ledger)("another revision")

    assert (await bench.run(record.id)).state is State.SUPERSEDED
    async with bench.store.read() as tx:
        assert await tx.outcomes.of_change(record.tenant, record.id) == []


async def test_what_the_active_rules_judged_goes_on(bench: Workbench) -> None:
    record = await bench.submit()

    await PlanAnew(bench.store, bench.ledger)(record.verdict.policy_revision)

    assert (await bench.ledger.get(record.id)).state is State.AWAITING_APPROVAL
