"""One executor for all devices: each is acted on over the protocol that it is managed by."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from brain.datamodel.managing import OURS, with_protocol
from brain.domain.change import Plan
from brain.domain.controller import Capabilities
from brain.domain.device import Device, Protocol
from brain.domain.errors import DeviceUnreachable
from brain.domain.outcome import Outcome
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.permit import Permit
from brain.domain.ports import Executor
from executors.moving import Moving, is_move
from executors.vital_signs import UP_TIME


@dataclass(frozen=True, slots=True)
class ByProtocol:
    """An ``Executor``. A device whose protocol nobody here speaks cannot be reached."""

    executors: Mapping[Protocol, Executor]
    moving: Moving

    @property
    def capabilities(self) -> Capabilities:
        """What all of them promise: for a device of any of these protocols."""
        each = [executor.capabilities for executor in self.executors.values()]
        return Capabilities(
            kind="+".join(one.kind for one in each),
            atomic_set=all(one.atomic_set for one in each),
            parameter_key=all(one.parameter_key for one in each),
            events=all(one.events for one in each),
        )

    def promised(self, device: Device) -> Capabilities | None:
        """What the controller of this device promises; None where it has none."""
        executor = self.executors.get(device.protocol)
        return executor.capabilities if executor else None

    async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        """As ``Reader.read``; over which protocol the device is managed is told by us, not by it.

        The device is asked all the same: what it is managed over says nothing while it is away.
        Then any of its controllers will do, so that one that reaches it no more can be left.
        """
        asked = [path for path in paths if not path.startswith(OURS)]
        if len(asked) == len(paths):
            return await self._of(device).read(device, paths)
        return with_protocol(await self._by_any(device, asked or [UP_TIME]), device)

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        """As ``Executor.apply``."""
        if is_move(plan):
            return await self.moving.apply(device, plan, permit, self.executors)
        return await self._of(device).apply(device, plan, permit)

    async def _by_any(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        try:
            return await self._of(device).read(device, paths)
        except DeviceUnreachable:
            for protocol, executor in self.executors.items():
                with suppress(DeviceUnreachable):
                    if protocol is not device.protocol:
                        return await executor.read(replace(device, protocol=protocol), paths)
            raise

    def _of(self, device: Device) -> Executor:
        executor = self.executors.get(device.protocol)
        if executor is None:
            raise DeviceUnreachable(
                f"nobody here speaks {device.protocol}, and nothing was sent",
                remedy="Switch the controller of that protocol on.",
            )
        return executor
