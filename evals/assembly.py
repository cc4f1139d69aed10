"""The product's own gate, ledger, permits and execution, put together over simulated devices."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.autonomy import AutonomyRules
from brain.domain.controller import SIMULATED
from brain.domain.device import Device
from brain.domain.identity import (
    ChangeId,
    Principal,
    PrincipalId,
    PrincipalKind,
    Role,
    TenantId,
)
from brain.domain.parameter import Snapshot
from brain.domain.ports import Clock, Restraint
from brain.domain.record import ChangeRecord
from brain.errands import KeptDecisions
from brain.ids import new_id
from brain.knowledge import LedgerMemory
from brain.ledger.audit import AuditTrail
from brain.ledger.context import Memory
from brain.ledger.ledger import Ledger
from brain.store.store import Store
from executors.execution import Execution
from executors.permits import PermitDesk
from executors.simulated import SimulatedExecutor, World
from executors.steps import Parts
from policies.autonomy import autonomy_rules
from policies.bundle import Bundle
from policies.engine import Engine
from policies.gate import Gate
from policies.signing import PermitSigner

APPROVAL_TTL = timedelta(minutes=15)
EXECUTION_TTL = timedelta(minutes=30)
SILENCE = timedelta(minutes=10)


def nobody(change: ChangeId) -> None:
    """Nobody is woken: whoever put this together carries the changes out."""


class Unrestrained:
    """A ``Restraint`` where nothing is done unattended."""

    async def held(self, record: ChangeRecord) -> str:
        """Nothing holds it."""
        return ""

    async def take_turn(self, record: ChangeRecord) -> str:
        """Nothing holds it."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What an assembly stands on: an empty migrated store, devices, a clock and the rules."""

    store: Store
    world: World
    clock: Clock
    engine: Engine
    bundle: Bundle
    new_id: Callable[[str], str] = new_id
    wake: Callable[[ChangeId], None] = nobody
    look_again_every: timedelta = timedelta(seconds=1)
    guard_for: timedelta = timedelta()
    memory: Memory | None = None
    """What the ledger is told of the past; None: what the store knows of it."""
    restraint: Restraint = field(default_factory=Unrestrained)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """What stands between a proposal and its end, and whom it paged, in order."""

    gate: Gate
    ledger: Ledger
    executor: SimulatedExecutor
    execution: Execution
    paged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Sink:
    """Keeps what devices say, as the ACS does."""

    store: Store

    async def heard(self, device: Device, snapshot: Snapshot) -> None:
        async with self.store.begin() as tx:
            await tx.snapshots.merge(device.tenant, snapshot)
            await tx.devices.touch(device.id, at=snapshot.taken_at)


def assemble(ground: Ground) -> Assembly:
    """The whole road over this ground, with a key of its own for permits and the audit trail."""
    key, paged = Ed25519PrivateKey.generate(), list[str]()
    gate = _gate(ground, key)
    ledger = _ledger(ground, key, gate)
    executor = SimulatedExecutor(
        world=ground.world,
        permits=PermitDesk(public_key=key.public_key(), store=ground.store, clock=ground.clock),
        clock=ground.clock,
        sink=_Sink(ground.store),
    )

    async def page(record: ChangeRecord, reason: str) -> None:
        paged.append(reason)

    parts = Parts(
        store=ground.store,
        ledger=ledger,
        minter=gate,
        executor=executor,
        clock=ground.clock,
        look_again_every=ground.look_again_every,
        silence_limit=SILENCE,
        page=page,
        guard_for=ground.guard_for,
        restraint=ground.restraint,
    )
    return Assembly(
        gate=gate, ledger=ledger, executor=executor, execution=Execution(parts), paged=paged
    )


def _gate(ground: Ground, key: Ed25519PrivateKey) -> Gate:
    return Gate(
        engine=ground.engine,
        bundle=ground.bundle,
        clock=ground.clock,
        new_id=ground.new_id,
        signer=PermitSigner(key),
        log=KeptDecisions(ground.store),
    )


def _ledger(ground: Ground, key: Ed25519PrivateKey, gate: Gate) -> Ledger:
    def rules() -> AutonomyRules:
        return autonomy_rules(ground.bundle.data)

    return Ledger(
        store=ground.store,
        judge=gate,
        memory=ground.memory
        or LedgerMemory(autonomy_rules=rules, capabilities=lambda device: SIMULATED),
        autonomy_rules=rules,
        audit=AuditTrail(key.sign, ground.clock),
        clock=ground.clock,
        new_id=ground.new_id,
        approval_ttl=APPROVAL_TTL,
        execution_ttl=EXECUTION_TTL,
        wake=ground.wake,
    )


def person(tenant: TenantId, name: str, role: Role, groups: Iterable[str] = ()) -> Principal:
    """Somebody of the operator's."""
    return Principal(
        id=PrincipalId(name),
        tenant=tenant,
        kind=PrincipalKind.PERSON,
        roles=frozenset({role}),
        groups=frozenset(groups),
    )
