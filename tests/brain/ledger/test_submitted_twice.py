"""Two who submit the same plan at the same moment make one change, on every database."""

import asyncio

import pytest

from brain.domain.life import State
from brain.store.store import Store
from evals.workbench import Workbench, workbench


@pytest.fixture
async def bench(any_store: Store) -> Workbench:
    return await workbench(any_store)


async def test_the_same_plan_at_once_is_one_change(bench: Workbench) -> None:
    made = await asyncio.gather(*(bench.submit() for _ in range(8)))

    async with bench.store.read() as tx:
        kept = await tx.changes.list(bench.device.tenant)
        entries = await tx.audit.range(bench.device.tenant)
    assert {each.id for each in made} == {each.id for each in kept}
    assert len(kept) == 1
    assert [entry.kind for entry in entries] == ["change.submitted"]


async def test_the_same_plan_at_once_in_two_cases_is_two_changes(bench: Workbench) -> None:
    made = await asyncio.gather(
        *(bench.submit(bench.proposal(case=f"cas_{number % 2}")) for number in range(6))
    )

    assert len({each.id for each in made}) == 2


async def test_an_approval_is_passed_on_once(bench: Workbench) -> None:
    record = await bench.approved()
    await bench.ledger.withdraw(bench.sam, record.id)

    made = await asyncio.gather(*(bench.submit() for _ in range(4)))

    assert {each.state for each in made} == {State.APPROVED}
    assert len({each.id for each in made}) == 1
