"""A change over USP goes the whole road: judged, approved, permitted, written and read back."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from brain.domain.agent import Agent
from brain.domain.life import State
from brain.domain.ports import NewId
from brain.store.store import Store
from evals.workbench import CHANNEL, UTILISATION, Workbench, promise, workbench
from executors.execution import Execution
from executors.usp.options import UspOptions
from executors.usp.usp import Usp
from tests.executors.usp.conftest import CONTROLLER, MemoryLink, TreeAgent

ENDPOINT = "ops::00D09E-G1-1"


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


@pytest.fixture
async def agent(bench: Workbench, trail: Any, new_id: NewId) -> Any:
    """The bench's device, over USP from now on."""
    agent = TreeAgent(bench.tree, ENDPOINT)
    usp = Usp(
        store=bench.store,
        permits=bench.executor.permits,
        audit=trail,
        clock=bench.clock,
        new_id=new_id,
        options=UspOptions(
            tenant=bench.device.tenant,
            endpoint_id=CONTROLLER,
            patience=timedelta(seconds=0.3),
        ),
    )
    async with bench.store.begin() as tx:
        said = Agent(endpoint=ENDPOINT, device=bench.device.id, tenant=bench.device.tenant)
        await tx.agents.put(said)
    parts = replace(bench.execution.parts, executor=usp)
    bench.execution = Execution(parts)
    link = MemoryLink(usp.exchange, agent)
    usp.exchange.links.joined(link)
    yield agent
    await asyncio.sleep(0)


async def test_an_approved_change_is_written_once_and_holds(bench: Workbench, agent: Any) -> None:
    record = await bench.approved()

    ended = await bench.run(record.id)

    assert ended.state is State.SUCCEEDED
    assert agent.tree[CHANNEL] == "11"
    assert len(agent.sets) == 1
    assert not agent.sets[0].allow_partial


async def test_without_approval_nothing_leaves(bench: Workbench, agent: Any) -> None:
    record = await bench.submit()

    assert (await bench.run(record.id)).state is State.AWAITING_APPROVAL
    assert agent.sets == []
    assert agent.tree[CHANNEL] == "6"


async def test_a_change_that_does_not_help_is_taken_back_over_usp(
    bench: Workbench, agent: Any
) -> None:
    record = await bench.approved(bench.proposal(effect=promise(by=40)))

    ended = await bench.run(record.id)

    assert ended.state is State.ROLLED_BACK
    assert agent.tree[CHANNEL] == "6"
    assert agent.tree[UTILISATION] == "180"
    assert [each.update_objs[0].param_settings[0].value for each in agent.sets] == ["11", "6"]


async def test_what_the_agent_refuses_failed_and_is_not_tried_again(
    bench: Workbench, agent: Any
) -> None:
    agent.refusing = 7012
    record = await bench.approved()

    ended = await bench.run(record.id)

    assert ended.state is State.FAILED
    assert agent.tree[CHANNEL] == "6"
    assert len(agent.sets) == 1
