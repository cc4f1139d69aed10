"""An executor over a world in memory: for tests, evaluations and trying policies out.

It keeps to the executors' contract like any other: no live permit, no write.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from brain.datamodel.diagnostics import written_by
from brain.domain.change import AddObject, Command, Plan
from brain.domain.controller import SIMULATED, Capabilities
from brain.domain.device import Device
from brain.domain.errors import ControllerRefused, DeviceUnreachable, OutcomeUnknown
from brain.domain.identity import DeviceId
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath, Snapshot, Value
from brain.domain.permit import Permit
from brain.domain.ports import Clock, PermitCheck, SnapshotSink

UP_TIME = ParameterPath("Device.DeviceInfo.UpTime")
PARAMETER_KEY = ParameterPath("Device.ManagementServer.ParameterKey")


class World(Protocol):
    """Where simulated devices live. A silent device raises DeviceUnreachable from every method."""

    def values(self, device: DeviceId) -> Mapping[ParameterPath, Value]:
        """Everything the device would say now."""

    def set(self, device: DeviceId, wanted: Mapping[ParameterPath, Value], key: str) -> None:
        """Set all or nothing, and the ParameterKey with it; ControllerRefused when it will not."""

    def run(self, device: DeviceId, command: Command) -> None:
        """Carry out a command."""

    def add(
        self, device: DeviceId, table: ParameterPath, values: Mapping[str, Value], key: str
    ) -> None:
        """A new row with these values, by leaf, or none: ControllerRefused when it will not."""

    def delete(self, device: DeviceId, row: ParameterPath, key: str) -> None:
        """Take a row out; ControllerRefused when it will not."""


@dataclass(slots=True)
class MemoryWorld:
    """Devices that are dictionaries, with a record of what was done to them."""

    devices: dict[DeviceId, dict[ParameterPath, Value]]
    silent: set[DeviceId] = field(default_factory=set)
    refusing: dict[ParameterPath, str] = field(default_factory=dict)
    """Paths that are refused, with the fault code."""
    writes: list[tuple[DeviceId, ParameterPath, Value]] = field(default_factory=list)
    deaf_to_commands: bool = False
    """Takes commands, and does nothing."""
    commands: list[tuple[DeviceId, ParameterPath]] = field(default_factory=list)

    def values(self, device: DeviceId) -> Mapping[ParameterPath, Value]:
        """A copy: what was said does not change afterwards."""
        return dict(self._present(device))

    def set(self, device: DeviceId, wanted: Mapping[ParameterPath, Value], key: str) -> None:
        """Refuses whole when one path is refused, as TR-069 A.3.2.1 asks."""
        tree = self._present(device)
        for path in wanted:
            if path in self.refusing:
                raise ControllerRefused("refused", fault=self.refusing[path], paths=(path,))
        tree.update(wanted)
        tree[PARAMETER_KEY] = key
        self.writes.extend((device, path, value) for path, value in wanted.items())

    def run(self, device: DeviceId, command: Command) -> None:
        """Remembers that it was asked; a restart begins the count of seconds anew."""
        tree = self._present(device)
        self.commands.append((device, command.path))
        if command.path == "Device.Reboot()" and not self.deaf_to_commands:
            tree[UP_TIME] = "0"

    def add(
        self, device: DeviceId, table: ParameterPath, values: Mapping[str, Value], key: str
    ) -> None:
        """The row gets the number after the highest that is there."""
        tree = self._present(device)
        below = [path.removeprefix(table).split(".")[0] for path in tree if path.startswith(table)]
        row = f"{table}{max((int(each) for each in below if each.isdigit()), default=0) + 1}."
        self.set(device, {ParameterPath(row + leaf): text for leaf, text in values.items()}, key)

    def delete(self, device: DeviceId, row: ParameterPath, key: str) -> None:
        """Refuses a row that is not there."""
        tree = self._present(device)
        gone = [path for path in tree if path.startswith(row)]
        if not gone:
            raise ControllerRefused("refused", fault="9005", paths=(row,))
        for path in gone:
            del tree[path]
        tree[PARAMETER_KEY] = key

    def _present(self, device: DeviceId) -> dict[ParameterPath, Value]:
        if device in self.silent or device not in self.devices:
            raise DeviceUnreachable(f"{device} does not answer")
        return self.devices[device]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedExecutor:
    """An Executor. What devices say goes to ``sink``, as it does from a real controller."""

    world: World
    permits: PermitCheck
    clock: Clock
    sink: SnapshotSink
    capabilities: Capabilities = SIMULATED

    async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        """Read from the world; see ``Reader.read``."""
        values = self.world.values(device.id)
        snapshot = Snapshot(
            device=device.id, taken_at=self.clock(), values=_matching(values, paths)
        )
        await self.sink.heard(device, snapshot)
        return snapshot

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        """Carry the plan out in the world; see ``Executor.apply``."""
        await self.permits.spend(permit, device, plan)
        try:
            self._carry_out(device, plan, permit.change)
        except ControllerRefused as refused:
            return Outcome(
                progress=Progress.REFUSED,
                at=self.clock(),
                detail=str(refused),
                fault=refused.fault,
            )
        except OutcomeUnknown as lost:
            return Outcome(progress=Progress.UNKNOWN, at=self.clock(), detail=str(lost))
        return Outcome(progress=Progress.APPLIED, at=self.clock())

    def _carry_out(self, device: Device, plan: Plan, key: str) -> None:
        if plan.sets:
            self.world.set(device.id, {change.path: change.after for change in plan.sets}, key)
            return
        requested = written_by(plan)
        if requested:  # as over TR-069
            self.world.set(device.id, requested, key)
            return
        for change in plan.changes:
            if isinstance(change, Command):
                self.world.run(device.id, change)
            elif isinstance(change, AddObject):
                self.world.add(device.id, change.path, dict(change.values), key)
            else:
                self.world.delete(device.id, change.path, key)


def _matching(
    values: Mapping[ParameterPath, Value], paths: Iterable[ParameterPath]
) -> dict[ParameterPath, Value]:
    wanted = tuple(paths)
    objects = tuple(str(path) for path in wanted if path.endswith("."))
    return {
        path: value
        for path, value in values.items()
        if path in wanted or (objects and path.startswith(objects))
    }
