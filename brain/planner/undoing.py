"""Works out how to take a change of the case back: the backed-up values, where they still count."""

from collections.abc import Sequence

from brain.datamodel.added_rows import new_rows, row_of
from brain.domain.change import AddObject, Change, DeleteObject, SetParameter
from brain.domain.errors import InvalidPlan
from brain.domain.identity import PrincipalId
from brain.domain.life import State
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.proposal import Cause, Evidence, Finding
from brain.planner.candidates import Candidate, guards, wanted
from brain.planner.recollection import Tried

UNDO = "undo"
_ON_ITS_WAY: dict[State, str] = {
    State.AWAITING_APPROVAL: "waits for approval",
    State.APPROVED: "is approved and not begun",
    State.EXECUTING: "is being carried out",
    State.VERIFYING: "is being watched",
}


def last_applied(tried: Sequence[Tried]) -> Tried:
    """The newest change of the case that the device may hold; InvalidPlan when there is none."""
    newest = tried[0] if tried else None
    if newest is not None and newest.record.state in _ON_ITS_WAY:
        raise InvalidPlan(
            f"there is nothing to undo yet: change {newest.record.id} "
            f"{_ON_ITS_WAY[newest.record.state]}",
            remedy=_meanwhile(newest.record.state),
        )
    if newest is not None and newest.record.state is State.ROLLED_BACK:
        raise InvalidPlan(
            f"there is nothing to undo: change {newest.record.id} was taken back by itself",
            remedy="The device is as it was before.",
        )
    found = next((each for each in tried if each.applied), None)
    if found is None:
        raise InvalidPlan("there is nothing to undo: no change of this case was applied")
    return found


def to_read(tried: Tried) -> tuple[ParameterPath, ...]:
    """The objects to read to undo it, since what is legal stands beside a value.

    InvalidPlan when it cannot be undone from here.
    """
    added = tried.record.plan.added
    if added is not None:
        return (added.path,)
    if tried.record.plan.rollback() is None:
        raise InvalidPlan(
            f"change {tried.record.id} cannot be undone: it holds a secret, a command, or a "
            "deleted object, of which no former value is known",
            remedy="Ask outright for what should be in its place.",
        )
    objects = (f"{path.rpartition('.')[0]}." for path in tried.record.plan.paths)
    return tuple(ParameterPath(each) for each in dict.fromkeys(objects))


def undo_of(tried: Tried, now: Snapshot, asker: PrincipalId) -> Candidate:
    """The candidate that puts back what was there before; InvalidPlan says why there is none."""
    added = tried.record.plan.added
    if added is not None:
        return _row_taken_out(tried, added, now, asker)
    back = tuple(
        wanted(now, each.path, _before(tried, each))
        for each in reversed(tried.record.plan.sets)
        if _is_still_there(tried, each, now)
    )
    if not back:
        raise InvalidPlan(
            f"there is nothing to undo: the device is as it was before change {tried.record.id}"
        )
    seen = guards(now, *(each.path for each in back))
    return _candidate(tried, asker, back, _in_words(back), seen)


def _row_taken_out(tried: Tried, added: AddObject, now: Snapshot, asker: PrincipalId) -> Candidate:
    """The row that was added, deleted again, if it is plain which one that is."""
    if tried.backup is None:
        raise InvalidPlan("there is no backup that tells which row is new", field=added.path)
    row = row_of(added, tried.backup, now)
    if row is None and not new_rows(added, tried.backup, now):
        raise InvalidPlan(
            f"there is nothing to undo: the row of change {tried.record.id} is not there any more"
        )
    if row is None:
        raise InvalidPlan(
            "nobody can tell which row it added: somebody changed it since, or added one alike",
            field=added.path,
            remedy="Look at the rows of the table on the device itself.",
        )
    seen = guards(now, *(f"{row}{name}" for name, _ in added.values))
    return _candidate(tried, asker, (DeleteObject(path=row),), f"take {row} out again", seen)


def _candidate(
    tried: Tried,
    asker: PrincipalId,
    changes: tuple[Change, ...],
    does: str,
    seen: tuple[Evidence, ...],
) -> Candidate:
    record = tried.record
    made = f"Change {record.id} was asked for by {record.asked_by} and is {record.state.value}."
    return Candidate(
        id=UNDO,
        finding=Finding(
            cause=Cause.REQUESTED,
            confidence=1.0,
            summary=f"{asker} asks to undo change {record.id}.",
            evidence=(Evidence(text=made), *seen),
        ),
        summary=f"Undo change {record.id}: {does}.",
        changes=changes,
    )


def _before(tried: Tried, change: SetParameter) -> str:
    kept = tried.backup.get(change.path) if tried.backup else None
    return change.before if kept is None else kept


def _is_still_there(tried: Tried, change: SetParameter, now: Snapshot) -> bool:
    """Whether our value is; what somebody wrote since is theirs, and is not undone with ours."""
    value = now.get(change.path)
    if value is None:
        raise InvalidPlan("the device does not say what this is now", field=change.path)
    if value == _before(tried, change):
        return False
    if value != change.after:
        raise InvalidPlan(
            f"it is {value} now, and change {tried.record.id} had set {change.after}: somebody "
            "changed it since",
            field=change.path,
            remedy="Ask outright for the value that you want.",
        )
    return True


def _meanwhile(state: State) -> str:
    waits = state in (State.AWAITING_APPROVAL, State.APPROVED)
    return "Withdraw it." if waits else "Wait until it is done."


def _in_words(back: Sequence[SetParameter]) -> str:
    return ", ".join(
        f"{each.path} from {each.before or 'empty'} back to {each.after or 'empty'}"
        for each in back
    )
