"""What a plan would change on one device, and how to take it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

from brain.domain.canonical import digest_of
from brain.domain.errors import InvalidPlan
from brain.domain.identity import DeviceId, PlanDigest
from brain.domain.parameter import ParameterPath, ParameterType, Value, is_concrete, is_object


class Operation(StrEnum):
    """What one change does."""

    SET = "set"
    ADD = "add"
    DELETE = "delete"
    COMMAND = "command"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetParameter:
    """One parameter: the value we last saw and the value we want."""

    path: ParameterPath
    type: ParameterType
    before: Value
    after: Value
    secret: bool = False
    """The data model marks it secured or hidden: it reads back empty, and is shown to
    nobody but the one who asked for it, once it is in force."""
    op: Literal[Operation.SET] = Operation.SET

    def inverse(self) -> "SetParameter":
        """The change that puts the old value back."""
        return SetParameter(
            path=self.path,
            type=self.type,
            before=self.after,
            after=self.before,
            secret=self.secret,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AddObject:
    """A new row in a table, with the values it starts with."""

    path: ParameterPath
    values: tuple[tuple[str, Value], ...] = ()
    op: Literal[Operation.ADD] = Operation.ADD


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteObject:
    """A row taken out of a table."""

    path: ParameterPath
    op: Literal[Operation.DELETE] = Operation.DELETE


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something the device does once, such as ``Device.Reboot()``. It cannot be undone."""

    path: ParameterPath
    arguments: tuple[tuple[str, Value], ...] = ()
    op: Literal[Operation.COMMAND] = Operation.COMMAND


Change = SetParameter | AddObject | DeleteObject | Command


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Changes to one device, judged together and applied together.

    Either any number of parameters set in one step, or exactly one other change: those are the
    units the protocols apply whole (TR-069 A.3.2.1 SetParameterValues, TR-369 13.1 allow_partial).
    """

    device: DeviceId
    changes: tuple[Change, ...]

    def __post_init__(self) -> None:
        """Refuse a plan that is empty, mixed, doubled or not concrete."""
        if not self.changes:
            raise InvalidPlan(field="changes", message="the plan changes nothing")
        if len(self.changes) > 1 and any(c.op is not Operation.SET for c in self.changes):
            raise InvalidPlan(
                field="changes",
                message="an added or deleted object or a command must be the only change",
                remedy="Send it as a plan of its own.",
            )
        paths = [change.path for change in self.changes]
        if len(set(paths)) != len(paths):
            raise InvalidPlan(field="changes", message="one path is changed twice")
        for change in self.changes:
            _check_path(change)

    @cached_property
    def digest(self) -> PlanDigest:
        """Names exactly this plan: an approval and a permit are for a digest, never for an id."""
        return PlanDigest(digest_of(self))

    @property
    def paths(self) -> tuple[ParameterPath, ...]:
        """The touched paths, in order."""
        return tuple(change.path for change in self.changes)

    @property
    def sets(self) -> tuple[SetParameter, ...]:
        """The parameters it sets, in order."""
        return tuple(c for c in self.changes if isinstance(c, SetParameter))

    def rollback(self) -> "Plan | None":
        """The plan that undoes this one, last change first; None when it cannot be undone.

        A secured parameter reads back empty (TR-181 "secured", "hidden"), so what it was before
        is not known and cannot be put back.
        """
        if len(self.sets) != len(self.changes) or any(change.secret for change in self.sets):
            return None
        undone = tuple(change.inverse() for change in reversed(self.sets))
        return Plan(device=self.device, changes=undone)

    @property
    def added(self) -> AddObject | None:
        """The row that it adds; None for every other plan."""
        change = self.changes[0]
        return change if isinstance(change, AddObject) else None

    @property
    def can_be_undone(self) -> bool:
        """Whether there is a plan that undoes it, now or once a new row has its number."""
        return self.added is not None or self.rollback() is not None

    def without_row(self, number: int) -> "Plan | None":
        """The plan that deletes the row that this one added; None when it adds none.

        Only the device gives a row its number, so until then any number stands for it.
        """
        if self.added is None:
            return None
        row = DeleteObject(path=ParameterPath(f"{self.added.path}{number}."))
        return Plan(device=self.device, changes=(row,))

    def undone_by(self, other: "Plan") -> bool:
        """Whether the other plan undoes exactly this one."""
        undo = self.rollback()
        if undo is None and self.added is not None:
            number = other.changes[0].path.removeprefix(self.added.path).rstrip(".")
            undo = self.without_row(int(number)) if number.isdecimal() else None
        return undo is not None and undo.digest == other.digest

    def moved(self, seen: Mapping[ParameterPath, Value]) -> tuple[ParameterPath, ...]:
        """The paths that are not as they were when the plan was made. Absent counts as moved."""
        return tuple(c.path for c in self.sets if seen.get(c.path) != c.before)

    def reached(self, seen: Mapping[ParameterPath, Value]) -> bool:
        """Whether every readable parameter has the value wanted."""
        return all(seen.get(c.path) == c.after for c in self.sets if not c.secret)


def _check_path(change: Change) -> None:
    wants_object = change.op in (Operation.ADD, Operation.DELETE)
    if not is_concrete(change.path) or is_object(change.path) is not wants_object:
        raise InvalidPlan(
            field=change.path,
            message=f"not a concrete path for {change.op}",
            remedy="Name one parameter, command or object instance; no wildcards or searches.",
        )
