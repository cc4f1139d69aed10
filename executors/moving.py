"""Moves a device to another controller, when that controller reaches it.

Nothing is sent that would change anything on the device: it answers both controllers already, and
what moves is who acts on it. History, backups and autonomy stay with the device.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from brain.datamodel.managing import MANAGED_BY
from brain.domain.change import Plan, SetParameter
from brain.domain.device import ControllerName, Device
from brain.domain.errors import ControllerRefused, DeviceUnreachable, NotFound
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath
from brain.domain.permit import Permit
from brain.domain.ports import Clock, Executor, PermitCheck
from brain.store.store import Store

_SERIAL = ParameterPath("Device.DeviceInfo.SerialNumber")


def is_move(plan: Plan) -> bool:
    """Whether it moves the device, and does nothing else: a plan that does more is no move."""
    return plan.paths == (MANAGED_BY,) and bool(plan.sets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """Who acts on a device is kept with the device."""

    store: Store
    permits: PermitCheck
    clock: Clock

    async def apply(
        self,
        device: Device,
        plan: Plan,
        permit: Permit,
        executors: Mapping[ControllerName, Executor],
    ) -> Outcome:
        """Move it under this permit; refused, and nothing moved, where it is not reached there.

        Raises PermitRefused as every executor does.
        """
        await self.permits.spend(permit, device, plan)
        (change,) = plan.sets
        why = await self._move(device, change, executors.get(ControllerName(change.after)))
        if why:
            return Outcome(progress=Progress.REFUSED, at=self.clock(), detail=why)
        return Outcome(progress=Progress.APPLIED, at=self.clock())

    async def _move(self, device: Device, change: SetParameter, executor: Executor | None) -> str:
        """Why it stays where it is; empty when it was moved, and answered there before and after.

        What it may lose by being moved is that it is reached: so that is looked at once more, and
        it is back at once where that is so.
        """
        there = ControllerName(change.after)
        why = await self._why_not(device, there, executor)
        if not why:
            why = await self._kept(device, change)
        if not why and (why := await self._why_not(device, there, executor)):
            await self._kept(device, change.inverse())
        return why

    async def _why_not(
        self, device: Device, there: ControllerName, executor: Executor | None
    ) -> str:
        """Why that controller cannot act on it; empty where the very device answers there."""
        if executor is None:
            return f"there is no {there} here, so the device stays where it is"
        try:
            said = await executor.read(replace(device, controller=there), [_SERIAL])
        except (DeviceUnreachable, ControllerRefused) as error:
            return f"it does not answer {there}, so it stays where it is: {error}"
        serial = said.get(_SERIAL)
        return "" if serial == device.serial else f"another device answers {there}"

    async def _kept(self, device: Device, change: SetParameter) -> str:
        """Keep who acts on it; why not, where somebody else did meanwhile."""
        async with self.store.begin() as tx:
            now = (await tx.devices.hold([device.id])).get(device.id)
            if now is None or now.tenant != device.tenant:
                raise NotFound(f"there is no device {device.id}")
            if now.controller.value != change.before:
                return f"{now.controller} acts on it already"
            await tx.devices.put(replace(now, controller=ControllerName(change.after)))
        return ""
