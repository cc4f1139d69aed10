"""The contract through a real Oktopus: GATEWRIGHT_TEST_OKTOPUS_URL is its controller's address.

The home is a virtual one, and connects to its WebSocket adapter at GATEWRIGHT_TEST_OKTOPUS_WS_URL,
port 8080 of the same host unless told otherwise. The account is GATEWRIGHT_TEST_OKTOPUS_EMAIL with
GATEWRIGHT_TEST_OKTOPUS_PASSWORD. Where no answer comes, Oktopus waits ten seconds.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest

from brain.domain.agent import Agent
from brain.domain.ports import NewId
from brain.ending import end
from brain.store.store import Store
from evals.homes.usp.agent import HomeAgent
from evals.homes.usp.client import AgentClient
from executors.oktopus.interface import Interface
from executors.oktopus.oktopus import Oktopus
from executors.oktopus.options import OktopusOptions
from tests.executors.contract import TENANT, ExecutorContract, Permits, Rig, one_home

T = TypeVar("T")
URL = os.environ.get("GATEWRIGHT_TEST_OKTOPUS_URL", "")
WS = os.environ.get(
    "GATEWRIGHT_TEST_OKTOPUS_WS_URL", f"ws://{urlsplit(URL).hostname}:8080/ws/agent"
)
EMAIL = os.environ.get("GATEWRIGHT_TEST_OKTOPUS_EMAIL", "")
PASSWORD = os.environ.get("GATEWRIGHT_TEST_OKTOPUS_PASSWORD", "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not URL, reason="GATEWRIGHT_TEST_OKTOPUS_URL names no Oktopus"),
]


class Wall:
    """The time of day, which nobody moves."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)

    def advance(self, **_: float) -> None:
        """It goes by itself."""


class RealRig(Rig):
    client: AgentClient
    invalid_value = "7012"

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        return await work

    async def calls(self) -> None:
        """It is connected all the time, or comes back by itself."""
        await asyncio.sleep(1)

    def away(self) -> None:
        super().away()
        self.hang_up = asyncio.create_task(self.client.drop())


async def is_online(interface: Interface, endpoint: str) -> bool:
    """Whether Oktopus shows it so."""
    return any(each.online and each.endpoint == endpoint for each in await interface.devices())


class TestRealOktopus(ExecutorContract):
    @pytest.fixture
    async def rig(self, store: Store, new_id: NewId) -> AsyncIterator[Rig]:
        made = RealRig()
        made.clock = Wall()
        made.home, made.device = one_home(made.clock)
        made.store, made.permits = store, Permits()
        options = OktopusOptions(tenant=TENANT, url=URL, email=EMAIL, password=PASSWORD)
        interface = Interface(options)
        made.executor = Oktopus(
            store=store,
            permits=made.permits,
            clock=made.clock,
            new_id=new_id,
            interface=interface,
            options=options,
        )
        said = made.home.identity
        endpoint = f"ops::{said.oui}-{said.product_class}-{said.serial}"
        async with store.begin() as tx:
            await tx.devices.put(made.device)
            agent = Agent(endpoint=endpoint, device=made.device.id, tenant=TENANT)
            await tx.agents.put(agent)
        made.client = AgentClient(
            HomeAgent(made.home, endpoint), url=WS, controller="oktopusController", retry=0.5
        )
        running = asyncio.create_task(made.client.run())
        async with asyncio.timeout(60):
            while not await is_online(interface, endpoint):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.5)
        yield made
        await end([running])
        await interface.aclose()
