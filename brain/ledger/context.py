"""The facts that policy is given with a plan, gathered from what the brain remembers."""

from dataclasses import dataclass, replace
from typing import Protocol

from brain.datamodel.managing import with_controller
from brain.domain.autonomy import Standing
from brain.domain.break_glass import BreakGlass
from brain.domain.change import Plan
from brain.domain.controller import Capabilities
from brain.domain.device import Device
from brain.domain.errors import Forbidden, NotFound
from brain.domain.history import TrackRecord
from brain.domain.identity import Principal, PrincipalKind
from brain.domain.parameter import Snapshot
from brain.domain.ports import Clock, Judge
from brain.domain.proposal import Author, Cause, Proposal
from brain.domain.question import Asker, Question
from brain.domain.topology import BlastRadius
from brain.domain.usage import Scopes, Usage
from brain.domain.verdict import Decision, Point, Verdict
from brain.store.transaction import Transaction


class Memory(Protocol):
    """What topology and history know. None means that they do not know."""

    @property
    def zone(self) -> str:
        """The operator's time zone (IANA)."""

    async def track_record(
        self, tx: Transaction, device: Device, plan: Plan, cause: Cause
    ) -> TrackRecord | None:
        """How this kind of change fared on this model and firmware."""

    async def autonomy(self, tx: Transaction, device: Device, cause: Cause) -> Standing | None:
        """How far this playbook may go by itself on this model."""

    async def radius(
        self, tx: Transaction, device: Device, plan: Plan, snapshot: Snapshot
    ) -> BlastRadius:
        """Who the change would reach, and who shares what with the device."""

    def controller(self, device: Device) -> Capabilities | None:
        """What the device's controller promises."""

    async def scopes(self, tx: Transaction, device: Device) -> Scopes | None:
        """Where the device lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """All about a plan that policy may ask, but the moment."""

    plan: Plan
    device: Device
    snapshot: Snapshot
    asker: Principal
    cause: Cause
    author: Author
    track_record: TrackRecord | None
    radius: BlastRadius
    halted: bool
    zone: str = "UTC"
    controller: Capabilities | None = None
    service_plan: str | None = None
    usage: Usage | None = None
    autonomy: Standing | None = None
    """Not looked up for a person, who is not limited by it."""
    break_glass: BreakGlass | None = None
    breaker: Asker | None = None
    unreviewed: int | None = None


async def circumstances(
    tx: Transaction, memory: Memory, proposal: Proposal, asker: Principal, plan: Plan
) -> Circumstances:
    """Gather them afresh. NotFound for a device that is not the asker's tenant's."""
    device, snapshot = await known_device(tx, proposal, asker)
    cause = proposal.finding.cause
    return Circumstances(
        plan=plan,
        device=device,
        snapshot=snapshot,
        asker=asker,
        cause=cause,
        author=proposal.author,
        track_record=await memory.track_record(tx, device, plan, cause),
        radius=await memory.radius(tx, device, plan, snapshot),
        halted=await tx.halts.is_halted(proposal.tenant),
        zone=memory.zone,
        controller=memory.controller(device),
        service_plan=await _service_plan(tx, device),
        autonomy=await memory.autonomy(tx, device, cause) if _unattended(asker) else None,
    )


def _unattended(asker: Principal) -> bool:
    return asker.kind is not PrincipalKind.PERSON


async def _service_plan(tx: Transaction, device: Device) -> str | None:
    """What the subscriber pays for, where the inventory says it."""
    if device.subscriber is None:
        return None
    subscriber = await tx.subscribers.get(device.tenant, device.subscriber)
    return (subscriber and subscriber.plan) or None


async def known_device(
    tx: Transaction, proposal: Proposal, asker: Principal
) -> tuple[Device, Snapshot]:
    """The device of a proposal and what it last said, within the asker's own tenant."""
    if asker.tenant != proposal.tenant or asker.id != proposal.asked_by:
        raise Forbidden("a proposal is made for the one who asked, in their own tenant")
    device = await tx.devices.get(proposal.tenant, proposal.device)
    if device is None:
        raise NotFound(f"there is no device {proposal.device}", field="device")
    snapshot = await tx.snapshots.latest(proposal.tenant, proposal.device)
    if snapshot is None:
        raise NotFound(
            f"{proposal.device} has never been read", field="device", remedy="Read it first."
        )
    return device, with_controller(snapshot, device)


async def judge_with_rollback(
    judge: Judge, around: Circumstances, point: Point, clock: Clock
) -> Verdict:
    """Judge the plan, after asking whether its rollback would be let through.

    A rollback that policy would refuse is no rollback: the plan is judged as one that cannot be
    undone. One that could not be asked about denies the plan; one that is denied for what passes by
    itself can be made by then.
    """
    undo = around.plan.rollback() or around.plan.without_row(1)
    can_roll_back = False
    if undo is not None:
        back = await judge.judge(question(around, undo, Point.ROLLBACK, clock, undo=True))
        if back.cause:
            return replace(back, point=point, plan_digest=around.plan.digest)
        can_roll_back = back.decision is not Decision.DENY or back.passes
    return await judge.judge(question(around, around.plan, point, clock, undo=can_roll_back))


def question(
    around: Circumstances, plan: Plan, point: Point, clock: Clock, *, undo: bool
) -> Question:
    """The question to the gate; ``undo`` says whether the plan can be rolled back."""
    return Question(
        point=point,
        plan=plan,
        device=around.device,
        asker=asker_of(around.asker),
        cause=around.cause,
        author=around.author,
        now=clock(),
        values=_values_around(plan, around.snapshot),
        track_record=around.track_record,
        autonomy=around.autonomy,
        shared_by=around.radius.others,
        clients=around.radius.clients,
        sharing=around.radius.sharing,
        usage=around.usage,
        controller=around.controller,
        service_plan=around.service_plan,
        zone=around.zone,
        can_roll_back=undo,
        halted=around.halted,
        # Only the write itself is let through by it; the way back is judged as ever.
        break_glass=around.break_glass if point is Point.EXECUTE else None,
        breaker=around.breaker,
        unreviewed=around.unreviewed,
    )


def asker_of(who: Principal) -> Asker:
    """A person or a machine as policy is told of them."""
    return Asker(id=who.id, kind=who.kind, roles=who.roles, groups=who.groups)


def _values_around(plan: Plan, snapshot: Snapshot) -> dict[str, str]:
    """What the device said of the objects that the plan is about, but not of what lies below them.

    Those are the touched objects, the rows that they lie in, and the rows they would refer to.
    """
    about = {name for path in plan.paths for name in _objects_of(path)}
    about |= {change.after.rstrip(".") for change in plan.sets}
    return {
        str(path): value
        for path, value in snapshot.values.items()
        if path.rpartition(".")[0] in about
    }


def _objects_of(path: str) -> list[str]:
    """The object that the path is a part of, and every row that the object lies in."""
    names = path.rstrip(".").split(".")[:-1]
    rows = [".".join(names[:end]) for end in range(1, len(names)) if names[end - 1].isdecimal()]
    return [*rows, ".".join(names)]
