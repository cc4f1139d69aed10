"""Switches homes on: their clients, and the server on which they wait to be woken."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import httpx

from brain.domain.identity import DeviceId
from brain.ending import end
from evals.homes.chance import dice
from evals.homes.client import HomeClient
from evals.homes.connection_request import ConnectionRequests
from evals.homes.home import Home
from evals.standins.serving import serving


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How homes reach their controller, and how they are to be woken."""

    acs_url: str
    username: str
    password: str
    wake_username: str = ""
    wake_password: str = ""
    """What a connection request has to know; empty: the same as for the controller."""
    host: str = "127.0.0.1"
    """Where the connection request server listens, and what its URLs name."""
    port: int = 0
    spread: float = 0.0
    """Seconds over which the first Informs are spread."""


@dataclass(slots=True)
class Fleet:
    """Homes that are switched on."""

    clients: list[HomeClient]
    tasks: dict[DeviceId, asyncio.Task[None]] = field(default_factory=dict)

    def client(self, device: DeviceId) -> HomeClient:
        """The client of this home; raises KeyError."""
        return {each.home.id: each for each in self.clients}[device]

    async def until_up(self, *, seconds: float = 60.0) -> None:
        """Wait until every home has had a session; raises TimeoutError, or what broke a home."""
        async with asyncio.timeout(seconds):
            while any(not each.sessions for each in self.clients):
                self.check()
                await asyncio.sleep(0.02)

    def check(self) -> None:
        """Raise what ended a home's client, if anything did: it should run for ever."""
        for task in self.tasks.values():
            if task.done() and not task.cancelled():
                task.result()


@asynccontextmanager
async def running_fleet(
    homes: Sequence[Home], line: Line, *, seed: int = 1
) -> AsyncIterator[Fleet]:
    """Switch these homes on for as long as the block lasts.

    async with running_fleet(homes, Line(acs_url=..., username=..., password=...)) as fleet:
        await fleet.until_up()
    """
    async with AsyncExitStack() as stack:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=200)
        transport = await stack.enter_async_context(httpx.AsyncHTTPTransport(limits=limits))
        requests = ConnectionRequests(seed=seed)
        base = await stack.enter_async_context(serving(requests, host=line.host, port=line.port))
        clients = [_client(home, line, transport) for home in homes]
        for client in clients:
            requests.add(client, base=base)
        fleet = Fleet(clients)
        draw = dice(seed, "spread")
        for client in clients:
            running = client.run(delay=draw.uniform(0, line.spread))
            fleet.tasks[client.home.id] = asyncio.create_task(running)
        try:
            yield fleet
        finally:
            await end(fleet.tasks.values())


def _client(home: Home, line: Line, transport: httpx.AsyncBaseTransport) -> HomeClient:
    server = home.model.root + "ManagementServer."
    home.provision(
        {
            server + "URL": line.acs_url,
            server + "Username": line.username,
            server + "Password": line.password,
            server + "ConnectionRequestUsername": line.wake_username or line.username,
            server + "ConnectionRequestPassword": line.wake_password or line.password,
        }
    )
    return HomeClient(home, transport=transport)
