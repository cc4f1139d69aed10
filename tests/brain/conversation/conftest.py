"""A case that goes on: the product's planner, gate, ledger and execution over one home of two."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest
from langgraph.checkpoint.base import BaseCheckpointSaver

from api.conversation import Conversations
from api.metrics import Metrics
from brain.case_memory import KeptCases
from brain.domain.device import Device, Site, Subscriber, device_id
from brain.domain.identity import (
    CaseId,
    ChangeId,
    DeviceId,
    Principal,
    SiteId,
    SubscriberId,
    TenantId,
)
from brain.domain.incident import Case
from brain.domain.parameter import ParameterPath
from brain.domain.record import ChangeRecord
from brain.errands import Ending
from brain.knowledge import PlannerKnowledge
from brain.planner.checkpoints import open_checkpoints
from brain.planner.deps import LanguageModel, PlannerDeps
from brain.planner.events import PlannerEvent
from brain.planner.run import Planner
from brain.store.store import Store
from evals.workbench import Workbench, ordered_id, workbench

HOME = SiteId("home-1")
SCAN = "Device.WiFi.NeighboringWiFiDiagnostic.Result."
CROWD = {
    f"{SCAN}{number}.{leaf}": value
    for number in (1, 2, 3)
    for leaf, value in {
        "Channel": "6",
        "SignalStrength": "-45",
        "OperatingFrequencyBand": "2.4GHz",
        "OperatingChannelBandwidth": "20MHz",
        "SSID": "Foreign",
        "BSSID": f"02:00:00:00:00:0{number}",
    }.items()
}
"""Channel 6 is full of others."""


@dataclass
class Talk:
    """One case, and what it takes to go on with it."""

    bench: Workbench
    planner: Planner
    case: Case
    doors: Conversations
    heard: list[PlannerEvent] = field(default_factory=list)

    async def say(self, text: str, who: Principal | None = None) -> list[PlannerEvent]:
        """One turn, on the case as it is kept now; what the planner said but for its steps."""
        async with self.bench.store.read() as tx:
            case = await tx.cases.get(self.case.tenant, self.case.id)
        assert case is not None
        turn = await self.doors.say(case, text, who or self.bench.sam)
        self.heard = [event async for event in turn]
        return [each for each in self.heard if each.kind not in ("step", "done")]

    async def one(self, text: str, who: Principal | None = None) -> PlannerEvent:
        """The only thing that the planner says to this."""
        (said,) = await self.say(text, who)
        return said

    async def change(self, event: PlannerEvent) -> ChangeRecord:
        return await self.bench.ledger.get(ChangeId(str(event.payload["change_id"])))

    async def carried_out(self, event: PlannerEvent) -> ChangeRecord:
        """Approved by alex where that is asked for, carried out, and told to the case."""
        record = await self.change(event)
        if record.verdict.obligations.approvals:
            await self.bench.approve(record)
        done = await self.bench.run(record.id)
        bench = self.bench
        await Ending(
            store=bench.store, ledger=bench.ledger, planner=self.planner, clock=bench.clock
        ).tell(record.id)
        return done

    async def changes(self) -> Sequence[ChangeRecord]:
        async with self.bench.store.read() as tx:
            return await tx.changes.list(self.case.tenant)

    async def add(
        self, name: str, *, model: str = "", site: str | None = HOME, **more: str
    ) -> Device:
        """One more device with a tree of its own, at the home unless told otherwise."""
        tenant = TenantId(more.pop("tenant", str(self.case.tenant)))
        made = replace(
            self.bench.device,
            id=device_id("00D09E", "G1", name),
            tenant=tenant,
            serial=name,
            model=model or "G1",
            site=SiteId(site) if site else None,
            subscriber=None,
        )
        tree = {ParameterPath(path): value for path, value in more.items()}
        self.bench.world.devices[made.id] = {**self.bench.tree, **tree}
        async with self.bench.store.begin() as tx:
            if site:
                await tx.sites.put(Site(id=SiteId(site), tenant=tenant, name=site))
            await tx.devices.put(made)
        if tenant == self.case.tenant:
            await self.bench.executor.read(made, [ParameterPath("Device.")])
        return made

    async def about(self) -> DeviceId:
        async with self.bench.store.read() as tx:
            case = await tx.cases.get(self.case.tenant, self.case.id)
        assert case is not None
        return case.device


def deps(bench: Workbench, model: LanguageModel | None) -> PlannerDeps:
    return PlannerDeps(
        reader=bench.executor,
        knowledge=PlannerKnowledge(bench.store, bench.clock),
        submit=bench.ledger.submit,
        hand_over=bench.ledger.hand_over,
        clock=bench.clock,
        new_id=ordered_id,
        new_passphrase=lambda: "fresh-4711-apples",
        pseudonym_key=b"a key for tests",
        resolvers=("9.9.9.9",),
        memory=KeptCases(bench.store, bench.ledger.steps.audit),
        model=model,
    )


async def begin(
    store: Store, saver: BaseCheckpointSaver[str], model: LanguageModel | None = None
) -> Talk:
    """A case about the workbench's device, which stands in a home with a subscriber."""
    bench = await workbench(store)
    bench.tree.update({ParameterPath(path): value for path, value in CROWD.items()})
    home = replace(bench.device, site=HOME, subscriber=SubscriberId("sub-1"))
    bench.device = home
    case = Case(
        id=CaseId("cas_1"),
        tenant=home.tenant,
        device=home.id,
        opened_by=bench.sam.id,
        opened_at=bench.clock(),
    )
    async with store.begin() as tx:
        await tx.sites.put(Site(id=HOME, tenant=home.tenant, name="Elmstreet 4"))
        await tx.subscribers.put(
            Subscriber(id=SubscriberId("sub-1"), tenant=home.tenant, name="Annelies Vanderkooy")
        )
        await tx.devices.put(home)
        await tx.cases.add(case)
    planner = Planner(deps(bench, model), saver)
    wired = SimpleNamespace(store=store, planner=planner, clock=bench.clock)
    return Talk(bench=bench, planner=planner, case=case, doors=Conversations(wired, Metrics()))  # type: ignore[arg-type]


@pytest.fixture
async def saver() -> AsyncIterator[BaseCheckpointSaver[str]]:
    async with open_checkpoints(":memory:") as opened:
        yield opened


@pytest.fixture
async def talk(store: Store, saver: BaseCheckpointSaver[str]) -> Talk:
    """The rules planner alone."""
    return await begin(store, saver)
