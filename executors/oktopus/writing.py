"""Carries one plan out through Oktopus, and believes what the device holds afterwards.

An answer may be another's, and an Error may name nothing, so each write is framed by readings that
are proved to be ours. The later one is handed over after the write, on the same way to the agent.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from brain.datamodel.firmware import fetches_firmware
from brain.datamodel.lexical import canonical
from brain.domain.change import AddObject, DeleteObject, Plan, SetParameter
from brain.domain.errors import ControllerRefused, DeviceUnreachable, InvalidValue
from brain.domain.outcome import Outcome, Progress
from brain.domain.ports import Clock
from executors.usp.codes import NO_SUCH_OBJECT, UNSUPPORTED_PARAMETER, meaning
from executors.usp.plans import unknown

Values = Mapping[str, str]
_NO_FIRMWARE = (
    "firmware is not fetched through Oktopus: it passes no end of it on, and the device forgets it"
    " as it starts"
)
_HELD = "the device holds what was asked for"
_AS_BEFORE = "the device is as before so far"


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """One attempt at one plan on one agent."""

    clock: Clock
    read: Callable[[Sequence[str]], Awaitable[dict[str, str]]]
    """Of these parameters and objects; DeviceUnreachable or ControllerRefused."""
    send: Callable[[Plan], Awaitable[Outcome]]
    """Hands the plan over once at most. DeviceUnreachable or Halted: it was not."""
    crossed: Callable[[], bool]
    """Whether what came as the answer was another's."""

    async def carry_out(self, plan: Plan) -> Outcome:
        """What became of it. DeviceUnreachable or Halted when nothing was sent."""
        change = plan.changes[0]
        if plan.sets:
            return await self._set(plan)
        if isinstance(change, AddObject):
            return await self._add(plan, change)
        if isinstance(change, DeleteObject):
            return await self._delete(plan, change)
        if fetches_firmware(change.path):
            return self._refused(_NO_FIRMWARE, "")
        return await self.send(plan)

    async def _set(self, plan: Plan) -> Outcome:
        if any(change.secret for change in plan.sets):
            return await self.send(plan)  # which refuses it
        paths = [change.path for change in plan.sets]
        try:
            before = await self.read(paths)
        except ControllerRefused as error:
            return self._refused(error.message, error.fault)
        absent = [path for path in paths if path not in before]
        if absent:
            code = UNSUPPORTED_PARAMETER
            return self._refused(f"{absent[0]}: {code} {meaning(code)}", str(code))
        if _holds(before, plan.sets):
            done = Outcome(progress=Progress.APPLIED, at=self.clock(), already=True)
            return replace(done, detail="it was so already")
        outcome = await self.send(plan)
        now = await self._look(paths)
        if now is None:
            return self._unseen(outcome)
        return self._judged(outcome, held=_holds(now, plan.sets), same=_same(before, now, paths))

    async def _add(self, plan: Plan, change: AddObject) -> Outcome:
        before = {*_rows(await self.read([change.path]), change.path)}
        outcome = await self.send(plan)
        now = await self._look([change.path])
        if now is None:
            return self._unseen(outcome)
        new = {*_rows(now, change.path)} - before
        wanted = [row for row in new if _row_holds(now, change, row)]
        held = len(new) == 1 and len(wanted) == 1
        return self._judged(outcome, held=held, same=not new)

    async def _delete(self, plan: Plan, change: DeleteObject) -> Outcome:
        if not await self.read([change.path]):
            return self._refused(f"{NO_SUCH_OBJECT} {meaning(NO_SUCH_OBJECT)}", str(NO_SUCH_OBJECT))
        outcome = await self.send(plan)
        now = await self._look([change.path])
        if now is None:
            return self._unseen(outcome)
        return self._judged(outcome, held=not now, same=bool(now))

    def _judged(self, outcome: Outcome, *, held: bool, same: bool) -> Outcome:
        """What was said beside what is seen; where the two are apart, nobody can tell."""
        said = outcome.progress
        if said is Progress.APPLIED:
            return outcome if held else self._apart(outcome, "the device said that it did it")
        if said is Progress.REFUSED:
            return outcome if same else self._apart(outcome, outcome.detail)
        if self.crossed() and held:
            detail = f"another's answer came; {_HELD}"
            return Outcome(progress=Progress.APPLIED, at=self.clock(), detail=detail)
        seen = _HELD if held else _AS_BEFORE if same else "it is neither as before nor as asked for"
        return replace(outcome, detail=f"{outcome.detail}; {seen}")

    def _apart(self, outcome: Outcome, said: str) -> Outcome:
        made = unknown(f"{said}, and it does not look so", at=self.clock())
        return replace(made, fault=outcome.fault)

    def _unseen(self, outcome: Outcome) -> Outcome:
        made = unknown("it was sent, and could not be read back", at=self.clock())
        return replace(made, fault=outcome.fault)

    async def _look(self, paths: Sequence[str]) -> dict[str, str] | None:
        try:
            return await self.read(paths)
        except (ControllerRefused, DeviceUnreachable):
            return None

    def _refused(self, detail: str, fault: str) -> Outcome:
        return Outcome(progress=Progress.REFUSED, at=self.clock(), detail=detail, fault=fault)


def _holds(now: Values, changes: Sequence[SetParameter]) -> bool:
    return all(_is(now.get(each.path), each) for each in changes)


def _is(said: str | None, wanted: SetParameter) -> bool:
    if said is None or said == wanted.after:
        return said is not None
    try:
        return canonical(wanted.type, said) == canonical(wanted.type, wanted.after)
    except InvalidValue:
        return False


def _same(before: Values, now: Values, paths: Sequence[str]) -> bool:
    return all(before.get(path) == now.get(path) for path in paths)


def _rows(values: Values, table: str) -> set[str]:
    return {path.removeprefix(table).partition(".")[0] for path in values if path != table}


def _row_holds(now: Values, change: AddObject, row: str) -> bool:
    return all(now.get(f"{change.path}{row}.{name}") == text for name, text in change.values)
