"""The contract through a real GenieACS: GATEWRIGHT_TEST_GENIEACS_URL is its northbound interface.

The home calls its CWMP server at GATEWRIGHT_TEST_GENIEACS_CWMP_URL, port 7547 of the same host
unless told otherwise, and waits to be woken on an address that GenieACS reaches
(GATEWRIGHT_TEST_GENIEACS_HOME, 127.0.0.1).
"""

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest

from brain.domain.errors import DeviceUnreachable
from brain.store.store import Store
from evals.homes.client import HomeClient
from evals.homes.running import Line, running_fleet
from executors.genieacs.genieacs import GenieAcs
from executors.genieacs.names import genie_id
from executors.genieacs.nbi import Nbi
from executors.genieacs.options import GenieOptions
from tests.executors.contract import TENANT, ExecutorContract, Permits, Rig, one_home

T = TypeVar("T")
URL = os.environ.get("GATEWRIGHT_TEST_GENIEACS_URL", "")
CWMP = os.environ.get("GATEWRIGHT_TEST_GENIEACS_CWMP_URL", f"http://{urlsplit(URL).hostname}:7547/")
HOME = os.environ.get("GATEWRIGHT_TEST_GENIEACS_HOME", "127.0.0.1")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not URL, reason="GATEWRIGHT_TEST_GENIEACS_URL names no GenieACS"),
]


class Wall:
    """The time of day, which nobody moves."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)

    def advance(self, **_: float) -> None:
        """It goes by itself."""


class RealRig(Rig):
    client: HomeClient

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        return await work

    async def calls(self) -> None:
        before = self.client.sessions
        self.client.wake()
        async with asyncio.timeout(60):
            while self.client.sessions == before:  # noqa: ASYNC110 - a home has no event for it
                await asyncio.sleep(0.1)


class TestRealGenieAcs(ExecutorContract):
    @pytest.fixture
    async def rig(self, store: Store) -> AsyncIterator[Rig]:
        made = RealRig()
        made.clock = Wall()
        made.home, made.device = one_home(made.clock)
        made.store, made.permits = store, Permits()
        options = GenieOptions(tenant=TENANT, url=URL, patience=timedelta(seconds=10))
        nbi = Nbi(options)
        made.executor = GenieAcs(
            store=store, permits=made.permits, clock=made.clock, nbi=nbi, options=options
        )
        async with store.begin() as tx:
            await tx.devices.put(made.device)
        line = Line(acs_url=CWMP, username="homes", password="let-me-in", host=HOME)
        async with running_fleet([made.home], line) as fleet:
            await fleet.until_up(seconds=60)
            made.client = fleet.client(made.home.id)
            await self._known(nbi, genie_id(made.device))
            yield made
        await nbi.aclose()

    async def _known(self, nbi: Nbi, name: str) -> None:
        async with asyncio.timeout(30):
            while True:
                try:
                    await nbi.device(name, ["_id"])
                except DeviceUnreachable:
                    await asyncio.sleep(0.5)
                else:
                    return
