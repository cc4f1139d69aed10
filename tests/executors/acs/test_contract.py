"""Our own ACS keeps the executors' contract."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, TypeVar

import httpx
import pytest

from brain.domain.ports import NewId
from brain.store.store import Store
from evals.homes.client import HomeClient, SessionFailed
from executors.acs.acs import Acs
from executors.acs.options import AcsOptions
from tests.executors.contract import TENANT, ExecutorContract, Permits, Rig, one_home
from tests.executors.old_devices import OLD_MAKE, OldDeviceContract

T = TypeVar("T")
NAME, PASSWORD = "homes", "let-me-in"


class AcsRig(Rig):
    client: HomeClient

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        doing = asyncio.create_task(work)
        await asyncio.sleep(0.005)  # what is asked waits for the device, which is then woken
        while not doing.done():
            await self.calls()
            await asyncio.sleep(0.01)
        return await doing

    async def calls(self) -> None:
        if not self.home.faults.deaf:
            with suppress(SessionFailed):
                await self.client.session()


@asynccontextmanager
async def standing(store: Store, clock: Any, new_id: NewId, **home: str) -> AsyncIterator[AcsRig]:
    made = AcsRig()
    made.home, made.device = one_home(clock, **home)
    made.store, made.clock, made.permits = store, clock, Permits()
    acs = Acs(
        store=store,
        permits=made.permits,
        clock=clock,
        new_id=new_id,
        options=AcsOptions(
            tenant=TENANT,
            username=NAME,
            password=PASSWORD,
            connection_request_username="",
            connection_request_password="",
            wake_timeout=timedelta(seconds=1.5),
            linger=timedelta(seconds=0.02),
            discover=False,
            enrol=True,
        ),
    )
    made.executor = acs
    server = made.home.model.root + "ManagementServer."
    made.home.provision(
        {
            f"{server}URL": "http://acs/",
            f"{server}Username": NAME,
            f"{server}Password": PASSWORD,
        }
    )
    transport = httpx.ASGITransport(acs.app, client=("192.0.2.1", 4000))
    made.client = HomeClient(made.home, transport=transport)
    async with store.begin() as tx:
        await tx.devices.put(made.device)
    await made.client.session()
    yield made
    await made.client.close()
    await acs.close()


class TestAcs(ExecutorContract):
    @pytest.fixture
    async def rig(self, store: Store, clock: Any, new_id: NewId) -> AsyncIterator[Rig]:
        async with standing(store, clock, new_id) as made:
            yield made


class TestOldDevices(OldDeviceContract):
    @pytest.fixture
    async def rig(self, store: Store, clock: Any, new_id: NewId) -> AsyncIterator[Rig]:
        async with standing(store, clock, new_id, model=OLD_MAKE) as made:
            yield made
