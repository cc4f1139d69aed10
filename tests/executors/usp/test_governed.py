"""A change over USP goes the whole road: judged, approved, permitted, written and read back."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from brain.domain.agent import Agent
from brain.domain.life import State
from brain.domain.parameter import ParameterPath
from brain.domain.ports import NewId
from brain.store.store import Store
from evals.workbench import CHANNEL, UTILISATION, Workbench, promise, workbench
from executors.execution import Execution
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.options import UspOptions
from executors.usp.usp import Usp
from tests.executors.usp.conftest import CONTROLLER, MemoryLink

ENDPOINT = "ops::00D09E-G1-1"


@dataclass
class TreeAgent:
    """Answers Get and Set from a dictionary of values."""

    tree: dict[ParameterPath, str]
    endpoint: str = ENDPOINT
    sets: list[q.Set] = field(default_factory=list)
    refusing: int = 0

    def answer(self, asked: Any) -> Any:
        if isinstance(asked, q.Get):
            return r.GetResp(tuple(self.one(path) for path in asked.param_paths))
        if isinstance(asked, q.Set):
            return self.set(asked)
        return r.Error(7001)

    def one(self, path: str) -> r.PathValues:
        found = [
            name
            for name in self.tree
            if name == path or (path.endswith(".") and name.startswith(path))
        ]
        if not found:
            return r.PathValues(path, 7026)
        results = (
            r.ResolvedPathResult(above + ".", {leaf: self.tree[ParameterPath(f"{above}.{leaf}")]})
            for above, _, leaf in (name.rpartition(".") for name in found)
        )
        return r.PathValues(path, resolved_path_results=tuple(results))

    def set(self, asked: q.Set) -> Any:
        self.sets.append(asked)
        if self.refusing:
            return r.Error(self.refusing)
        done = []
        for each in asked.update_objs:
            for one in each.param_settings:
                self.tree[ParameterPath(each.obj_path + one.param)] = one.value
            done.append(r.UpdatedObjectResult(each.obj_path, r.UpdateSuccess()))
        return r.SetResp(tuple(done))


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


@pytest.fixture
async def agent(bench: Workbench, trail: Any, new_id: NewId) -> Any:
    """The bench's device, over USP from now on."""
    agent = TreeAgent(bench.tree)
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
    link = MemoryLink(usp.exchange, agent)  # type: ignore[arg-type]  # it answers, and no more
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
