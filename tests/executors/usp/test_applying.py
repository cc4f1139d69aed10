"""What waits for an agent is not handed over once leave was taken away or has run out."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from brain.domain.agent import Agent
from brain.domain.change import Plan, SetParameter
from brain.domain.device import Device, device_id
from brain.domain.errors import DeviceUnreachable, Halted
from brain.domain.history import EventKind
from brain.domain.identity import ChangeId, PermitId
from brain.domain.outcome import Progress
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.permit import Permit
from brain.store.store import Store
from executors.usp.usp import Usp
from tests.executors.contract import CHANNEL, TENANT
from tests.executors.usp.conftest import AGENT, MemoryLink, TreeAgent

DEVICE = Device(
    id=device_id("001122", "Box", "S1"),
    tenant=TENANT,
    oui="001122",
    product_class="Box",
    serial="S1",
)
PLAN = Plan(
    device=DEVICE.id,
    changes=(SetParameter(path=CHANNEL, type=ParameterType.UNSIGNED_INT, before="1", after="11"),),
)


@pytest.fixture
async def agent(store: Store) -> TreeAgent:
    """The agent of a device that is known, and not here yet."""
    async with store.begin() as tx:
        await tx.devices.put(DEVICE)
        await tx.agents.put(Agent(endpoint=AGENT, device=DEVICE.id, tenant=TENANT))
    return TreeAgent({ParameterPath(CHANNEL): "1"})


def permit(clock: Any, *, minutes: float = 5) -> Permit:
    return Permit(
        id=PermitId("prm_1"),
        tenant=TENANT,
        change=ChangeId("chg_1"),
        device=DEVICE.id,
        plan_digest=PLAN.digest,
        policy_revision="r1",
        fence=1,
        minted_at=clock(),
        expires_at=clock() + timedelta(minutes=minutes),
    )


async def test_a_halt_while_it_waits_for_the_agent_stops_it(
    usp: Usp, agent: TreeAgent, clock: Any
) -> None:
    applying = asyncio.create_task(usp.apply(DEVICE, PLAN, permit(clock)))
    await asyncio.sleep(0.02)
    usp._permits.halted = True  # type: ignore[attr-defined]  # a permit check of the tests
    usp.exchange.links.joined(MemoryLink(usp.exchange, agent))

    with pytest.raises(Halted):
        await applying
    assert agent.sets == []


async def test_nothing_is_handed_over_after_the_permit_has_run_out(
    usp: Usp, agent: TreeAgent, clock: Any
) -> None:
    applying = asyncio.create_task(usp.apply(DEVICE, PLAN, permit(clock, minutes=0.0005)))
    await asyncio.sleep(0.1)
    usp.exchange.links.joined(MemoryLink(usp.exchange, agent))

    with pytest.raises(DeviceUnreachable):
        await applying
    assert agent.sets == []


async def test_a_device_that_never_spoke_usp_is_not_reached(
    usp: Usp, agent: TreeAgent, clock: Any, store: Store
) -> None:
    other = Device(
        id=device_id("001122", "Box", "S2"),
        tenant=TENANT,
        oui="001122",
        product_class="Box",
        serial="S2",
    )
    usp.exchange.links.joined(MemoryLink(usp.exchange, agent))

    with pytest.raises(DeviceUnreachable, match="never spoke USP"):
        await usp.apply(other, PLAN, permit(clock))
    assert agent.sets == []


async def test_a_refusal_is_on_the_timeline_with_its_code(
    usp: Usp, agent: TreeAgent, clock: Any, store: Store
) -> None:
    agent.refusing = 7012
    usp.exchange.links.joined(MemoryLink(usp.exchange, agent))

    outcome = await usp.apply(DEVICE, PLAN, permit(clock))

    assert (outcome.progress, outcome.fault) == (Progress.REFUSED, "7012")
    async with store.read() as tx:
        faults = await tx.events.of_device(TENANT, DEVICE.id, kinds=[EventKind.FAULT])
    assert [(each.path, each.value) for each in faults] == [(CHANNEL, "7012")]


async def test_a_write_that_our_role_does_not_allow_says_which_role_that_is(
    usp: Usp, agent: TreeAgent, clock: Any, store: Store
) -> None:
    async with store.begin() as tx:
        bound = Agent(endpoint=AGENT, device=DEVICE.id, tenant=TENANT, role="Untrusted")
        await tx.agents.put(bound)
    agent.refusing = 7006
    usp.exchange.links.joined(MemoryLink(usp.exchange, agent))

    outcome = await usp.apply(DEVICE, PLAN, permit(clock))

    assert (outcome.progress, outcome.fault) == (Progress.REFUSED, "7006")
    assert outcome.detail.endswith("the role Untrusted")
