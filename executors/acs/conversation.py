"""One live session with one device: the state machine, its mailbox, and what it is told."""

import asyncio
from typing import Protocol

from brain.domain.identity import DeviceId
from executors.acs import messages as m
from executors.acs.envelope import Envelope
from executors.acs.errors import SessionError
from executors.acs.logins import Login
from executors.acs.mailbox import Errand, Mailbox
from executors.acs.mailroom import Mailroom
from executors.acs.session import Answered, Opened, Ready, Refused, Session, Told


class Host(Protocol):
    """What is done with what devices say."""

    async def informed(self, inform: m.Inform, login: Login) -> DeviceId | None:
        """Keep it; who it is, or None for a stranger. It is stored when this returns."""

    def entered(self, device: DeviceId, inform: m.Inform) -> None:
        """The session is open, and from now on the device can be asked."""

    async def told(self, device: DeviceId, message: m.Message) -> None:
        """Keep what the device reported on its own."""


class Conversation:
    """From an Inform to the empty answer, or until it breaks."""

    def __init__(self, login: Login, *, host: Host, mailroom: Mailroom, linger: float) -> None:
        self._login = login
        self._host = host
        self._mailroom = mailroom
        self._linger = linger
        """Seconds to keep the session open for whoever got an answer to ask the next thing."""
        self._session = Session()
        self._device: DeviceId | None = None
        self._box = Mailbox()
        self._errand: Errand | None = None
        self._busy = False
        self.ended = False
        self.silence = 0
        """Seconds without a word that the device asks us to bear with; 0: it does not say."""

    async def post(self, envelope: Envelope | None) -> Envelope | None:
        """Our answer to one POST; None ends the session. Raises SessionError out of turn."""
        if self._busy or self.ended:
            raise SessionError("one request at a time, while the session lasts")
        self._busy = True
        try:
            reply = await self._post(envelope)
        except BaseException:
            self.end()
            raise
        finally:
            self._busy = False
        if reply is None:
            self.end()
        return reply

    def over(self) -> bool:
        """What ``post(None)`` does where that ends the session without anything to wait for.

        Whether it was so; else nothing has happened.
        """
        if self._busy or self.ended or self._errand is not None or not self._box.idle:
            return False
        self.end()
        return True

    def end(self) -> None:
        """Give back what the device did not answer. It may be called again, at any time."""
        if self.ended:
            return
        self.ended = True
        self._session.close()
        self._give_back()
        if self._device is not None:
            self._mailroom.leave(self._device, self.end)

    async def _post(self, envelope: Envelope | None) -> Envelope | None:
        step = self._session.receive(envelope)
        if isinstance(step, Opened):
            self.silence = step.silence
            await self._open(step.inform)
            return step.reply
        if isinstance(step, Refused):
            self.end()
            return step.reply
        if isinstance(step, Told):
            if self._device is not None:
                await self._host.told(self._device, step.message)
            return step.reply
        return await self._our_turn(step)

    async def _open(self, inform: m.Inform) -> None:
        device = await self._host.informed(inform, self._login)
        if self.ended:
            raise SessionError("the session was ended meanwhile")
        if device is None:
            return  # it is answered and given nothing: the box here is nobody's
        self._device = device
        self._box = self._mailroom.enter(device, self.end)
        if inform.has("0 BOOTSTRAP"):
            self._box.void_writes()
        self._host.entered(device, inform)
        await asyncio.sleep(0)  # so that what it began has left its errand when our turn comes

    async def _our_turn(self, step: Answered | Ready) -> Envelope | None:
        if isinstance(step, Answered):
            self._settle(step.message)
            await self._box.arrival(self._linger)
        else:
            if step.unanswered:
                # Some devices skip what they do not understand: asking again would not help.
                self._settle(None)
            await self._box.expected(self._linger)
        errand = await self._box.take(lambda: not self.ended)
        if errand is None:
            return None
        self._errand = errand
        return self._session.ask(errand.message, said_id=errand.said_id)

    def _settle(self, reply: m.Response | m.Fault | None) -> None:
        if self._errand is not None:
            self._errand.settle(reply)
        self._errand = None

    def _give_back(self) -> None:
        if self._errand is not None:
            if self._device is not None:
                self._mailroom.died(self._device, self._errand.message)
            self._box.broken(self._errand)
        self._errand = None
