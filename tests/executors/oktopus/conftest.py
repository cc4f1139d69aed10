"""An Oktopus that stands on one virtual home, in this process."""

from collections.abc import AsyncIterator, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import httpx
import pytest

from brain.domain.agent import Agent
from brain.domain.ports import NewId
from brain.store.store import Store
from evals.standins.oktopus.interface import OktopusStandIn
from evals.standins.oktopus.subjects import Subject
from executors.oktopus.interface import Interface
from executors.oktopus.oktopus import Oktopus
from executors.oktopus.options import OktopusOptions
from tests.executors.contract import TENANT, Permits, Rig, one_home

T = TypeVar("T")


class OktopusRig(Rig):
    site: OktopusStandIn
    subject: Subject
    interface: Interface
    options: OktopusOptions
    oktopus: Oktopus
    invalid_value = "7012"

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        self.clock.advance(seconds=5)
        return await work

    async def calls(self) -> None:
        """Its agent stays connected: what it is to get it has got."""

    def handed(self, kind: type) -> list[Any]:
        """The requests of this kind that the device was handed."""
        return [each for each in self.subject.asked if isinstance(each, kind)]


@pytest.fixture
async def rig(store: Store, clock: Any, new_id: NewId) -> AsyncIterator[OktopusRig]:
    made = OktopusRig()
    made.home, made.device = one_home(clock)
    made.store, made.clock, made.permits = store, clock, Permits()
    made.site = OktopusStandIn(clock)
    made.subject = made.site.add(made.home)
    made.subject.patience = 0.02
    made.options = OktopusOptions(
        tenant=TENANT,
        url="http://oktopus",
        email=made.site.email,
        password=made.site.password,
        command_patience=timedelta(seconds=1),
        look_every=timedelta(seconds=0.02),
    )
    made.interface = Interface(
        made.options, transport=httpx.ASGITransport(made.site.app(), raise_app_exceptions=False)
    )
    made.executor = made.oktopus = Oktopus(
        store=store,
        permits=made.permits,
        clock=clock,
        new_id=new_id,
        interface=made.interface,
        options=made.options,
    )
    agent = Agent(
        endpoint=made.subject.agent.endpoint, device=made.device.id, tenant=made.device.tenant
    )
    async with store.begin() as tx:
        await tx.devices.put(made.device)
        await tx.agents.put(agent)
    yield made
    await made.interface.aclose()
