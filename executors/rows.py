"""What became of a plan, by what the device says now: also of a row that was to come or go."""

from enum import StrEnum

from brain.datamodel.added_rows import new_rows, row_of
from brain.domain.change import AddObject, Command, DeleteObject
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.record import ChangeRecord
from executors.steps import Parts, as_before, as_written, to_read


class Became(StrEnum):
    """How a device is, beside a plan that may have been carried out on it."""

    WRITTEN = "written"
    BEFORE = "before"
    NEITHER = "neither"
    """Something else, or nobody can tell: what a command did is not read back."""


async def became(parts: Parts, record: ChangeRecord, now: Snapshot) -> Became:
    """How the device is now; a plan about a row is held against the backup."""
    change = record.plan.changes[0]
    if isinstance(change, AddObject | DeleteObject):
        async with parts.store.read() as tx:
            before = await tx.backups.get(record.tenant, record.id)
        if before is None:
            return Became.NEITHER
        if isinstance(change, DeleteObject):
            return _deleted(change, before, now)
        return _added(change, before, now)
    if as_written(record, now):
        return Became.WRITTEN
    return Became.BEFORE if as_before(record, now) else Became.NEITHER


def touched(record: ChangeRecord) -> list[ParameterPath]:
    """What to read to see whether what was written is still there."""
    return [*record.plan.paths] if record.plan.sets else to_read(record)


async def stayed(parts: Parts, record: ChangeRecord, now: Snapshot) -> bool:
    """Whether what was written is still there; of a command there is nothing to see."""
    if record.plan.sets or isinstance(record.plan.changes[0], Command):
        return record.plan.reached(now.values)
    return await became(parts, record, now) is Became.WRITTEN


def _added(change: AddObject, before: Snapshot, now: Snapshot) -> Became:
    if row_of(change, before, now) is not None:
        return Became.WRITTEN
    return Became.NEITHER if new_rows(change, before, now) else Became.BEFORE


def _deleted(change: DeleteObject, before: Snapshot, now: Snapshot) -> Became:
    was, left = before.below(change.path), now.below(change.path)
    if was and not left:
        return Became.WRITTEN
    return Became.BEFORE if left else Became.NEITHER
