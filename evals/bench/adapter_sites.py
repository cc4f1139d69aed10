"""A gateway behind somebody else's controller, and the product's whole road to it.

The controllers are the stand-ins, on sockets and threads of their own in this process. Time is
moved by hand: an adapter's pauses cost nothing here, and the table says how long they are.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from queue import Queue
from threading import Thread

from brain.domain.agent import Agent
from brain.domain.approval import Answer
from brain.domain.change import Plan, SetParameter
from brain.domain.device import Device
from brain.domain.identity import CaseId, Principal, ProposalId, Role
from brain.domain.life import State
from brain.domain.outcome import Progress
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.permit import Permit
from brain.domain.ports import Executor, PermitCheck
from brain.domain.proposal import Author, Cause, Finding, Proposal
from brain.store.store import Store
from evals.assembly import Assembly, Ground, assemble, person
from evals.bench.adapter_wire import Wire
from evals.hand_clock import HandClock
from evals.homes.build import build
from evals.homes.home import Home
from evals.homes.inventory import device_of
from evals.standins.genieacs.interface import Interface as GenieInterface
from evals.standins.genieacs.serving import serving as serving_genie
from evals.standins.genieacs.sessions import Genie
from evals.standins.oktopus.interface import OktopusStandIn
from evals.standins.serving import serving
from evals.workbench import TENANT, ordered_id, shipped
from executors.execution import Execution
from executors.genieacs.genieacs import GenieAcs
from executors.genieacs.nbi import Nbi
from executors.genieacs.options import GenieOptions
from executors.oktopus.interface import Interface
from executors.oktopus.oktopus import Oktopus
from executors.oktopus.options import OktopusOptions
from executors.simulated import MemoryWorld
from executors.steps import Next, Step
from policies.engines.embedded import EmbeddedEngine

CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
_APART = 60.0
"""Seconds between two changes: each is read anew."""


class _Unasked:
    """Lets everything through: what is measured is the adapter alone."""

    async def spend(self, permit: Permit, device: Device, plan: Plan) -> None:
        """Nothing is asked."""

    async def still(self, permit: Permit) -> None:
        """Nothing is asked."""


@dataclass(slots=True, kw_only=True)
class Site:
    """One gateway, its controller, and everything between a proposal and its end."""

    store: Store
    clock: HandClock
    home: Home
    device: Device
    assembly: Assembly
    governed: Executor
    """The adapter, which asks for permits."""
    alone: Executor
    """The adapter, which asks for none."""
    wire: Wire
    paused: float = 0.0
    """Seconds that the adapter would have waited."""

    async def look(self) -> None:
        """Read the device, as whoever proposes has done."""
        self.clock.advance(_APART)
        await self.governed.read(self.device, [ParameterPath("Device.WiFi.Radio.")])

    async def adapt(self, channel: str) -> None:
        """Write this channel by the adapter alone, which reads before and after by itself."""
        plan = self._plan(channel)
        permit = Permit(
            id=ordered_id("per"),  # type: ignore[arg-type]  # never looked at
            tenant=self.device.tenant,
            change=ordered_id("chg"),  # type: ignore[arg-type]  # an id like any other
            device=self.device.id,
            plan_digest=plan.digest,
            policy_revision="",
            fence=1,
            minted_at=self.clock(),
            expires_at=self.clock().replace(year=self.clock().year + 1),
        )
        self.clock.advance(_APART)
        outcome = await self.alone.apply(self.device, plan, permit)
        self._check(outcome.progress is Progress.APPLIED, channel, outcome.detail)

    async def govern(self, channel: str) -> None:
        """Propose it, approve it, carry it out and verify it."""
        sam, alex = _people()
        ledger, execution = self.assembly.ledger, self._execution()
        self.clock.advance(_APART)
        record = await ledger.submit(self._proposal(channel, sam), sam)
        if record.state is State.AWAITING_APPROVAL:
            record = await ledger.answer(
                alex, record.id, digest=record.plan.digest, answer=Answer.APPROVE
            )
        now = Next(Step.BEGIN)
        while now.step is not Step.DONE:
            now = await execution.take(record.id, now)
            self.clock.advance(now.after)
        record = await ledger.get(record.id)
        self._check(record.state is State.SUCCEEDED, channel, f"{record.state}: {record.reason}")

    def _check(self, ended: bool, channel: str, why: str) -> None:
        if not ended or self.home.tree.read(CHANNEL) != channel:
            raise RuntimeError(f"it was not written, so nothing was measured: {why}")

    def _execution(self) -> Execution:
        return Execution(replace(self.assembly.execution.parts, executor=self.governed))

    def _plan(self, channel: str) -> Plan:
        change = SetParameter(
            path=CHANNEL,
            type=ParameterType.UNSIGNED_INT,
            before=self.home.tree.read(CHANNEL),
            after=channel,
        )
        return Plan(device=self.device.id, changes=(change,))

    def _proposal(self, channel: str, asker: Principal) -> Proposal:
        return Proposal(
            id=ProposalId(ordered_id("prp")),
            tenant=TENANT,
            case=CaseId(ordered_id("cas")),
            device=self.device.id,
            author=Author.RULES,
            asked_by=asker.id,
            on_behalf_of="sub-1",
            finding=Finding(cause=Cause.CONGESTED_CHANNEL, confidence=0.9, summary="", evidence=()),
            changes=self._plan(channel).changes,
            made_at=self.clock(),
        )


def _people() -> tuple[Principal, Principal]:
    return (
        person(TENANT, "sam", Role.SUPPORT),
        person(TENANT, "alex", Role.APPROVER, ["approvers"]),
    )


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a site stands on, whichever its controller is."""

    store: Store
    clock: HandClock
    home: Home
    device: Device
    assembly: Assembly

    @property
    def permits(self) -> PermitCheck:
        return self.assembly.executor.permits


async def _ground(store: Store) -> _Ground:
    clock = HandClock()
    world = build({"world": {"model": "brightmoor-hearth6"}}, seed=7)
    home = world.home
    home.clock = clock
    home.started = clock()
    clock.advance(5 * 3600)
    device = replace(device_of(world.residents[0]), tenant=TENANT, access_node=None)
    bundle = shipped()
    made = assemble(
        Ground(
            store=store,
            world=MemoryWorld({}),
            clock=clock,
            engine=EmbeddedEngine(bundle),
            bundle=bundle,
            new_id=ordered_id,
        )
    )
    async with store.begin() as tx:
        for each in _people():
            await tx.principals.put(each, each.id)
        await tx.devices.put(device)
    return _Ground(store, clock, home, device, made)


@asynccontextmanager
async def genieacs_site(store: Store) -> AsyncIterator[Site]:
    """Behind the stand-in for GenieACS."""
    ground = await _ground(store)
    genie, wire = Genie(ground.clock), Wire()
    genie.add(ground.home)
    with serving_genie(GenieInterface(genie)) as url:
        options = GenieOptions(tenant=TENANT, url=url)
        nbi = Nbi(options, transport=wire)

        async def sleep(seconds: float) -> None:
            site.paused += seconds
            ground.clock.advance(seconds)

        def adapter(permits: PermitCheck) -> GenieAcs:
            return GenieAcs(
                store=store,
                permits=permits,
                clock=ground.clock,
                nbi=nbi,
                options=options,
                sleep=sleep,
            )

        site = _site(ground, wire, governed=adapter(ground.permits), alone=adapter(_Unasked()))
        await site.governed.read(site.device, [ParameterPath("Device.")])
        yield site
        await nbi.aclose()


@asynccontextmanager
async def oktopus_site(store: Store) -> AsyncIterator[Site]:
    """Behind the stand-in for Oktopus."""
    ground = await _ground(store)
    stand_in, wire = OktopusStandIn(ground.clock), Wire()
    subject = stand_in.add(ground.home)
    with _on_a_thread(stand_in) as url:
        options = OktopusOptions(
            tenant=TENANT, url=url, email=stand_in.email, password=stand_in.password
        )
        interface = Interface(options, transport=wire)

        def adapter(permits: PermitCheck) -> Oktopus:
            return Oktopus(
                store=store,
                permits=permits,
                clock=ground.clock,
                new_id=ordered_id,
                interface=interface,
                options=options,
            )

        agent = Agent(endpoint=subject.agent.endpoint, device=ground.device.id, tenant=TENANT)
        async with store.begin() as tx:
            await tx.agents.put(agent)
        site = _site(ground, wire, governed=adapter(ground.permits), alone=adapter(_Unasked()))
        await site.governed.read(site.device, [ParameterPath("Device.")])
        yield site
        await interface.aclose()


@contextmanager
def _on_a_thread(stand_in: OktopusStandIn) -> Iterator[str]:
    urls: Queue[str] = Queue()
    loop, ended = asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        async with serving(stand_in.app()) as url:
            urls.put(url)
            await ended.wait()

    thread = Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    try:
        yield urls.get(timeout=10)
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


def _site(ground: _Ground, wire: Wire, *, governed: Executor, alone: Executor) -> Site:
    return Site(
        store=ground.store,
        clock=ground.clock,
        home=ground.home,
        device=ground.device,
        assembly=ground.assembly,
        governed=governed,
        alone=alone,
        wire=wire,
    )
