"""One executor for all devices: each is acted on through its own controller."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from brain.datamodel.managing import OURS, with_controller
from brain.domain.change import Plan
from brain.domain.controller import Capabilities
from brain.domain.device import ControllerName, Device
from brain.domain.errors import ControllerRefused, DeviceUnreachable
from brain.domain.outcome import Outcome
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.permit import Permit
from brain.domain.ports import Executor
from executors.moving import Moving, is_move
from executors.vital_signs import UP_TIME


@dataclass(frozen=True, slots=True)
class ByController:
    """An ``Executor``. A device whose controller is not here cannot be reached."""

    executors: Mapping[ControllerName, Executor]
    moving: Moving

    @property
    def capabilities(self) -> Capabilities:
        """What all of them promise: for a device of any of them."""
        each = [executor.capabilities for executor in self.executors.values()]
        return Capabilities(
            kind="+".join(one.kind for one in each),
            atomic_set=all(one.atomic_set for one in each),
            parameter_key=all(one.parameter_key for one in each),
            events=all(one.events for one in each),
        )

    def promised(self, device: Device) -> Capabilities | None:
        """What the controller of this device promises; None where it has none."""
        executor = self.executors.get(device.controller)
        return executor.capabilities if executor else None

    async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        """As ``Reader.read``; who acts on the device is told by us, not by it.

        The device is asked all the same: what is kept here says nothing of one that is away.
        Then any of the controllers will do, so that one that reaches it no more can be left.
        """
        asked = [path for path in paths if not path.startswith(OURS)]
        if len(asked) == len(paths):
            return await self._of(device).read(device, paths)
        return with_controller(await self._by_any(device, asked or [UP_TIME]), device)

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        """As ``Executor.apply``."""
        if is_move(plan):
            return await self.moving.apply(device, plan, permit, self.executors)
        return await self._of(device).apply(device, plan, permit)

    async def _by_any(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        try:
            return await self._of(device).read(device, paths)
        except DeviceUnreachable:
            for name, executor in self.executors.items():
                with suppress(DeviceUnreachable, ControllerRefused):
                    if name is not device.controller:
                        return await executor.read(replace(device, controller=name), paths)
            raise

    def _of(self, device: Device) -> Executor:
        executor = self.executors.get(device.controller)
        if executor is None:
            raise DeviceUnreachable(
                f"there is no {device.controller} here, and nothing was sent",
                remedy="Name it in the settings, or move the device to a controller that is here.",
            )
        return executor
