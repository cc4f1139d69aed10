"""An endpoint is one device's and a device has one endpoint, whatever is written to the table."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from brain.domain.agent import Agent
from brain.domain.device import Device
from brain.domain.errors import Unreadable
from brain.domain.identity import DeviceId
from brain.store.store import Store


def agent_of(device: Device, endpoint: str = "os::00D09E-1") -> Agent:
    return Agent(endpoint=endpoint, device=device.id, tenant=device.tenant, mtp="websocket")


async def test_an_agent_is_found_by_its_endpoint_and_by_its_device(
    any_store: Store, device: Device
) -> None:
    agent = agent_of(device)
    async with any_store.begin() as tx:
        await tx.agents.put(agent)

    async with any_store.read() as tx:
        assert await tx.agents.by_endpoint(agent.endpoint) == agent
        assert await tx.agents.by_device(device.id) == agent
        assert await tx.agents.by_endpoint("os::00D09E-2") is None
        assert await tx.agents.by_device(DeviceId("other")) is None


async def test_a_device_that_names_itself_anew_has_that_name_alone(
    any_store: Store, device: Device
) -> None:
    async with any_store.begin() as tx:
        await tx.agents.put(agent_of(device, "self::old"))
        await tx.agents.put(agent_of(device))

    async with any_store.read() as tx:
        assert await tx.agents.by_endpoint("self::old") is None
        assert await tx.agents.by_device(device.id) == agent_of(device)


async def test_an_endpoint_moved_to_another_device_by_hand_is_an_error(
    any_store: Store, device: Device
) -> None:
    async with any_store.begin() as tx:
        await tx.agents.put(agent_of(device))
        await tx.devices.put(replace(device, id=DeviceId("mine")))
        await tx.agents._db.run(text("UPDATE agents SET device = 'mine'"))

    with pytest.raises(Unreadable):
        async with any_store.read() as tx:
            await tx.agents.by_endpoint("os::00D09E-1")
