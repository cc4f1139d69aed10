"""Requests that kill a device are not sent again: some take down the box, and the home with it.

A session that dies while the device has a request counts against that request; an answer clears
it, and so do other firmware and a factory reset. Restarts are no deaths: they are asked for.
"""

import asyncio
from dataclasses import dataclass, field
from hashlib import sha256

import structlog

from brain.domain.errors import ControllerRefused, GatewrightError
from brain.domain.history import EventKind
from brain.domain.identity import DeviceId
from brain.domain.ports import Clock
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.facts import entry

_log = structlog.get_logger(__name__)

_ENDS_BY_ITSELF = (m.Reboot, m.FactoryReset)


@dataclass(slots=True, kw_only=True)
class Quarantine:
    """What is counted is in the store, so every worker knows it and a restart forgets nothing."""

    store: Store
    clock: Clock
    most: int = 3
    """Deaths in a row after which a request is not sent any more."""
    _writing: set[asyncio.Task[None]] = field(default_factory=set)

    async def check(self, device: DeviceId, message: m.Request) -> bool:
        """Whether the device died at it before. ControllerRefused when it did so too often."""
        async with self.store.read(brief=True) as tx:
            known = await tx.devices.find(device)
            times = await tx.deadly_requests.times(known, _digest(message)) if known else 0
        if times < self.most:
            return times > 0
        raise ControllerRefused(
            f"{_named(message)} is quarantined: the device's session died at it {times} times in "
            "a row, so it was not sent. It is tried again after other firmware or a reset"
        )

    def died(self, device: DeviceId, message: m.Request) -> None:
        """The session broke while the device had it."""
        if not isinstance(message, _ENDS_BY_ITSELF):
            task = asyncio.create_task(self._count(device, message))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)

    async def survived(self, device: DeviceId, message: m.Request) -> None:
        """The device answered, though it died at it before."""
        async with self.store.begin() as tx:
            known = await tx.devices.find(device)
            if known is not None:
                await tx.deadly_requests.survived(known, _digest(message))

    async def settled(self) -> None:
        """Wait until all that died is counted."""
        await asyncio.gather(*self._writing, return_exceptions=True)

    async def _count(self, device: DeviceId, message: m.Request) -> None:
        try:
            async with self.store.begin() as tx:
                known = await tx.devices.find(device)
                if known is None:
                    return
                now = self.clock()
                times = await tx.deadly_requests.died(known, _digest(message), now)
                if times == self.most:
                    detail = (
                        f"{_named(message)} is quarantined: the session died at it {times} times"
                    )
                    await tx.events.add(
                        entry(known, EventKind.FAULT, now, value="quarantined", detail=detail)
                    )
                    _log.warning("request_quarantined", device=device, request=_named(message))
        except GatewrightError as error:
            _log.warning("death_not_counted", device=device, reason=str(error))


def _digest(message: m.Request) -> str:
    """Names what is asked for, without a value: it may be a secret."""
    level = str(message.next_level) if isinstance(message, m.GetParameterNames) else ""
    parts = (type(message).__name__, level, *_names(message))
    return sha256("\0".join(parts).encode()).hexdigest()


def _named(message: m.Request) -> str:
    """In words, without a value."""
    names, kind = _names(message), type(message).__name__
    if not names:
        return kind
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{kind} of {names[0][:256] or 'everything'}{more}"


def _names(message: m.Request) -> tuple[str, ...]:
    if isinstance(message, m.GetParameterValues):
        return message.names
    if isinstance(message, m.SetParameterValues):
        return tuple(each.name for each in message.values)
    if isinstance(message, m.GetParameterNames | m.AddObject | m.DeleteObject):
        return (message.path,)
    return ()
