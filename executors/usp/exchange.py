"""What goes to and fro between this controller and its agents: requests answered, reports taken.

An answer belongs to the request of the same agent and the same ``msg_id``, on whichever link it
comes; nothing else ties the two (TR-369, Messages). A request that nobody answers in time ends as
None: it may have been carried out.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final, Protocol

import structlog

from brain.domain.errors import DeviceUnreachable, GatewrightError
from brain.domain.ports import NewId
from executors.usp import messages
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.codes import NOT_SUPPORTED
from executors.usp.errors import UspError
from executors.usp.links import Link, Links
from executors.usp.messages import ANSWERS, Message
from executors.usp.patience import Patience
from executors.usp.records import (
    DisconnectRecord,
    NoSessionContextRecord,
    PayloadSecurity,
    Record,
    SessionContextRecord,
)
from executors.usp.session_context import SessionContext

_log = structlog.get_logger(__name__)

Reply = r.Response | r.Error | None
"""What the agent said; None when nobody can tell whether it did as asked."""

Leave = Callable[[], Awaitable[None]]
"""Raises a GatewrightError when what was asked before may not be handed over any more."""

OUTCOMES: Final = ("answered", "refused", "unanswered", "not_sent")
_MOST_ASKED = 64
"""Of one agent at once."""


class Host(Protocol):
    """What is done with what agents report."""

    async def notified(self, endpoint: str, message_id: str, notify: q.Notify) -> None:
        """Keep it; it is stored when this returns. It must not ask the agent anything."""

    def arrived(self, link: Link) -> None:
        """An agent is here, and from now on it can be asked."""

    def strayed(self, link: Link, claimed: str) -> None:
        """A record claims another sender than the one who is on this link."""


@dataclass(slots=True)
class _Asked:
    message: Message
    answer: "asyncio.Future[Reply]"
    repeatable: bool
    sent: bool = False


@dataclass(slots=True, kw_only=True)
class Exchange:
    """All conversations with all agents."""

    endpoint_id: str
    """Ours."""
    links: Links
    host: Host
    new_id: NewId
    patience: float
    """Seconds that an agent has to come, and again to answer."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """Requests by what came of them: one of ``OUTCOMES``."""
    _asked: dict[tuple[str, str], _Asked] = field(default_factory=dict)
    _in_flight: dict[str, int] = field(default_factory=dict)
    _contexts: dict[str, SessionContext] = field(default_factory=dict)
    _patience: Patience[r.Response | r.Error] = field(init=False)

    _numbers: Iterator[int] = field(default_factory=count)
    _run: str = ""

    def __post_init__(self) -> None:
        self._patience = Patience(self.patience)

    async def ask(
        self,
        endpoint: str,
        body: q.Request,
        *,
        repeatable: bool,
        patience: float | None = None,
        leave: Leave | None = None,
    ) -> Reply:
        """Hand this to the agent and wait for what it says.

        Raises DeviceUnreachable when it is certain that nothing was sent, and what ``leave`` raises
        when it may not be sent any more; UspError when it cannot be written.
        """
        message = Message(self._next_id(), body)
        content = messages.encode(message)
        wait = self.patience if patience is None else min(patience, self.patience)
        if self._in_flight.get(endpoint, 0) >= _MOST_ASKED:
            raise DeviceUnreachable("too much is asked of it at once", remedy="Try again later.")
        asked = _Asked(message, self._patience.loop.create_future(), repeatable)
        key = (endpoint, message.msg_id)
        self._in_flight[endpoint] = self._in_flight.get(endpoint, 0) + 1
        self._asked[key] = asked
        try:
            await self._hand_over(endpoint, content, wait, leave)
            asked.sent = True
            return await self._patience.outlast(asked.answer)
        finally:
            self.outcomes[_outcome(asked)] += 1
            del self._asked[key]
            self._in_flight[endpoint] -= 1
            if not self._in_flight[endpoint]:
                del self._in_flight[endpoint]

    def _next_id(self) -> str:
        """Of no other message, whoever sends it and whenever: numbers below an id of this run."""
        self._run = self._run or self.new_id("msg")
        return f"{self._run}.{next(self._numbers)}"

    async def joined(self, link: Link) -> None:
        """An agent came."""
        self.links.joined(link)
        self.host.arrived(link)
        await self.resumed(link)

    async def resumed(self, link: Link) -> None:
        """The way to an agent is open again: what is under way and harmless is asked once more on
        it, and so is what its session misses."""
        self.links.joined(link)
        context = self._contexts.get(link.endpoint)
        missing = context.overdue() if context is not None else None
        if missing is not None:  # lost with the line, and so may be that it was asked for
            await self.links.give(link, self._record(link, missing))
        if link.endpoint not in self._in_flight:
            return  # as mostly: thousands may come while thousands of others are asked
        waiting = [each for (of, _), each in self._asked.items() if of == link.endpoint]
        for each in waiting:
            if each.sent and each.repeatable and not each.answer.done():
                await self._send(link, messages.encode(each.message))

    def left(self, link: Link) -> None:
        """This way is closed."""
        self.links.left(link)

    async def received(self, link: Link, record: Record) -> None:
        """Take one record. UspError where the link should be closed for it."""
        self.links.taken[link.mtp] += 1
        if record.from_id != link.endpoint:
            self.links.counts["strayed"] += 1
            self.host.strayed(link, record.from_id)
            return
        if record.to_id != self.endpoint_id or not self.links.is_current(link):
            self.links.counts["not_for_us"] += 1
            return
        if record.payload_security is not PayloadSecurity.PLAINTEXT:
            await self._disconnect(link, "payloads are taken in plain", 7102)
            return
        kind = record.record_type
        if isinstance(kind, NoSessionContextRecord):
            await self._said(link, kind.payload)
        elif isinstance(kind, SessionContextRecord):
            await self._in_session(link, kind)
        elif isinstance(kind, DisconnectRecord):
            self._contexts.pop(link.endpoint, None)
            self.links.counts["disconnected"] += 1

    async def _hand_over(
        self, endpoint: str, content: bytes, wait: float, leave: Leave | None
    ) -> None:
        loop = self._patience.loop
        until = loop.time() + wait
        while True:
            link = self.links.of(endpoint)
            if link is None:
                link = await self.links.arrival(endpoint, until - loop.time())
            if link is None:
                raise DeviceUnreachable(
                    "the device did not come in time, and nothing was sent",
                    remedy="Check that it is on and online, then try again.",
                )
            if leave is not None:
                await leave()
            if await self._send(link, content):
                return
            self.links.left(link)

    async def _send(self, link: Link, content: bytes) -> bool:
        context = self._contexts.get(link.endpoint)
        if context is None:
            return await self.links.give(link, self._record(link, NoSessionContextRecord(content)))
        sent = [
            await self.links.give(link, self._record(link, each)) for each in context.send(content)
        ]
        return any(sent)

    def _record(
        self, link: Link, kind: NoSessionContextRecord | SessionContextRecord | DisconnectRecord
    ) -> Record:
        return Record(to_id=link.endpoint, from_id=self.endpoint_id, record_type=kind)

    async def _in_session(self, link: Link, record: SessionContextRecord) -> None:
        """An agent that uses sessions is answered in its session (R-E2E.4, R-E2E.6)."""
        try:
            context = self._contexts.get(link.endpoint)
            if context is None or context.session_id != record.session_id:
                context = self._contexts[link.endpoint] = SessionContext(record.session_id)
            taken = context.receive(record)
        except UspError as error:
            self._contexts.pop(link.endpoint, None)
            self.links.counts["sessions_broken"] += 1
            await self._disconnect(link, error.message, error.err_code)
            return
        for reply in taken.replies:
            await self.links.give(link, self._record(link, reply))
        for payload in taken.payloads:
            await self._said(link, payload)

    async def _disconnect(self, link: Link, reason: str, code: int) -> None:
        self.links.counts["turned_away"] += 1
        await self.links.give(link, self._record(link, DisconnectRecord(reason, code)))

    async def _said(self, link: Link, content: bytes) -> None:
        try:
            message = messages.decode(content)
        except UspError as error:
            self.links.counts["unreadable"] += 1
            _log.info("usp_unreadable", endpoint=link.endpoint, reason=error.message)
            return
        if isinstance(message.body, q.Notify):
            await self._notified(link, message.msg_id, message.body)
        elif isinstance(message.body, r.Response | r.Error):
            self._answered(link, message.msg_id, message.body)
        else:
            error_body = r.Error(NOT_SUPPORTED, "a controller does not do this")
            await self._send(link, messages.encode(Message(message.msg_id, error_body)))

    def _answered(self, link: Link, msg_id: str, body: r.Response | r.Error) -> None:
        asked = self._asked.get((link.endpoint, msg_id))
        if asked is None or asked.answer.done():
            self.links.counts["answers_to_nothing"] += 1
        elif not isinstance(body, r.Error | ANSWERS[type(asked.message.body)]):
            self.links.counts["other_answers"] += 1
        else:
            asked.answer.set_result(body)

    async def _notified(self, link: Link, msg_id: str, notify: q.Notify) -> None:
        """Stored first, answered then: with the answer the agent takes it as delivered (R-NOT)."""
        try:
            await self.host.notified(link.endpoint, msg_id, notify)
        except GatewrightError as error:
            self.links.counts["reports_lost"] += 1
            _log.warning("usp_report_not_kept", endpoint=link.endpoint, reason=str(error))
            return
        if notify.send_resp:
            answer = Message(msg_id, r.NotifyResp(notify.subscription_id))
            await self._send(link, messages.encode(answer))


def _outcome(asked: _Asked) -> str:
    if not asked.sent:
        return "not_sent"
    answer = asked.answer
    reply = answer.result() if answer.done() and not answer.cancelled() else None
    if reply is None:
        return "unanswered"
    return "refused" if isinstance(reply, r.Error) else "answered"
