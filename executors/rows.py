"""What became of a plan, by what the device says now: also of a row that it was to add or delete.

A new row has no number before it is there. So it is looked for: among the rows that were not there
when the device was backed up, the one that has the values of the plan.
"""

from enum import StrEnum

from brain.datamodel.secrets import named_like_a_secret
from brain.domain.change import AddObject, DeleteObject
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.record import ChangeRecord
from executors.steps import Parts, as_before, as_written


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


def new_rows(change: AddObject, before: Snapshot, now: Snapshot) -> tuple[ParameterPath, ...]:
    """The rows of the table that were not there before, each as a path that ends in a dot."""
    return tuple(sorted(_rows(change.path, now) - _rows(change.path, before)))


def row_of(change: AddObject, before: Snapshot, now: Snapshot) -> ParameterPath | None:
    """The new row that has the values of the plan; None when there is none, or more than one."""
    ours = [row for row in new_rows(change, before, now) if _holds(change, row, now)]
    return ours[0] if len(ours) == 1 else None


def _added(change: AddObject, before: Snapshot, now: Snapshot) -> Became:
    if row_of(change, before, now) is not None:
        return Became.WRITTEN
    return Became.NEITHER if new_rows(change, before, now) else Became.BEFORE


def _deleted(change: DeleteObject, before: Snapshot, now: Snapshot) -> Became:
    was, left = before.below(change.path), now.below(change.path)
    if was and not left:
        return Became.WRITTEN
    return Became.BEFORE if left else Became.NEITHER


def _rows(table: ParameterPath, snapshot: Snapshot) -> frozenset[ParameterPath]:
    numbers = {path.removeprefix(table).partition(".")[0] for path in snapshot.below(table)}
    return frozenset(ParameterPath(f"{table}{each}.") for each in numbers if each.isdecimal())


def _holds(change: AddObject, row: ParameterPath, now: Snapshot) -> bool:
    """Whether the row has every value; a secret reads back empty, and is not compared."""
    return all(
        now.get(ParameterPath(row + leaf)) == value
        for leaf, value in change.values
        if not named_like_a_secret(row + leaf)
    )
