"""Whether a later change has taken over the watch of a device.

Only one that was applied after ours and is watched itself: a command, a write that the device
refused, and an older one that is only settled now leave the watch where it is.
"""

from brain.domain.identity import PlanDigest
from brain.domain.life import State
from brain.domain.outcome import Progress
from brain.domain.parameter import Snapshot
from brain.domain.record import ChangeRecord
from brain.store.transaction import Transaction
from executors.steps import DECIDED, GUARDED, Parts
from executors.weighing import Weighing

_WATCHED = frozenset({State.VERIFYING, State.SUCCEEDED})
_OTHERS = 50
"""How many other changes of the device are looked through."""


async def heir_of(parts: Parts, record: ChangeRecord) -> Snapshot | None:
    """The backup of the next change that is watched; None while this one is the last of them."""
    async with parts.store.read() as tx:
        ours = await _written(tx, record)
        changes = await tx.changes.list(
            record.tenant, device=record.device, states=_WATCHED, limit=_OTHERS
        )
        later: list[tuple[int, ChangeRecord]] = []
        for each in changes:
            fence = await _written(tx, each)
            if each.id != record.id and fence > ours and await _is_watched(tx, each):
                later.append((fence, each))
    for _, each in sorted(later, key=lambda one: one[0]):
        before = await Weighing(parts).before(each)
        if before is not None:
            return before
    return None


async def _written(tx: Transaction, record: ChangeRecord) -> int:
    """The fence it was written under, which only grows; 0 when it was not applied."""
    digest: PlanDigest = record.plan.digest
    outcomes = await tx.outcomes.of_change(record.tenant, record.id)
    if not any(o.plan_digest == digest and o.progress is Progress.APPLIED for o in outcomes):
        return 0
    permits = await tx.permits.of_change(record.tenant, record.id)
    return max((each.fence for each in permits if each.plan_digest == digest), default=0)


async def _is_watched(tx: Transaction, record: ChangeRecord) -> bool:
    """Whether its own guard has not ended, and it is not being taken back."""
    road = await tx.executions.of_change(record.tenant, record.id)
    return not any(line.step in (DECIDED, GUARDED) for line in road)
