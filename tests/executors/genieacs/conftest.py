"""A GenieACS that stands on one virtual home, in this process."""

from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import httpx
import pytest

from brain.store.store import Store
from evals.standins.genieacs.interface import Ask, Dropped, Interface
from evals.standins.genieacs.records import Known
from evals.standins.genieacs.sessions import Genie
from executors.genieacs.genieacs import GenieAcs
from executors.genieacs.nbi import Nbi
from executors.genieacs.options import GenieOptions
from tests.executors.contract import TENANT, Permits, Rig, one_home

T = TypeVar("T")


class Wire(httpx.AsyncBaseTransport):
    """The interface without a socket. ``broken`` says of which requests the answer is lost."""

    def __init__(self, interface: Interface) -> None:
        self.interface = interface
        self.broken: Callable[[Ask], bool] = lambda _: False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        ask = Ask(
            request.method,
            request.url.raw_path.decode(),
            await request.aread(),
            dict(request.headers.items()),
        )
        try:
            told = self.interface.answer(ask)
        except Dropped:
            raise httpx.RemoteProtocolError("dropped") from None
        if self.broken(ask):
            raise httpx.ReadTimeout("no answer")
        phrase = {"reason_phrase": told.reason.encode()}
        return httpx.Response(told.status, json=told.body, extensions=phrase)


class GenieRig(Rig):
    genie: Genie
    record: Known
    interface: Interface
    wire: Wire
    nbi: Nbi

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        self.clock.advance(seconds=5)
        return await work

    async def calls(self) -> None:
        """Also an hour late, when a task may still wait."""
        self.clock.advance(hours=1)
        self.genie.session(self.record)

    def bodies(self, name: str) -> list[Ask]:
        """The tasks of this kind that were sent."""
        return [ask for ask in self.interface.asked if f'"name":"{name}"' in ask.body.decode()]


@pytest.fixture
def make() -> str:
    """The make of the home; a suite may have its own."""
    return "brightmoor-hearth6"


@pytest.fixture
async def rig(store: Store, clock: Any, make: str) -> AsyncIterator[GenieRig]:
    made = GenieRig()
    made.home, made.device = one_home(clock, make)
    made.store, made.clock, made.permits = store, clock, Permits()
    made.genie = Genie(clock)
    made.record = made.genie.add(made.home)
    made.interface = Interface(made.genie)
    made.wire = Wire(made.interface)
    options = GenieOptions(tenant=TENANT, url="http://genie/", patience=timedelta(seconds=4))
    made.nbi = Nbi(options, transport=made.wire)

    async def sleep(seconds: float) -> None:
        clock.advance(seconds=seconds)

    made.executor = GenieAcs(
        store=store, permits=made.permits, clock=clock, nbi=made.nbi, options=options, sleep=sleep
    )
    async with store.begin() as tx:
        await tx.devices.put(made.device)
    yield made
    await made.nbi.aclose()
