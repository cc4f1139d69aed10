"""The whole road in one process on a world in memory: for tests, benchmarks and trying things out.

Store, ledger, gate with the shipped policy, permits and executor are the product's own. Only the
device is a dictionary, and time is moved by hand.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, partial
from itertools import count
from pathlib import Path

from brain.domain.approval import Answer
from brain.domain.change import Change, SetParameter
from brain.domain.device import Device, device_id
from brain.domain.identity import (
    CaseId,
    ChangeId,
    Principal,
    ProposalId,
    Role,
    TenantId,
)
from brain.domain.life import State
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.proposal import Author, Cause, Direction, Effect, Evidence, Finding, Proposal
from brain.domain.record import ChangeRecord
from brain.ledger.ledger import Ledger
from brain.store.cipher import Cipher
from brain.store.store import Store
from evals.assembly import Ground, assemble, person
from evals.hand_clock import HandClock
from executors.execution import Execution
from executors.simulated import MemoryWorld, SimulatedExecutor
from executors.steps import Next, Step
from policies.bundle import Bundle
from policies.engine import Engine
from policies.engines.embedded import EmbeddedEngine
from policies.gate import Gate

TENANT = TenantId("default")
RADIO = "Device.WiFi.Radio.1."
CHANNEL = ParameterPath(RADIO + "Channel")
UTILISATION = ParameterPath("Device.WiFi.DataElements.Network.Device.1.Radio.1.Utilization")
_TREE = {
    "Device.DeviceInfo.SoftwareVersion": "1.0",
    "Device.DeviceInfo.UpTime": "86400",
    "Device.ManagementServer.ParameterKey": "",
    RADIO + "Enable": "true",
    RADIO + "Status": "Up",
    RADIO + "Channel": "6",
    RADIO + "AutoChannelEnable": "false",
    RADIO + "PossibleChannels": "1-13",
    RADIO + "OperatingFrequencyBand": "2.4GHz",
    RADIO + "SupportedFrequencyBands": "2.4GHz",
    RADIO + "RegulatoryDomain": "GB ",
    RADIO + "TransmitPower": "100",
    UTILISATION: "180",
}


_ids = count(1)


def ordered_id(prefix: str) -> str:
    """An id that sorts by order of making, as the product's do, and for certain.

    The product's own sort by the millisecond and are random within it: a life that is lived again
    would then meet its changes in another order.
    """
    return f"{prefix}_{next(_ids):026d}"


@dataclass(slots=True, kw_only=True)
class Workbench:
    """One device, four people, and everything between a proposal and its end."""

    store: Store
    clock: HandClock
    gate: Gate
    ledger: Ledger
    world: MemoryWorld
    executor: SimulatedExecutor
    execution: Execution
    device: Device
    sam: Principal
    alex: Principal
    ben: Principal
    olga: Principal
    """An operator, who may break the glass."""
    woken: list[ChangeId] = field(default_factory=list)
    paged: list[str] = field(default_factory=list)

    @property
    def tree(self) -> dict[ParameterPath, str]:
        """The device, to look at and to meddle with."""
        return self.world.devices[self.device.id]

    def proposal(
        self,
        changes: Sequence[Change] | None = None,
        *,
        effect: Effect | None = None,
        evidence: Sequence[Evidence] = (),
        case: str = "cas_1",
    ) -> Proposal:
        """Sam asks to move the radio to channel 11, unless told otherwise."""
        return Proposal(
            id=ProposalId(ordered_id("prp")),
            tenant=TENANT,
            case=CaseId(case),
            device=self.device.id,
            author=Author.RULES,
            asked_by=self.sam.id,
            on_behalf_of="sub-1",
            finding=Finding(
                cause=Cause.CONGESTED_CHANNEL,
                confidence=0.9,
                summary="Channel 6 is congested",
                evidence=tuple(evidence),
            ),
            changes=tuple(changes if changes is not None else [to_channel("11")]),
            effect=effect,
            made_at=self.clock(),
        )

    async def submit(self, proposal: Proposal | None = None) -> ChangeRecord:
        """Sam submits it."""
        return await self.ledger.submit(proposal or self.proposal(), self.sam)

    async def approve(self, record: ChangeRecord, who: Principal | None = None) -> ChangeRecord:
        """Alex, or somebody else, approves what is on the record."""
        return await self.ledger.answer(
            who or self.alex, record.id, digest=record.plan.digest, answer=Answer.APPROVE
        )

    async def approved(self, proposal: Proposal | None = None) -> ChangeRecord:
        """Submitted and approved."""
        return await self.approve(await self.submit(proposal))

    async def broken(self, record: ChangeRecord, who: Principal | None = None) -> ChangeRecord:
        """Olga, or somebody else, breaks the glass for what is on the record."""
        return await self.ledger.break_glass(
            who or self.olga,
            record.id,
            digest=record.plan.digest,
            ticket="INC-7",
            reason="nobody on the street can call for help",
        )

    async def run(self, change: ChangeId, *, most: int = 200) -> ChangeRecord:
        """Take steps until the run is done or waits for reviewers; waiting moves the clock."""
        now = Next(Step.BEGIN)
        for _ in range(most):
            now = await self.execution.take(change, now)
            record = await self.ledger.get(change)
            if now.step is Step.DONE or record.state is State.AWAITING_APPROVAL:
                return record
            self.clock.advance(now.after)
        raise TimeoutError(f"not done after {most} steps: {now}")

    async def register(self) -> None:
        """Make the people and the device known, and have the device read once."""
        async with self.store.begin() as tx:
            for each in (self.sam, self.alex, self.ben, self.olga):
                await tx.principals.put(each, each.id)
            await tx.devices.put(self.device)
        everything = ParameterPath("Device.")
        await self.executor.read(self.device, [everything])


def to_channel(channel: str, *, before: str = "6") -> SetParameter:
    """The radio to this channel."""
    return SetParameter(path=CHANNEL, type=ParameterType.UNSIGNED_INT, before=before, after=channel)


def promise(by: int = 40, seconds: float = 10) -> Effect:
    """The utilisation falls."""
    return Effect(
        metric=UTILISATION,
        direction=Direction.DOWN,
        before="180",
        by=by,
        within=timedelta(seconds=seconds),
    )


@asynccontextmanager
async def temporary_store(folder: Path) -> AsyncIterator[Store]:
    """A migrated store in a file of its own."""
    store = await Store.open(f"sqlite:///{folder / 'workbench.db'}", Cipher(bytes(32)))
    try:
        await store.migrate()
        yield store
    finally:
        await store.close()


async def workbench(
    store: Store,
    *,
    engine: Engine | None = None,
    bundle: Bundle | None = None,
    guard_for: timedelta = timedelta(),
) -> Workbench:
    """A workbench on this empty store; ``engine`` instead of the embedded one.

    ``bundle`` instead of the shipped rules with the numbers in ``workbench.yaml``. What was changed
    is watched on for ``guard_for``, for nothing unless told otherwise.
    """
    rules = bundle or shipped()
    usual = _shipped_engine if rules is shipped() else partial(EmbeddedEngine, rules)
    bench = _bench(store, engine or usual(), rules, guard_for)
    await bench.register()
    return bench


def _bench(store: Store, engine: Engine, bundle: Bundle, guard_for: timedelta) -> Workbench:
    clock = HandClock()
    woken: list[ChangeId] = []
    device = Device(
        id=device_id("00D09E", "G1", "1"),
        tenant=TENANT,
        oui="00D09E",
        product_class="G1",
        serial="1",
        manufacturer="Acme",
        model="G1",
        firmware="1.0",
        country="GB",
    )
    tree = {ParameterPath(path): value for path, value in _TREE.items()}
    world = MemoryWorld({device.id: tree})
    made = assemble(
        Ground(
            store=store,
            world=world,
            clock=clock,
            engine=engine,
            bundle=bundle,
            new_id=ordered_id,
            wake=woken.append,
            guard_for=guard_for,
        )
    )
    return Workbench(
        store=store,
        clock=clock,
        gate=made.gate,
        ledger=made.ledger,
        world=world,
        executor=made.executor,
        execution=made.execution,
        device=device,
        sam=person(TENANT, "sam", Role.SUPPORT),
        alex=person(TENANT, "alex", Role.APPROVER, ["approvers"]),
        ben=person(TENANT, "ben", Role.APPROVER, ["approvers"]),
        olga=person(TENANT, "olga", Role.OPERATOR, ["approvers"]),
        woken=woken,
        paged=made.paged,
    )


@cache
def shipped() -> Bundle:
    """The shipped rules, with numbers for a device that is changed all the time."""
    return Bundle.load(data=Path(__file__).with_name("workbench.yaml"))


@cache
def _shipped_engine() -> Engine:
    """One a process: compiling the rules takes longer than most lives of a workbench."""
    return EmbeddedEngine(shipped())
