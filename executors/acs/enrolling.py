"""Hands a device its own credentials and management settings, in the session in which it came.

It is the one thing that the ACS sets by itself, without a permit (docs/decisions): these names and
no others, values of our own making, and only what the registrar has just offered.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog

from brain.domain.credentials import DeviceCredentials
from brain.domain.device import Device
from brain.domain.errors import GatewrightError, Halted
from brain.domain.identity import DeviceId
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.enrolment import Enrolment
from executors.acs.mailbox import Reply
from executors.acs.mailroom import Mailroom
from executors.acs.phase import periodic_inform_time

_log = structlog.get_logger(__name__)

_MOST_ATTEMPTS: Final = 3
NEEDED: Final = frozenset({"Username", "Password"})
"""Below ManagementServer. It is no enrolment without these; what else it refuses is left out."""


@dataclass(slots=True, kw_only=True)
class Enrolling:
    """Runs beside the sessions; what fails is tried again at the next one."""

    store: Store
    mailroom: Mailroom
    enrolment: Enrolment
    _running: dict[DeviceId, asyncio.Task[None]] = field(default_factory=dict)

    def begin(self, device: Device, offer: DeviceCredentials) -> None:
        """Hand it over; one that is under way is not begun twice."""
        if device.id in self._running:
            return
        task = asyncio.create_task(self._run(device, offer), name=f"enrol {device.id}")
        self._running[device.id] = task
        task.add_done_callback(lambda _: self._running.pop(device.id, None))

    async def settled(self) -> None:
        """Wait for those under way."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def close(self) -> None:
        """Stop them all; the offers stand."""
        for task in self._running.values():
            task.cancel()
        await self.settled()

    async def _run(self, device: Device, offer: DeviceCredentials) -> None:
        try:
            await self._give(device, offer)
        except GatewrightError as error:
            _log.info("enrolment_put_off", device=device.id, reason=str(error))

    async def _give(self, device: Device, offer: DeviceCredentials) -> None:
        values = settings_of(device, offer, self.enrolment)
        reply: Reply = None
        for _ in range(_MOST_ATTEMPTS):
            reply = await self._set(device, values)
            if not isinstance(reply, m.Fault):
                return  # whether it took them shows when it next comes
            fewer = _without_refused(values, reply)
            if fewer is None or fewer == values:
                break
            values = fewer
        if isinstance(reply, m.Fault):
            await self._refused(offer, reply)

    async def _set(self, device: Device, values: Sequence[m.ParameterValue]) -> Reply:
        message = m.SetParameterValues(tuple(values))
        return await self.mailroom.ask(
            device.id, message, repeatable=False, leave=self._leave(device)
        )

    def _leave(self, device: Device) -> Callable[[], Awaitable[None]]:
        async def leave() -> None:
            async with self.store.read() as tx:
                if await tx.halts.is_halted(device.tenant):
                    raise Halted("changes are halted", remedy="It is enrolled when they go on.")

        return leave

    async def _refused(self, offer: DeviceCredentials, fault: m.Fault) -> None:
        _log.warning("enrolment_refused", device=offer.device, fault=fault.code)
        async with self.store.begin() as tx:
            await self.enrolment.append(tx, offer, "enrolment.refused", {"fault": fault.code})


def settings_of(
    device: Device, offer: DeviceCredentials, enrolment: Enrolment
) -> tuple[m.ParameterValue, ...]:
    """All that a device is given, in the names of its own data model; empty without an offer."""
    if offer.offered is None:
        return ()
    every, stun = enrolment.inform_every, enrolment.stun
    first = periodic_inform_time(device.id, every)
    given = [
        ("Username", offer.username, "string"),
        ("Password", offer.offered.own, "string"),
        ("ConnectionRequestUsername", offer.username, "string"),
        ("ConnectionRequestPassword", offer.offered.wake, "string"),
        ("PeriodicInformEnable", "1", "boolean"),
        ("PeriodicInformInterval", str(int(every.total_seconds())), "unsignedInt"),
        ("PeriodicInformTime", _date_time(first), "dateTime"),
    ]
    if stun is not None:
        given += [
            ("STUNEnable", "1", "boolean"),
            ("STUNServerAddress", stun.host, "string"),
            ("STUNServerPort", str(stun.port), "unsignedInt"),
            ("STUNUsername", offer.username, "string"),
            ("STUNPassword", offer.offered.wake, "string"),
        ]
    base = f"{device.root}ManagementServer."
    return tuple(m.ParameterValue(base + name, value, kind) for name, value, kind in given)


def _without_refused(
    values: Sequence[m.ParameterValue], fault: m.Fault
) -> tuple[m.ParameterValue, ...] | None:
    """What is left to set; None when the device refused what it cannot be enrolled without."""
    refused = {each.name for each in fault.parameters}
    if any(_leaf(name) in NEEDED for name in refused):
        return None
    if refused:
        return tuple(each for each in values if each.name not in refused)
    # It does not say which: all that is not needed goes.
    return tuple(each for each in values if _leaf(each.name) in NEEDED)


def _leaf(name: str) -> str:
    return name.rpartition(".")[2]


def _date_time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
