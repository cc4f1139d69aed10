"""Which row of a table is the one that was added: it has no number before the device gave it one.

So it is looked for among the rows that were not there before, by the values it was given.
"""

from brain.datamodel.secrets import named_like_a_secret
from brain.domain.change import AddObject
from brain.domain.parameter import ParameterPath, Snapshot


def new_rows(change: AddObject, before: Snapshot, now: Snapshot) -> tuple[ParameterPath, ...]:
    """The rows of the table that were not there before, each as a path that ends in a dot."""
    return tuple(sorted(_rows(change.path, now) - _rows(change.path, before)))


def row_of(change: AddObject, before: Snapshot, now: Snapshot) -> ParameterPath | None:
    """The new row that has the values of the plan; None when there is none, or more than one."""
    ours = [row for row in new_rows(change, before, now) if _holds(change, row, now)]
    return ours[0] if len(ours) == 1 else None


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
