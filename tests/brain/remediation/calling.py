"""Virtual homes that call our own ACS, and the rules that look at what it reads: nothing else."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.change import Plan
from brain.domain.device import Device
from brain.domain.permit import Permit
from brain.domain.remediation import Incident
from brain.ids import new_id
from brain.ledger.audit import AuditTrail
from brain.remediation.evaluating import Evaluation
from brain.remediation.fleet import Fleet
from brain.remediation.index import Index
from brain.remediation.judging import Judging
from brain.remediation.opening import Opening
from brain.remediation.road import Road
from brain.remediation.rules import load_rules
from brain.store.store import Store
from evals.homes.build import World, build
from evals.homes.client import HomeClient
from evals.homes.network import TENANT
from executors.acs.acs import Acs
from executors.acs.looking import LINE_EVERY
from executors.acs.options import AcsOptions

_URL = "http://acs/"


class NoPermit:
    """Nothing is written here."""

    async def spend(self, permit: Permit, device: Device, plan: Plan) -> None:
        raise AssertionError("nobody asked for a change")

    async def still(self, permit: Permit) -> None:
        raise AssertionError("nobody asked for a change")


@dataclass(slots=True, kw_only=True)
class Calling:
    """The homes, and who listens to them."""

    world: World
    store: Store
    acs: Acs
    clients: Sequence[HomeClient]
    evaluation: Evaluation
    judging: Judging

    async def pass_time(self, *, days: float = 0, hours: float = 0, every: float) -> None:
        """So long; each home calls when that many minutes have passed, unless it cannot."""
        for _ in range(round((days * 24 + hours) * 60 / every)):
            self.world.advance(minutes=every)
            await self.call()
            await self.listen()

    async def call(self) -> None:
        """Each home that can calls once."""
        for client in self.clients:
            client.home.tick()
            if not client.home.silent:
                client.home.happened("2 PERIODIC")
                await client.session()
        await self.acs.settled()

    async def listen(self) -> None:
        """Have the rules read what came, and what met one judged."""
        while await self.evaluation.batch():
            pass
        while await self.judging.due():
            pass

    async def incidents(self) -> set[str]:
        """The rules that opened one so far."""
        return {each.rule for each in await self.opened()}

    async def opened(self) -> Sequence[Incident]:
        """All that were opened so far."""
        async with self.store.read() as tx:
            return await tx.incidents.list(TENANT)


@asynccontextmanager
async def calling(
    store: Store, *faults: dict[str, Any], around: int = 0, **world: Any
) -> AsyncIterator[Calling]:
    """A home with these troubles and neighbours of its kind, known to the ACS in full."""
    others = {"splitter": around, "port": 0, "olt": 0}
    spec = {"model": "brightmoor-hearth6", "uptime_hours": 5, "around": others} | world
    made = build({"world": spec, "faults": [*faults]}, seed=1)
    acs = _acs(store, made)
    transport = httpx.ASGITransport(acs.app)
    clients = [_client(each, transport) for each in made.homes]
    found = Calling(world=made, store=store, acs=acs, clients=clients, **_listeners(store, made))
    await _become_known(found)
    yield found
    for client in clients:
        await client.close()
    await acs.close()


def _acs(store: Store, world: World) -> Acs:
    index = Index(load_rules())
    options = AcsOptions(
        tenant=TENANT,
        username="homes",
        password="let me in",
        connection_request_username="acs",
        connection_request_password="wake up",
        linger=timedelta(seconds=0.02),
        wake_timeout=timedelta(seconds=5),
        measure_every=timedelta(hours=12),
        line_every=LINE_EVERY,
        enrol=True,
        for_rules=index.kept,
        rules_every=index.every,
    )
    return Acs(store=store, permits=NoPermit(), clock=world.clock, new_id=new_id, options=options)


def _client(home: Any, transport: httpx.AsyncBaseTransport) -> HomeClient:
    server = home.model.root + "ManagementServer."
    shared = {server + "Username": "homes", server + "Password": "let me in"}
    home.provision({server + "URL": _URL} | shared)
    return HomeClient(home, transport=transport)


def _listeners(store: Store, world: World) -> dict[str, Any]:
    rulebook, clock = load_rules(), world.clock
    road = Road(audit=AuditTrail(Ed25519PrivateKey.generate().sign, clock), clock=clock)
    return {
        "evaluation": Evaluation(store=store, rulebook=rulebook, clock=clock, zone=UTC),
        "judging": Judging(
            store=store,
            rulebook=rulebook,
            road=road,
            fleet=Fleet(store, clock),
            opening=Opening(rulebook=rulebook, road=road, clock=clock, new_id=new_id, dry=True),
            clock=clock,
        ),
    }


async def _become_known(homes: Calling) -> None:
    """Where each hangs is in the books; and sessions until each was discovered."""
    async with homes.store.begin() as tx:
        for node in homes.world.nodes:
            await tx.nodes.put(node)
        await tx.devices.put(*homes.world.devices)
    for client in homes.clients:
        client.home.happened("0 BOOTSTRAP")
        while not await _is_known(homes, client):
            client.home.happened("2 PERIODIC")
            await client.session()
    await homes.acs.settled()
    await homes.listen()


async def _is_known(homes: Calling, client: HomeClient) -> bool:
    async with homes.store.read() as tx:
        return await tx.models.firmware(TENANT, client.home.id) is not None
