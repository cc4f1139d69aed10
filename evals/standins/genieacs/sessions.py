"""Stands in for GenieACS's sessions with devices: what it does with tasks, and what it does not.

Each oddity is one of the real one, as its sources have it; where it is done, it is said.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import cast

from brain.domain.canonical import Json
from brain.domain.ports import Clock
from evals.homes.device_session import DeviceSession, LineLost
from evals.homes.home import Home
from evals.standins.genieacs import downloads
from evals.standins.genieacs.records import Fault, Known, Node, Preset, Task, typed
from executors.acs import messages as m
from executors.acs.envelope import Envelope
from executors.acs.transfers import Download, DownloadResponse

_BATCH = 32
"""Values in one request: more of them go in several, of which some may fail after others."""
_CYCLES = 4
_FRESH = timedelta(seconds=1)


class TaskFailed(Exception):
    """A task ended in a fault."""

    def __init__(self, code: str, detail: dict[str, Json] | None = None) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail or {}


@dataclass(slots=True)
class Genie:
    """Everything that is known, and the sessions."""

    clock: Clock
    devices: dict[str, Known] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    presets: dict[str, Preset] = field(default_factory=dict)
    files: dict[str, downloads.File] = field(default_factory=dict)
    config: dict[str, str] = field(default_factory=dict)
    """Its settings that were changed, by name."""
    operations: dict[tuple[str, str], downloads.Operation] = field(default_factory=dict)
    """Downloads under way, by device and CommandKey."""
    omitted: set[str] = field(default_factory=set)
    """Paths that devices leave out of their answers."""
    in_session: set[str] = field(default_factory=set)
    """Devices whose lock another session has, or a worker that died has left."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def add(self, home: Home) -> Known:
        """A device that is known from now on; it has called once."""
        known = Known(home, self.clock())
        self.devices[known.id] = known
        self.session(known)
        return known

    def queue(self, device: str, what: dict[str, Json]) -> Task:
        """Keep a task; it takes the place of older ones of the same ``uniqueKey``."""
        key = what.get("uniqueKey")
        for old in [t for t in self.tasks.values() if key and t.what.get("uniqueKey") == key]:
            self.drop(old.id)
        expiry = what.get("expiry")
        expires = (
            self.clock() + timedelta(seconds=expiry) if isinstance(expiry, int | float) else None
        )
        number = f"{next(self._numbers):024x}"
        task = Task(id=number, device=device, what=what, at=self.clock(), expires=expires)
        self.tasks[number] = task
        return task

    def drop(self, task: str) -> None:
        """Forget a task and its fault."""
        gone = self.tasks.pop(task, None)
        if gone is not None:
            self.faults.pop(f"{gone.device}:task_{task}", None)

    def session(self, known: Known) -> bool:
        """The device calls: tasks first, presets after them, as the real one does it. False when
        the device cannot, or another session has its lock."""
        home = known.home
        if home.silent or home.faults.deaf or known.id in self.in_session:
            return False
        talk = DeviceSession(home)
        inform = cast(m.Inform, talk.inform().message)
        talk.opened(Envelope(m.InformResponse(), id="1"))
        known.last_inform = now = self.clock()
        if inform.has("1 BOOT"):
            known.last_boot = now
        if inform.has("0 BOOTSTRAP"):
            known.last_bootstrap = now
        for said in inform.parameters:
            self._keep(known, said, home.tree.parameters[said.name].writable)
        downloads.heard(self, known, talk)
        try:
            self._work(known, talk, inform)
        except LineLost:
            talk.failed()
            return True
        talk.ended()
        return True

    def _work(self, known: Known, talk: DeviceSession, inform: m.Inform) -> None:
        for task in sorted(self.tasks.values(), key=lambda each: each.at):
            if task.device != known.id or f"{known.id}:task_{task.id}" in self.faults:
                continue  # a fault blocks its channel
            if task.expires is not None and task.expires <= self.clock():
                self.drop(task.id)
                continue
            try:
                Work(self, known, talk).do(task)
            except TaskFailed as failed:
                self.failed(known.id, task.id, failed.code, failed.detail)
            except LineLost:
                self.failed(known.id, task.id, "session_terminated", {})
                raise
            else:
                self.drop(task.id)
        for _ in range(_CYCLES):  # presets have the last word in every session
            for preset in sorted(self.presets.values(), key=lambda each: (each.weight, each.name)):
                if not preset.events or any(map(inform.has, preset.events)):
                    Work(self, known, talk).set([*preset.values.items()])

    def failed(self, device: str, task: str, code: str, detail: dict[str, Json]) -> None:
        """Keep the fault of a task, which may be gone by then."""
        channel = f"task_{task}"
        self.faults[f"{device}:{channel}"] = Fault(
            device=device, channel=channel, code=code, at=self.clock(), detail=detail
        )

    def _keep(self, known: Known, said: m.ParameterValue, writable: bool) -> None:
        known.nodes[said.name] = Node(writable, said.value, said.type, self.clock())


@dataclass(frozen=True, slots=True)
class Work:
    """One task or preset within a session."""

    genie: Genie
    known: Known
    talk: DeviceSession

    def do(self, task: Task) -> None:
        """Do a task; raises TaskFailed, and LineLost when the device hangs up."""
        what = task.what
        name = what["name"]
        if name == "getParameterValues":
            for path in cast(list[str], what["parameterNames"]):
                self.refresh(path)
        elif name == "refreshObject":
            self.refresh(str(what["objectName"]))
        elif name == "setParameterValues":
            self.set(
                [(pair[0], str(pair[1])) for pair in cast(list[list[str]], what["parameterValues"])]
            )
        elif name == "addObject":
            self._add(what)
        elif name == "deleteObject":
            self._delete(str(what["objectName"]))
        elif name == "download":
            said = self._ask(downloads.request(self.genie, task))
            downloads.answered(self.genie, self.known, task, cast(DownloadResponse, said))
        else:
            self._ask({"reboot": m.Reboot, "factoryReset": m.FactoryReset}[str(name)]())

    def refresh(self, path: str) -> None:
        """Read again what is older than about a second; what the device leaves out of its answer is
        kept as an empty string, and a path that it does not know is forgotten without a fault."""
        exact = path.rstrip(".")
        node = self.known.nodes.get(exact)
        now = self.genie.clock()
        if (
            node is not None
            and node.at is not None
            and now - node.at < _FRESH
            and node.value is not None
        ):
            return
        tree = self.known.home.tree
        asked = exact if exact in tree.parameters else exact + "."
        names = self._ask(m.GetParameterNames(asked, next_level=False), swallow=True)
        for gone in [*self.known.below(path)]:
            del self.known.nodes[gone]
        if not isinstance(names, m.GetParameterNamesResponse):
            return
        for info in names.parameters:
            self.known.nodes[info.name] = Node(
                info.writable, at=now, is_object=info.name.endswith(".")
            )
        leaves = tuple(each.name for each in names.parameters if not each.name.endswith("."))
        for start in range(0, len(leaves), _BATCH):
            self._read(leaves[start : start + _BATCH])

    def _read(self, names: tuple[str, ...]) -> None:
        said = self._ask(m.GetParameterValues(names), swallow=True)
        if not isinstance(said, m.GetParameterValuesResponse):
            for name in names:
                self.known.nodes.pop(name, None)
            return
        heard = {each.name: each for each in said.values if each.name not in self.genie.omitted}
        for name in names:
            told = heard.get(name, m.ParameterValue(name, "", "string"))
            self.known.nodes[name].value, self.known.nodes[name].type = told.value, told.type
            self.known.nodes[name].at = self.genie.clock()

    def set(self, wanted: list[tuple[str, str]]) -> None:
        """Write what differs from what is remembered. What is not known, has no value, is not
        writable or is remembered as wanted is skipped, and that is no fault; the type is the one
        remembered, whatever the task says. Afterwards the wanted values are remembered."""
        left = [(path, value) for path, value in wanted if self._differs(path, value)]
        while left:
            part, left = left[:_BATCH], left[_BATCH:]
            values = tuple(
                m.ParameterValue(
                    path, _lexical(value, self.known.nodes[path].type), self.known.nodes[path].type
                )
                for path, value in part
            )
            said = self._ask(m.SetParameterValues(values, ""), swallow=True)
            if isinstance(said, m.Fault):  # 9005: forgotten, and the others are tried again
                strange = {each.name for each in said.parameters if each.code == 9005}
                gone = strange or {path for path, _ in part}
                for path in gone:
                    self.known.nodes.pop(path, None)
                left = [(path, value) for path, value in part if path not in gone] + left
                continue
            for value in values:
                node = self.known.nodes[value.name]
                node.value, node.at = value.value, self.genie.clock()

    def _differs(self, path: str, value: str) -> bool:
        node = self.known.nodes.get(path)
        if node is None or node.value is None or not node.writable:
            return False
        return typed(value, node.type) != typed(node.value, node.type)

    def _add(self, what: dict[str, Json]) -> None:
        table = str(what["objectName"]).rstrip(".") + "."
        said = self._ask(m.AddObject(table, ""))
        assert isinstance(said, m.AddObjectResponse)
        self.refresh(f"{table}{said.instance}")
        pairs = cast(list[list[str]], what.get("parameterValues") or [])
        self.set([(f"{table}{said.instance}.{leaf}", str(value)) for leaf, value, *_ in pairs])

    def _delete(self, name: str) -> None:
        row = name.rstrip(".") + "."
        self._ask(m.DeleteObject(row, ""), swallow=True)
        for gone in [*self.known.below(row)]:
            del self.known.nodes[gone]

    def _ask(self, request: m.Request | Download, *, swallow: bool = False) -> m.Message:
        said = self.talk.answer(Envelope(request)).message
        if not isinstance(said, m.Fault):
            return said
        codes = {said.code, *(each.code for each in said.parameters)}
        if swallow and 9005 in codes:
            return said
        details: list[Json] = [
            {"parameterName": each.name, "faultCode": str(each.code), "faultString": each.text}
            for each in said.parameters
        ]
        told: dict[str, Json] = {"faultCode": str(said.code), "faultString": said.text}
        if details:
            told["setParameterValuesFault"] = details
        raise TaskFailed(f"cwmp.{said.code}", told)


def _lexical(value: str, kind: str) -> str:
    said = typed(value, kind)
    return ("true" if said else "false") if isinstance(said, bool) else str(said)
