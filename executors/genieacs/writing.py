"""Carries one plan out through GenieACS, and believes what the device then says.

GenieACS calls a task done when it skipped it, since it remembers the value as wanted, does not
know the path or lost it to a fault that it keeps to itself. So each write is framed by readings.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from brain.datamodel.lexical import canonical
from brain.domain.canonical import Json
from brain.domain.change import AddObject, Command, DeleteObject, Plan
from brain.domain.errors import ControllerRefused, DeviceUnreachable, InvalidValue
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath, ParameterType, is_concrete
from brain.domain.ports import Clock
from executors.acs import messages as m
from executors.acs.dialect import Dialect, NewRow
from executors.acs.faults import meaning
from executors.acs.plans import refused, unknown
from executors.genieacs.documents import Remembered, parameters, rows_of
from executors.genieacs.nbi import Document
from executors.genieacs.presets import overwriters
from executors.genieacs.reading import Fresh
from executors.genieacs.tasks import Came, End

_MOST = 32
"""Of more GenieACS makes several requests, of which some may fail after others."""
_COMMANDS = {"Device.Reboot()": "reboot", "Device.FactoryReset()": "factoryReset"}
_TAKEN = (
    "the device took it and is as before: it may come into force at its next start, which GenieACS"
    " does not tell"
)
_SWALLOWED = "GenieACS says that it is done, and the device is as before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """One attempt at one plan on one device."""

    dialect: Dialect
    clock: Clock
    read: Callable[[Sequence[str]], Awaitable[Fresh]]
    send: Callable[[Document], Awaitable[End]]
    """Sends one task, under the permit still. DeviceUnreachable or Halted: it never will run."""
    settle: Callable[[], Awaitable[None]]
    presets: Callable[[], Awaitable[list[Document]]]
    wrote: Callable[[Sequence[str]], None]

    async def carry_out(self, plan: Plan) -> Outcome:
        """What became of it. DeviceUnreachable or Halted when nothing was sent."""
        change = plan.changes[0]
        if isinstance(change, Command):
            return await self._command(change)
        try:
            if isinstance(change, AddObject):
                return await self._add(self.dialect.adds(change))
            if isinstance(change, DeleteObject):
                return await self._delete(self.dialect.deletes(change))
            values = self.dialect.sets(plan.sets)
        except InvalidValue as error:
            return self._refused(str(error))
        hidden = {each.path for each in plan.sets if each.secret}
        return await self._set(values, secret=bool(hidden))

    async def _set(self, values: Sequence[m.ParameterValue], *, secret: bool) -> Outcome:
        names = [each.name for each in values]
        if len(names) > _MOST:
            return self._refused(f"GenieACS does not set more than {_MOST} parameters as one")
        if not all(is_concrete(ParameterPath(name)) for name in names):
            return self._refused("GenieACS would take a path of it for several")
        fresh = await self._look(names)
        wrong = _unfit(names, fresh)
        if wrong:
            return self._refused(*wrong)
        wanted = {each.name: each.value for each in values}
        found = overwriters(await self.presets(), wanted)
        if found:
            return self._refused(f"it would not stay: {found[0]}")
        if not secret and _all_as(fresh, wanted):
            done = Progress.APPLIED
            return Outcome(progress=done, at=self.clock(), already=True, detail="it was so already")
        pairs: list[Json] = [[name, value] for name, value in wanted.items()]
        end = await self.send({"name": "setParameterValues", "parameterValues": pairs})
        self.wrote(names)
        if end.came is Came.UNKNOWN:
            return unknown(end.detail, at=self.clock())
        return await self._seen(wanted, fresh, end, secret=secret)

    async def _seen(
        self, wanted: dict[str, str], before: Fresh, end: End, *, secret: bool
    ) -> Outcome:
        """By what the device says afterwards, and what GenieACS remembers once its presets ran."""
        now = await self._read_back([*wanted])
        if now is None:
            return unknown("it was sent, and could not be read back", at=self.clock())
        if end.came is Came.REFUSED:
            if secret or _same_as_before(before, now, wanted):
                return self._refused(end.detail, end.fault)
            return unknown(f"{end.detail}; a part of it was written", at=self.clock())
        if secret or _all_as(now, wanted):
            return Outcome(progress=Progress.APPLIED, at=self.clock())
        culprits = overwriters(await self.presets(), wanted)
        why = str(culprits[0]) if culprits else ""
        if _same_as_before(before, now, wanted):
            if _believes(now, before, wanted):  # so the device has not refused it
                return replace(unknown(_TAKEN, at=self.clock()), needs_reboot=True)
            return self._refused(why or _SWALLOWED)
        return unknown(why or "it is neither as before nor as wanted", at=self.clock())

    async def _add(self, wanted: NewRow) -> Outcome:
        table = wanted.table
        before = rows_of((await self._look([table])).after, table)
        pairs: list[Json] = [[each.name, each.value] for each in wanted.values]
        task: dict[str, Json] = {"name": "addObject", "objectName": table.rstrip(".")}
        end = await self.send(task | ({"parameterValues": pairs} if pairs else {}))
        if end.came is Came.UNKNOWN:
            return unknown(end.detail, at=self.clock())
        now = await self._read_back([table])
        new = rows_of(now.after, table) - before if now else set()
        if now is None or len(new) > 1:
            return unknown("nobody can tell which row was added", at=self.clock())
        if not new:
            return self._refused(end.detail or _SWALLOWED, end.fault)
        row = f"{table}{new.pop()}."
        if _all_as(now, {each.name: each.value for each in wanted.within(row)}):
            return Outcome(progress=Progress.APPLIED, at=self.clock())
        return await self._take_out(row, end)

    async def _take_out(self, row: str, end: End) -> Outcome:
        """A row without its values is half a change: it goes again."""
        detail = end.detail or "the row did not take its values"
        try:
            gone = await self._delete(row)
        except DeviceUnreachable:
            return unknown(f"{detail}; {row} is there", at=self.clock())
        if gone.progress is Progress.APPLIED:
            return self._refused(detail, end.fault)
        return unknown(f"{detail}; {row} may still be there", at=self.clock())

    async def _delete(self, row: str) -> Outcome:
        if not _has(await self._look([row]), row):
            return self._refused(f"9005 {meaning(9005)}", "9005")
        end = await self.send({"name": "deleteObject", "objectName": row.rstrip(".")})
        if end.came is Came.UNKNOWN:
            return unknown(end.detail, at=self.clock())
        now = await self._read_back([row])
        if now is None:
            return unknown("it was sent, and could not be read back", at=self.clock())
        if _has(now, row):
            return self._refused(end.detail or _SWALLOWED, end.fault)
        return Outcome(progress=Progress.APPLIED, at=self.clock())

    async def _command(self, change: Command) -> Outcome:
        name = _COMMANDS.get(change.path)
        if name is None or change.arguments:
            return self._refused("GenieACS has no task that does this")
        end = await self.send({"name": name})
        if end.came is Came.ENDED:
            return Outcome(progress=Progress.APPLIED, at=self.clock())
        if end.came is Came.REFUSED:
            return self._refused(end.detail, end.fault)
        return unknown(end.detail, at=self.clock())

    async def _look(self, names: Sequence[str]) -> Fresh:
        """Before the write; what cannot be read is not written over."""
        try:
            return await self.read(names)
        except ControllerRefused as error:
            raise DeviceUnreachable(f"it was not written, since {error.message}") from None

    async def _read_back(self, names: Sequence[str]) -> Fresh | None:
        await self.settle()
        try:
            return await self.read(names)
        except (ControllerRefused, DeviceUnreachable):
            return None

    def _refused(self, detail: str, fault: str = "") -> Outcome:
        made = refused(detail, at=self.clock())
        return Outcome(progress=made.progress, at=made.at, detail=made.detail, fault=fault)


def _unfit(names: Sequence[str], fresh: Fresh) -> tuple[str, str] | None:
    """Why GenieACS would skip one of these without a word, with the fault that it stands for."""
    known = parameters(fresh.after)
    for name in names:
        said = fresh.said.get(name)
        if said is None and name in known:
            return f"{name}: its value was lost on the way, so it cannot be put back", ""
        code = 9005 if said is None else 0 if said.writable else 9008
        if code:
            return f"{name}: {code} {meaning(code)}", str(code)
    return None


def _has(fresh: Fresh, row: str) -> bool:
    table, _, number = row.rstrip(".").rpartition(".")
    return int(number) in rows_of(fresh.after, table)


def _all_as(fresh: Fresh, wanted: dict[str, str]) -> bool:
    return all(_is(fresh.said.get(path), value) for path, value in wanted.items())


def _same_as_before(before: Fresh, now: Fresh, wanted: dict[str, str]) -> bool:
    old, new = before.said, now.said
    return all(p in old and p in new and _is(new[p], old[p].value or "") for p in wanted)


def _believes(now: Fresh, before: Fresh, wanted: dict[str, str]) -> bool:
    """Whether GenieACS took something of this for written, before it was read back.

    It forgets what a device does not know, and keeps what a preset or a script put in its place.
    """
    kept = parameters(now.before)
    new = {path: value for path, value in wanted.items() if not _is(before.said[path], value)}
    return any(_is(kept.get(path), value) for path, value in new.items())


def _is(said: Remembered | None, value: str) -> bool:
    if said is None or said.value is None:
        return False
    return said.value == value or _canonical(said.type, said.value) == _canonical(said.type, value)


def _canonical(kind: str, value: str) -> str:
    try:
        return canonical(ParameterType(kind), value)
    except (InvalidValue, ValueError):
        return value
