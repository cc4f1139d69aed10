"""The steps of carrying out one change, and what each needs."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from brain.datamodel.diagnostics import diagnostic_of
from brain.domain.approval import Approval
from brain.domain.change import Command, Plan
from brain.domain.device import Device
from brain.domain.errors import Conflict, ControllerRefused, DeviceUnreachable, NotFound
from brain.domain.identity import PlanDigest
from brain.domain.life import State
from brain.domain.outcome import Outcome
from brain.domain.parameter import ParameterPath, Snapshot, Value, whole_number
from brain.domain.permit import Permit
from brain.domain.ports import Clock, Executor, Minter, Restraint
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Point, Verdict
from brain.ledger.ledger import Ledger
from brain.store.store import Store
from executors.asking import read_with
from executors.permits import not_halted
from executors.vital_signs import UP_TIME

PARAMETER_KEY = ParameterPath("Device.ManagementServer.ParameterKey")
"""TR-069 A.3.2.1: the device keeps the id of the change that was last applied."""


_SLACK = timedelta(seconds=2)
"""A device counts its seconds whole."""
_LONGEST_UP = 2**32 - 1
"""An unsignedInt of seconds (TR-181 Device.DeviceInfo.UpTime)."""

UNREADABLE = (DeviceUnreachable, ControllerRefused)
"""What a read ends in when the device does not say. Either way nothing is known of it now."""

DECIDED = "decide"
"""The line of the road that says why a change is taken back."""

GUARDED = "guard"
"""The line of the road that says how the guard after a success ended."""


class Step(StrEnum):
    """Where the run of a change is. Each can be repeated from its first line."""

    BEGIN = "begin"
    CARRY_OUT = "carry_out"
    VERIFY = "verify"
    WATCH = "watch"
    GUARD = "guard"
    ROLL_BACK = "roll_back"
    LOOK_AGAIN = "look_again"
    FINISH = "finish"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Next:
    """The step to take next, how many seconds from now, and a count that it carries along."""

    step: Step
    after: float = 0.0
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was so when the device was looked at; it must still be so when a permit is minted."""

    fence: int
    sent: int
    """How often this plan may have been sent already."""
    snapshot: Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the steps work with."""

    store: Store
    ledger: Ledger
    minter: Minter
    executor: Executor
    clock: Clock
    look_again_every: timedelta
    silence_limit: timedelta
    page: Callable[[ChangeRecord, str], Awaitable[None]]
    """Call a person: something needs eyes now."""
    restraint: Restraint
    """What holds back changes that nobody sits at."""
    guard_for: timedelta = timedelta()
    """How long after a write the rest of the device is watched; nothing: it is not."""

    @property
    def pause(self) -> float:
        """Seconds until the next look."""
        return self.look_again_every.total_seconds()

    async def device(self, record: ChangeRecord) -> Device:
        """The device as it is known now."""
        async with self.store.read() as tx:
            device = await tx.devices.get(record.tenant, record.device)
        if device is None:
            raise NotFound(f"there is no device {record.device}")
        return device

    async def lease(self, record: ChangeRecord) -> int | None:
        """Take or renew the device's lease for this change; None while another change has it."""
        now = self.clock()
        async with self.store.begin() as tx:
            return await tx.leases.take(record.device, record.id, now, now + 2 * self.silence_limit)

    async def fence(self, record: ChangeRecord) -> int:
        """The fencing number of the lease, or Conflict when another writer took the device."""
        fence = await self.lease(record)
        if fence is None:
            raise Conflict("another change has the device")
        return fence

    async def sent(self, record: ChangeRecord, plan: Plan) -> int:
        """How many permits for exactly this plan were spent: so often it may have been sent."""
        async with self.store.read() as tx:
            return await tx.permits.spent_for(record.tenant, record.id, plan.digest)

    async def look(
        self, record: ChangeRecord, plan: Plan, also: Sequence[ParameterPath] = ()
    ) -> Look:
        """Take the device, then read it: what is seen stays so unless the fence moves.

        Of ``also`` is read what the device says.
        """
        fence = await self.fence(record)
        sent = await self.sent(record, plan)
        device = await self.device(record)
        snapshot = await read_with(self.executor, device, to_read(record), also)
        return Look(fence=fence, sent=sent, snapshot=snapshot)

    async def permit(
        self,
        record: ChangeRecord,
        plan: Plan,
        verdict: Verdict,
        approvals: Sequence[Approval],
        look: Look,
    ) -> tuple[Permit, ChangeRecord]:
        """A permit, the backup kept no later than it, and the record that it moved on.

        It is minted under a new fence, so an older permit is void; whoever looked before somebody
        else minted or sent gets Conflict, so that two runs of one change write once.
        """
        now = self.clock()
        async with self.store.begin() as tx:
            await not_halted(tx, record.tenant)
            if verdict.point is Point.EXECUTE:  # taking back is never held up
                await self.ledger.take_turn(tx, record, verdict)
            record = await self.ledger.steps.swap(tx, record)
            moved = await tx.leases.hold(record.device) != look.fence  # who spends holds it too
            sent = await tx.permits.spent_for(record.tenant, record.id, plan.digest)
            await tx.leases.release(record.device, record.id)
            until = now + 2 * self.silence_limit
            fence = await tx.leases.take(record.device, record.id, now, until)
            if moved or sent != look.sent or fence is None:
                raise Conflict("somebody else took the device or sent the change meanwhile")
            permit = self.minter.mint(record, plan, verdict, approvals, fence)
            if plan.digest == record.plan.digest:
                await tx.backups.put(record.tenant, record.id, look.snapshot)
                kept = f"{len(look.snapshot.values)} values kept"
                await tx.executions.add(record.tenant, record.id, 1, "back_up", kept, now)
            await tx.permits.add(permit)
        return permit, record

    async def log(self, record: ChangeRecord, step: str, detail: str) -> None:
        """Keep one line of the road, for whoever reads it later."""
        async with self.store.begin() as tx:
            await tx.executions.add(record.tenant, record.id, 1, step, detail, self.clock())

    async def saw(self, record: ChangeRecord, seen: Value | None, told: str) -> None:
        """Keep one look at what was promised to move, with its line of the road."""
        now = self.clock()
        async with self.store.begin() as tx:
            await tx.executions.add(record.tenant, record.id, 1, "watch", told, now)
            await self.ledger.learning.saw(tx, record, seen, at=now)

    async def decided(self, record: ChangeRecord) -> str:
        """Why it is to be taken back; empty when nobody decided that. It stays decided."""
        async with self.store.read() as tx:
            road = await tx.executions.of_change(record.tenant, record.id)
        reasons = [line.detail for line in road if line.step == DECIDED]
        return reasons[-1] if reasons else ""

    async def keep(self, record: ChangeRecord, digest: PlanDigest, outcome: Outcome) -> None:
        """Keep what the device said became of a plan."""
        async with self.store.begin() as tx:
            await tx.outcomes.add(record.tenant, record.id, digest, outcome)
            await tx.executions.add(
                record.tenant,
                record.id,
                1,
                "apply",
                f"{outcome.progress}: {outcome.detail}".rstrip(": "),
                outcome.at,
            )

    def silent_too_long(self, since: datetime) -> bool:
        """Whether a device has been silent longer than anyone should wait."""
        return self.clock() - since > self.silence_limit


def route(record: ChangeRecord) -> Next:
    """Where the run of a change goes on, by its state alone: the state is the truth."""
    return {
        State.AWAITING_APPROVAL: Next(Step.BEGIN),
        State.APPROVED: Next(Step.BEGIN),
        State.EXECUTING: Next(Step.CARRY_OUT),
        State.VERIFYING: Next(Step.VERIFY),
        State.UNKNOWN: Next(Step.LOOK_AGAIN),
    }.get(record.state, Next(Step.FINISH))


def to_read(record: ChangeRecord) -> list[ParameterPath]:
    """The touched objects whole, what the plan rests on, and whose write the last one was."""
    touched = {
        ParameterPath(change.path.rstrip(".").rpartition(".")[0] + ".")
        for change in record.plan.changes
        if not isinstance(change, Command)
    }
    diagnostic = diagnostic_of(record.plan)
    if diagnostic is not None:
        touched.add(diagnostic.at)
    rest = [path for path in record.basis.paths if not path.startswith(tuple(touched))]
    return [*sorted(touched), *rest, PARAMETER_KEY, UP_TIME]


def _up_since(snapshot: Snapshot) -> datetime | None:
    """When the device started, by what it says of itself; None when it does not say."""
    seconds = whole_number(snapshot.get(UP_TIME))
    if seconds is None or seconds > _LONGEST_UP:
        return None
    return snapshot.taken_at - timedelta(seconds=seconds)


def started_since(snapshot: Snapshot, at: datetime) -> bool | None:
    """Whether the device has started anew since then; None when it does not say."""
    started = _up_since(snapshot)
    return None if started is None else started >= at - _SLACK


def as_written(record: ChangeRecord, snapshot: Snapshot) -> bool:
    """Whether the device is as the plan wanted it.

    A secret reads back empty, so a plan with one is proved by the ParameterKey: the device sets
    it only together with the values (TR-069 A.3.2.1). So does a diagnostic that was asked for. What
    another command did is not read back at all.
    """
    if diagnostic_of(record.plan) is not None:
        return snapshot.get(PARAMETER_KEY) == record.id
    if not record.plan.sets:
        return False
    if any(change.secret for change in record.plan.sets):
        return snapshot.get(PARAMETER_KEY) == record.id and record.plan.reached(snapshot.values)
    return record.plan.reached(snapshot.values)


def as_before(record: ChangeRecord, snapshot: Snapshot) -> bool:
    """Whether the device is as it was before the plan; of a command nobody can tell."""
    if not record.plan.sets:
        return False
    if any(change.secret for change in record.plan.sets):
        return snapshot.get(PARAMETER_KEY) != record.id
    return not record.plan.moved(snapshot.values)
