"""Agents that speak through a broker, of whichever kind.

A broker keeps nobody apart for us to see: an agent is here from its first record until it says
goodbye, and where it may speak says who it is. A link is not a connection then, but where the agent
listens.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

import structlog

from brain.ending import end
from executors.flood import Flood
from executors.usp.errors import NotAdmitted, UspError
from executors.usp.exchange import Exchange
from executors.usp.records import (
    DisconnectRecord,
    MQTTConnectRecord,
    Record,
    STOMPConnectRecord,
)

_log = structlog.get_logger(__name__)

Delivery = TypeVar("Delivery")
"""What the broker hands over: one record, with what it says of it."""


class Listener(Generic[Delivery]):
    """A ``Link`` to where one agent listens."""

    def __init__(self, agents: "Agents[Delivery]", endpoint: str) -> None:
        self._agents, self.endpoint, self.mtp = agents, endpoint, agents.mtp
        self.place = agents.listens(endpoint)
        self.says_reply = False
        """Whether it learns from the topic where answers go (MQTT 3.1.1 alone)."""
        self.greeted = False
        self.inbox: deque[tuple[Record, Delivery]] = deque()
        self.reading: asyncio.Task[None] | None = None
        rate, now = agents.records_per_second, asyncio.get_running_loop().time()
        self.flood = Flood(rate=rate, burst=10 * rate, now=now)

    async def send(self, record: Record) -> bool:
        """False when there was no connection to the broker."""
        if not self.greeted:  # R-MTP.6: the first record
            connect = self._agents.connect_record(self.endpoint)
            self.greeted = await self._agents.publish(self, connect)
        return await self._agents.publish(self, record)

    def end(self, reason: str) -> None:
        """Forget it. Its session is with the broker, which other controllers share: no goodbye."""
        self._agents.forget(self)


class Agents(ABC, Generic[Delivery]):
    """Everybody who was heard through one broker."""

    mtp: str

    def __init__(self, exchange: Exchange, *, most_agents: int, records_per_second: float) -> None:
        self.exchange, self.records_per_second = exchange, records_per_second
        self._most_agents = most_agents
        self._listeners: dict[str, Listener[Delivery]] = {}
        self._gone: dict[str, None] = {}
        """Who said goodbye: they are not spoken to until they are heard again."""

    @abstractmethod
    async def run(self) -> None:
        """Be connected for ever: ``take`` what comes, and call ``back`` each time we are."""

    @abstractmethod
    def listens(self, endpoint: str) -> str:
        """Where this agent listens, as it was provisioned."""

    @abstractmethod
    def connect_record(self, endpoint: str) -> Record:
        """How we introduce ourselves: what we speak, and where we hear its answers."""

    @abstractmethod
    async def publish(self, listener: Listener[Delivery], record: Record) -> bool:
        """To where it listens, with where to answer. False: it is certain that nothing left."""

    @abstractmethod
    def read(self, made: Delivery) -> tuple[Listener[Delivery], Record] | None:
        """Who says what; None where it is no record, and was seen to.

        UspError or NotAdmitted for what nobody may say there.
        """

    def settle(self, made: Delivery) -> None:
        """It was handled, or dropped for good: the broker need not keep it."""

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Serve for as long as the block lasts; a broker that is away is tried again for ever."""
        self.exchange.links.reached[self.mtp] = self._reach
        running = asyncio.create_task(self.run())
        try:
            yield
        finally:
            del self.exchange.links.reached[self.mtp]
            await self._stop(running)

    def listener(self, endpoint: str) -> Listener[Delivery]:
        """Where this agent listens; the one that was silent longest gives way to the next."""
        found = self._listeners.pop(endpoint, None) or Listener(self, endpoint)
        if len(self._listeners) >= self._most_agents:
            self.forget(next(iter(self._listeners.values())))
        self._listeners[endpoint] = found
        return found

    def forget(self, listener: Listener[Delivery]) -> None:
        """It is not here, or not this way."""
        if self._listeners.get(listener.endpoint) is listener:
            del self._listeners[listener.endpoint]
        self.exchange.left(listener)

    def take(self, made: Delivery) -> None:
        """One that was published to us: it waits for those of the same agent before it."""
        counts = self.exchange.links.counts
        try:
            read = self.read(made)
        except (UspError, NotAdmitted) as error:
            counts["unreadable" if isinstance(error, UspError) else "not_admitted"] += 1
            _log.info("usp_dropped", mtp=self.mtp, reason=str(error))
            read = None
        if read is None:
            self.settle(made)
            return
        listener, record = read
        if not listener.flood.takes(asyncio.get_running_loop().time()):
            counts["floods"] += 1
            self.settle(made)
        else:
            listener.inbox.append((record, made))
            if listener.reading is None:
                listener.reading = asyncio.create_task(self._work(listener))

    async def back(self) -> None:
        """The broker is here again: what was under way goes on."""
        for listener in [*self._listeners.values()]:
            if self.exchange.links.of(listener.endpoint) in (listener, None):
                listener.greeted = False
                await self.exchange.resumed(listener)

    def _reach(self, endpoint: str) -> Listener[Delivery] | None:
        """Where an agent listens that we know of from before; None when it said goodbye."""
        return None if endpoint in self._gone else self.listener(endpoint)

    async def _stop(self, running: "asyncio.Task[None]") -> None:
        """End it, and what is being read."""
        reading = [each.reading for each in self._listeners.values() if each.reading]
        await end([running, *reading])
        for listener in [*self._listeners.values()]:
            self.forget(listener)

    async def _work(self, listener: Listener[Delivery]) -> None:
        """Handle what one agent said, one after the other."""
        try:
            while listener.inbox:
                record, made = listener.inbox.popleft()
                try:
                    await self._heard(listener, record)
                except UspError:
                    self.exchange.links.counts["unreadable"] += 1
                self.settle(made)
        finally:
            listener.reading = None

    async def _heard(self, listener: Listener[Delivery], record: Record) -> None:
        links, genuine = self.exchange.links, record.from_id == listener.endpoint
        current, kind = links.of(listener.endpoint), record.record_type
        if genuine and isinstance(kind, DisconnectRecord):
            await self.exchange.received(listener, record)
            self._said_goodbye(listener)
            return
        moves = current is None or isinstance(kind, MQTTConnectRecord | STOMPConnectRecord)
        if genuine and moves:
            self._gone.pop(listener.endpoint, None)
            await self.exchange.joined(listener)
        # One that came another way meanwhile is answered there: its last words here count too.
        await self.exchange.received(links.of(listener.endpoint) or listener, record)

    def _said_goodbye(self, listener: Listener[Delivery]) -> None:
        self.forget(listener)
        self._gone[listener.endpoint] = None
        if len(self._gone) > self._most_agents:
            del self._gone[next(iter(self._gone))]
