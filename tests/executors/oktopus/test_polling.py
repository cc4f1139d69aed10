"""Devices come in from Oktopus by asking it, each as who it proves to be."""

from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.agent import Agent
from brain.domain.device import ControllerName
from brain.ledger.audit import AuditTrail
from brain.store.store import Store
from evals.homes.build import build
from executors.oktopus.polling import Polling
from executors.usp.arrivals import Arrivals
from executors.usp.options import UspOptions
from tests.executors.contract import TENANT

Rig = Any  # of the folder's conftest


@pytest.fixture
def newcomer(rig: Rig) -> Any:
    """A second device, which nobody registered."""
    home = build({"world": {"model": "brightmoor-hearth6"}}, seed=9).home
    home.identity = replace(home.identity, serial="NEW0001")
    home.clock = rig.clock
    home.tree.put("Device.DeviceInfo.SerialNumber", "NEW0001")
    rig.site.subjects.clear()
    return rig.site.add(home)


@pytest.fixture
def polling(rig: Rig, store: Store, clock: Any) -> Polling:
    trail = AuditTrail(Ed25519PrivateKey.from_private_bytes(bytes(32)).sign, clock)
    options = UspOptions(
        tenant=TENANT, endpoint_id="self::gatewright", controller=ControllerName.OKTOPUS
    )
    arrivals = Arrivals(store=store, audit=trail, clock=clock, options=options)
    return Polling(oktopus=rig.oktopus, arrivals=arrivals)


async def bound(store: Store, endpoint: str) -> Agent | None:
    async with store.read() as tx:
        return await tx.agents.by_endpoint(endpoint)


async def test_a_new_device_is_asked_who_it_is_and_read_whole(
    polling: Polling, newcomer: Any, store: Store
) -> None:
    assert await polling.look() == 1

    agent = await bound(store, newcomer.agent.endpoint)
    assert agent is not None
    async with store.read() as tx:
        device = await tx.devices.find(agent.device)
        kept = await tx.snapshots.latest(TENANT, agent.device)
    assert device is not None
    assert (device.serial, device.controller) == ("NEW0001", ControllerName.OKTOPUS)
    assert kept is not None
    assert len(kept.values) > 20


async def test_one_that_is_known_is_not_asked_again(polling: Polling, newcomer: Any) -> None:
    await polling.look()
    asked = len(newcomer.asked)

    assert await polling.look() == 0
    assert len(newcomer.asked) == asked


async def test_one_that_was_away_is_asked_again_when_it_is_back(
    polling: Polling, newcomer: Any
) -> None:
    await polling.look()
    newcomer.home.faults.deaf = True
    await polling.look()
    asked = len(newcomer.asked)
    newcomer.home.faults.deaf = False

    assert await polling.look() == 1
    assert len(newcomer.asked) > asked


async def test_one_that_is_offline_is_left_alone(polling: Polling, newcomer: Any) -> None:
    newcomer.home.faults.deaf = True

    assert await polling.look() == 0
    assert newcomer.asked == []


async def test_a_device_that_claims_to_be_another_is_not_taken_for_it(
    polling: Polling, newcomer: Any, store: Store
) -> None:
    newcomer.home.tree.put("Device.DeviceInfo.SerialNumber", "SOMEBODY-ELSE")

    assert await polling.look() == 0

    assert await bound(store, newcomer.agent.endpoint) is None


async def test_what_our_own_controller_knows_of_an_agent_is_not_overwritten(
    polling: Polling, newcomer: Any, store: Store
) -> None:
    await polling.look()
    endpoint = newcomer.agent.endpoint
    first = await bound(store, endpoint)
    assert first is not None
    ours = replace(first, mtp="mqtt", protocols="1.3", role="Full Access")
    async with store.begin() as tx:
        await tx.agents.put(ours)
        device = await tx.devices.find(first.device)
        assert device is not None
        await tx.devices.put(replace(device, controller=ControllerName.USP))
    polling._here.clear()

    assert await polling.look() == 1

    assert await bound(store, endpoint) == ours
    async with store.read() as tx:
        found = await tx.devices.find(first.device)
    assert found is not None
    assert found.controller is ControllerName.USP
