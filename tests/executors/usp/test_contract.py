"""Our own USP controller keeps the executors' contract."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from brain.domain.ports import NewId
from brain.ending import end
from brain.store.store import Store
from evals.homes.usp.agent import HomeAgent
from evals.homes.usp.client import AgentClient
from evals.homes.usp.mqtt import MqttAgentClient
from evals.homes.usp.stomp import StompAgentClient
from executors.usp.admission import by_word
from executors.usp.broker import BrokerOptions
from executors.usp.destinations import Destinations
from executors.usp.links import Links
from executors.usp.mqtt import MqttOptions, through_broker
from executors.usp.options import UspOptions
from executors.usp.stomp import ThroughStomp, through_stomp
from executors.usp.stomp_broker import StompOptions
from executors.usp.stomp_connection import StompServer
from executors.usp.topics import Topics
from executors.usp.usp import Usp
from executors.usp.websocket import WebSocketOptions, serving_agents
from tests.executors.contract import TENANT, ExecutorContract, Permits, Rig, one_home
from tests.executors.soon import soon

T = TypeVar("T")
OURS = "self::gatewright"


class UspRig(Rig):
    client: AgentClient
    links: Links
    invalid_value = "7012"
    hang_up: "asyncio.Task[None] | None" = None

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        if self.hang_up is not None:  # a goodbye through a broker takes its time
            await self.hang_up
            await soon(lambda: self.links.of(self.client.agent.endpoint) is None)
        return await work

    async def calls(self) -> None:
        """It is here all the time, or comes back by itself."""
        if not self.home.faults.deaf:
            await asyncio.sleep(0.05)

    def away(self) -> None:
        super().away()
        self.hang_up = asyncio.create_task(self.client.drop())

    def back(self) -> None:
        super().back()
        self.hang_up = None


async def _entered(usp: Usp, rig: UspRig) -> None:
    """Until the books know which agent speaks for the device; one that is not heard comes again."""
    for _ in range(150):
        await usp.settled()
        async with rig.store.read() as tx:
            if await tx.agents.by_device(rig.device.id) is not None:
                return
        await asyncio.sleep(0.02)
    await rig.client.drop()
    await _entered(usp, rig)


class _OverUsp(ExecutorContract):
    def door(
        self, usp: Usp, agent: HomeAgent, request: pytest.FixtureRequest
    ) -> AbstractAsyncContextManager[AgentClient]:
        """Serve agents, and have this one come."""
        raise NotImplementedError

    @pytest.fixture
    async def rig(
        self, store: Store, clock: Any, new_id: NewId, trail: Any, request: pytest.FixtureRequest
    ) -> AsyncIterator[Rig]:
        made = UspRig()
        made.home, made.device = one_home(clock)
        made.store, made.clock, made.permits = store, clock, Permits()
        options = UspOptions(
            tenant=TENANT,
            endpoint_id=OURS,
            patience=timedelta(seconds=0.4),
            command_patience=timedelta(seconds=1),
            look_every=timedelta(seconds=0.05),
        )
        usp = Usp(
            store=store,
            permits=made.permits,
            audit=trail,
            clock=clock,
            new_id=new_id,
            options=options,
        )
        made.executor, made.links = usp, usp.exchange.links
        async with store.begin() as tx:
            await tx.devices.put(made.device)
            listed = made.device.firmware  # so that nobody reads all of it again
            await tx.models.put(TENANT, made.device.id, listed, {"Device.NAT.PortMapping.": True})
        said = made.home.identity
        endpoint = f"ops::{said.oui}-{said.product_class}-{said.serial}"
        async with self.door(usp, HomeAgent(made.home, endpoint), request) as client:
            made.client = client
            running = asyncio.create_task(client.run())
            await usp.exchange.links.arrival(endpoint, 1)  # may have come before us
            await _entered(usp, made)
            yield made
            await end([running], again=0.2)
            await usp.close()


class TestUspOverWebSocket(_OverUsp):
    @asynccontextmanager
    async def door(self, usp: Usp, agent: HomeAgent, request: Any) -> AsyncIterator[AgentClient]:
        options = WebSocketOptions(host="127.0.0.1", port=0, admission=by_word)
        async with serving_agents(usp.exchange, options) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            url = f"ws://127.0.0.1:{port}/usp"
            yield AgentClient(agent, url=url, controller=OURS, retry=0.02, every=0.02)


@pytest.mark.mqtt
@pytest.mark.slow
class TestUspOverMqtt(_OverUsp):
    @asynccontextmanager
    async def door(self, usp: Usp, agent: HomeAgent, request: Any) -> AsyncIterator[AgentClient]:
        port = request.getfixturevalue("mosquitto").port
        broker = BrokerOptions(
            host="127.0.0.1", port=port, client="c1", endpoint=OURS, retry=0.02, session=None
        )
        topics = Topics(prefix="usp", client="c1", group="all")
        options = MqttOptions(broker=broker, topics=topics, admission=by_word)
        async with through_broker(usp.exchange, options):
            yield MqttAgentClient(
                agent, url=f"127.0.0.1:{port}", controller=OURS, retry=0.02, every=0.02
            )


@pytest.mark.stomp
@pytest.mark.slow
class TestUspOverStomp(_OverUsp):
    @asynccontextmanager
    async def door(self, usp: Usp, agent: HomeAgent, request: Any) -> AsyncIterator[AgentClient]:
        port = request.getfixturevalue("rabbitmq").port
        server = StompServer(
            host="127.0.0.1", port=port, endpoint=OURS, user="guest", password="guest"
        )
        broker = StompOptions(server=server, retry=0.02, session=None)
        places = Destinations(prefix="usp", client="c1", group="all")
        options = ThroughStomp(broker=broker, destinations=places, admission=by_word)
        async with through_stomp(usp.exchange, options) as way:
            await soon(lambda: way.here)
            yield StompAgentClient(
                agent, url=f"127.0.0.1:{port}", controller=OURS, retry=0.02, every=0.02
            )
