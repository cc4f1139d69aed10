"""The mailboxes of all devices, and the one way to ask a device something."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from brain.domain.errors import DeviceUnreachable
from brain.domain.identity import DeviceId
from brain.domain.ports import NewId
from executors.acs import messages as m
from executors.acs.mailbox import Errand, Leave, Mailbox, Reply
from executors.acs.writing import body_of

Waker = Callable[[DeviceId], Awaitable[None]]
"""Keeps trying to make a device come; cancelled when it has. It lets no error out."""

End = Callable[[], None]


class Ward(Protocol):
    """Knows at which requests a device's sessions die."""

    async def check(self, device: DeviceId, message: m.Request) -> bool:
        """Whether it died at this one before; ControllerRefused when it may not be asked again."""

    def died(self, device: DeviceId, message: m.Request) -> None:
        """It did."""

    async def survived(self, device: DeviceId, message: m.Request) -> None:
        """It answered after all."""


_LOOKS, _LOOK_SECONDS = 20, 0.1


class Mailroom:
    """One mailbox a device, made when somebody asks and gone when nobody does."""

    def __init__(self, *, new_id: NewId, patience: float, ward: Ward | None = None) -> None:
        self._new_id = new_id
        self._ward = ward
        self._patience = patience
        """Seconds that a device has to come, and again to answer."""
        self._boxes: dict[DeviceId, Mailbox] = {}
        self._live: dict[DeviceId, End] = {}
        self._askers: dict[DeviceId, int] = {}

    def enter(self, device: DeviceId, end: End) -> Mailbox:
        """The device opened a session; the one it had before, if any, is ended first."""
        before = self._live.get(device)
        self._live[device] = end
        box = self._boxes.setdefault(device, Mailbox())
        if before is not None:
            before()
        return box

    def leave(self, device: DeviceId, end: End) -> None:
        """That session is over; nothing happens when a newer one took its place."""
        if self._live.get(device) == end:
            del self._live[device]
            self._boxes[device].void_passing()
            self._tidy(device)

    def died(self, device: DeviceId, message: m.Request) -> None:
        """Its session broke while it had this request."""
        if self._ward is not None:
            self._ward.died(device, message)

    def expecting(self, device: DeviceId) -> AbstractContextManager[None]:
        """A device that is here waits a moment for what is about to be asked."""
        return self._boxes[device].expecting() if self.is_live(device) else nullcontext()

    def is_live(self, device: DeviceId) -> bool:
        """Whether the device is talking to us now."""
        return device in self._live

    def is_awaited(self, device: DeviceId) -> bool:
        """Whether somebody waits for what the device will say."""
        return device in self._askers

    async def ask(
        self,
        device: DeviceId,
        message: m.Request,
        *,
        repeatable: bool,
        wake: Waker | None = None,
        patience: float | None = None,
        leave: Leave | None = None,
    ) -> Reply:
        """Hand this to the device and wait for what it says.

        Raises DeviceUnreachable when the device did not come in time, and then it is certain that
        it will never be handed over, and what ``leave`` raises when it may not be any more;
        SoapError when it cannot be written, and ControllerRefused when the device's sessions die
        at it. None: it was handed over, and no answer is known.
        """
        body_of(message)  # what cannot be written must fail before anybody counts it as sent
        errand = Errand(
            message,
            said_id=self._new_id("rpc"),
            repeatable=repeatable,
            patience=self._patience if patience is None else min(patience, self._patience),
            leave=leave,
        )
        return await self._asked(device, errand, wake)

    async def ask_here(self, device: DeviceId, message: m.Request) -> Reply:
        """As ``ask``, in the session that is open now or not at all: the device is not woken."""
        if not self.is_live(device):
            raise _not_here()
        errand = Errand(
            message,
            said_id=self._new_id("rpc"),
            repeatable=False,
            patience=self._patience,
            here_only=True,
        )
        return await self._asked(device, errand, None)

    async def _asked(self, device: DeviceId, errand: Errand, wake: Waker | None) -> Reply:
        died_before, leave = False, errand.leave

        async def may_be_handed_over() -> None:
            nonlocal died_before
            if self._ward is not None:
                died_before = await self._ward.check(device, errand.message)
            if leave is not None:
                await leave()

        errand.leave = may_be_handed_over
        box = self._boxes.setdefault(device, Mailbox())
        self._askers[device] = self._askers.get(device, 0) + 1
        box.put(errand)
        waking = asyncio.ensure_future(self._rouse(device, wake)) if wake else None
        try:
            reply = await self._outcome(errand, waking)
            if died_before and reply is not None and self._ward is not None:
                await self._ward.survived(device, errand.message)
            return reply
        finally:
            # Also when the asker was cancelled: what nobody waits for is not sent (again).
            box.withdraw(errand)
            errand.repeatable = False
            self._done_asking(device)

    async def _rouse(self, device: DeviceId, wake: Waker) -> None:
        # A session under way takes the errand by itself, unless it is just ending or has broken.
        for _ in range(_LOOKS):
            if not self.is_live(device):
                break
            await asyncio.sleep(_LOOK_SECONDS)
        await wake(device)

    async def _outcome(self, errand: Errand, waking: asyncio.Future[None] | None) -> Reply:
        patience = errand.deadline - asyncio.get_running_loop().time()
        try:
            first = asyncio.FIRST_COMPLETED
            await asyncio.wait({errand.sent, errand.reply}, timeout=patience, return_when=first)
        finally:
            if waking is not None:
                waking.cancel()
        if errand.refusal is not None:
            raise errand.refusal
        if not errand.sent.done():
            if errand.here_only:
                raise _not_here()
            raise DeviceUnreachable(
                "the device did not come in time, and nothing was sent",
                remedy="Check that it is on and online, then try again.",
            )
        await asyncio.wait({errand.reply}, timeout=self._patience)
        if errand.refusal is not None:  # its session broke, and it may not be asked again
            raise errand.refusal
        return errand.reply.result() if errand.reply.done() else None

    def _done_asking(self, device: DeviceId) -> None:
        self._askers[device] -= 1
        if not self._askers[device]:
            del self._askers[device]
        self._tidy(device)

    def _tidy(self, device: DeviceId) -> None:
        if device not in self._live and device not in self._askers:
            self._boxes.pop(device, None)


def _not_here() -> DeviceUnreachable:
    return DeviceUnreachable(
        "the device has gone, and nothing was sent", remedy="It is asked at its next call."
    )
