"""Agents that speak through an MQTT broker (TR-369, MQTT binding).

    async with through_broker(exchange, options): ...

A broker keeps nobody apart for us to see: an agent is here from its first record until it says
goodbye, and the topic that it published to says who it is. A link is not a connection then, but
where the agent listens.
"""

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog

from executors.flood import Flood
from executors.usp import records
from executors.usp.admission import Admission
from executors.usp.broker import CONTENT_TYPES, Broker, BrokerOptions, Publication
from executors.usp.errors import NotAdmitted, UspError
from executors.usp.exchange import Exchange
from executors.usp.records import DisconnectRecord, MQTTConnectRecord, MqttVersion, Record
from executors.usp.topics import Topics, with_reply

_log = structlog.get_logger(__name__)

MTP: Final = "mqtt"


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttOptions:
    """How agents are served through a broker."""

    broker: BrokerOptions
    topics: Topics
    admission: Admission
    """Asked whether an endpoint may come at all; that it is who it says, the broker has checked."""
    most_agents: int = 20_000
    """Kept in mind; the one that was silent longest gives way to the next."""
    records_per_second: float = 50.0
    """Of one agent, over time; a burst may be ten times as much."""
    collect: Callable[[str, bytes], None] | None = None
    """Takes what an endpoint uploads as bulk data; None: it is dropped."""
    at_home: Callable[[str, str, bytes], None] | None = None
    """Told what publishes in the home of an endpoint, and below which name; None: nobody is."""


class _Listener:
    """A ``Link`` to where one agent listens."""

    mtp: Final = MTP

    def __init__(self, agents: "_Agents", endpoint: str) -> None:
        self._agents, self.endpoint = agents, endpoint
        self.topic = agents.topics.agent(endpoint)
        self.says_reply = False
        """Whether it learns from the topic where answers go."""
        self.greeted = False
        self.inbox: deque[Record] = deque()
        self.reading: asyncio.Task[None] | None = None
        rate, now = agents.options.records_per_second, asyncio.get_running_loop().time()
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


@asynccontextmanager
async def through_broker(exchange: Exchange, options: MqttOptions) -> AsyncIterator[None]:
    """Serve for as long as the block lasts; a broker that is away is tried again for ever."""
    agents = _Agents(exchange, options)
    exchange.links.reached[MTP] = agents.listener
    running = asyncio.create_task(agents.run())
    try:
        yield
    finally:
        del exchange.links.reached[MTP]
        await agents.stop(running)


@dataclass
class _Agents:
    """Everybody who was heard through the broker."""

    exchange: Exchange
    options: MqttOptions
    _listeners: dict[str, _Listener] = field(default_factory=dict)
    _gone: dict[str, None] = field(default_factory=dict)
    """Who said goodbye: they are not spoken to until they are heard again."""

    def __post_init__(self) -> None:
        self.topics = self.options.topics
        self._broker = Broker(self.options.broker, random=random.random)

    async def run(self) -> None:
        """Be connected for ever."""
        await self._broker.run(self.topics.filters, self._take, self._back)

    async def stop(self, running: "asyncio.Task[None]") -> None:
        """End it, and what is being read."""
        reading = [each.reading for each in self._listeners.values() if each.reading]
        for task in (running, *reading):
            task.cancel()
        await asyncio.gather(running, *reading, return_exceptions=True)
        for listener in [*self._listeners.values()]:
            self.forget(listener)

    def listener(self, endpoint: str) -> _Listener | None:
        """Where an agent listens that we know of from before; None when it said goodbye."""
        return None if endpoint in self._gone else self._of(endpoint)

    def forget(self, listener: _Listener) -> None:
        """It is not here, or not this way."""
        if self._listeners.get(listener.endpoint) is listener:
            del self._listeners[listener.endpoint]
        self.exchange.left(listener)

    def connect_record(self, endpoint: str) -> Record:
        """How we introduce ourselves: what we speak, and where we hear its answers."""
        version = MqttVersion.V5 if self.options.broker.modern else MqttVersion.V3_1_1
        kind = MQTTConnectRecord(version, self.topics.reply(endpoint))
        return Record(to_id=endpoint, from_id=self.exchange.endpoint_id, record_type=kind)

    async def publish(self, listener: _Listener, record: Record) -> bool:
        """To where it listens, with where to answer."""
        reply_to, topic = self.topics.reply(listener.endpoint), listener.topic
        if listener.says_reply:
            topic = with_reply(topic, reply_to)
        made = Publication(topic=topic, content=records.encode(record), reply_to=reply_to)
        return await self._broker.publish(made, expires=self.exchange.patience)

    async def _back(self) -> None:
        """The broker is here again: what was under way goes on."""
        for listener in [*self._listeners.values()]:
            if self.exchange.links.of(listener.endpoint) in (listener, None):
                listener.greeted = False
                await self.exchange.resumed(listener)

    def _of(self, endpoint: str) -> _Listener:
        found = self._listeners.pop(endpoint, None) or _Listener(self, endpoint)
        if len(self._listeners) >= self.options.most_agents:
            self.forget(next(iter(self._listeners.values())))
        self._listeners[endpoint] = found
        return found

    def _take(self, made: Publication) -> None:
        """One that was published to us: it waits for those of the same agent before it."""
        counts = self.exchange.links.counts
        try:
            if reporter := self.topics.reporter(made.topic):
                self._report(reporter, made)
                return
            endpoint, name = self.topics.household(made.topic)
            if endpoint:
                endpoint = self.options.admission(None, endpoint).text
                if self.options.at_home is not None:
                    self.options.at_home(endpoint, name, made.content)
                return
            listener, record = self._read(made)
        except (UspError, NotAdmitted) as error:
            counts["unreadable" if isinstance(error, UspError) else "not_admitted"] += 1
            _log.info("usp_dropped", mtp=MTP, reason=str(error))
            return
        if not listener.flood.takes(asyncio.get_running_loop().time()):
            counts["floods"] += 1
        else:
            listener.inbox.append(record)
            if listener.reading is None:
                listener.reading = asyncio.create_task(self._work(listener))

    def _report(self, reporter: str, made: Publication) -> None:
        if made.retained:
            raise UspError("is kept by the broker", field="publication")
        endpoint = self.options.admission(None, reporter).text
        if self.options.collect is not None:
            self.options.collect(endpoint, made.content)

    def _read(self, made: Publication) -> tuple[_Listener, Record]:
        """Who says what; UspError or NotAdmitted for what nobody may say there."""
        heard = self.topics.heard(made.topic)
        if heard is None:
            raise UspError("is no agent's", field="topic")
        if made.retained or made.content_type not in CONTENT_TYPES:
            raise UspError("is kept by the broker, or no USP", field="publication")
        endpoint = self.options.admission(None, heard.endpoint).text
        reply_to = made.reply_to or heard.reply_to
        if reply_to and not self.topics.is_of(endpoint, reply_to):
            raise UspError("is not the agent's own", field="response_topic")
        record = records.decode(made.content)
        listener = self._of(endpoint)
        if record.from_id == endpoint:
            self._learn(listener, reply_to, record)
        return listener, record

    def _learn(self, listener: _Listener, reply_to: str, record: Record) -> None:
        """Where it listens, and whether its version of MQTT has response topics."""
        listener.topic = reply_to or listener.topic
        kind = record.record_type
        if isinstance(kind, MQTTConnectRecord):
            listener.greeted = False
            older = not self.options.broker.modern or kind.version is MqttVersion.V3_1_1
            listener.says_reply = older and kind.subscribed_topic.endswith("/#")

    async def _work(self, listener: _Listener) -> None:
        """Handle what one agent said, one after the other."""
        try:
            while listener.inbox:
                try:
                    await self._heard(listener, listener.inbox.popleft())
                except UspError:
                    self.exchange.links.counts["unreadable"] += 1
        finally:
            listener.reading = None

    async def _heard(self, listener: _Listener, record: Record) -> None:
        links, genuine = self.exchange.links, record.from_id == listener.endpoint
        current = links.of(listener.endpoint)
        if genuine and isinstance(record.record_type, DisconnectRecord):
            await self.exchange.received(listener, record)
            self._said_goodbye(listener)
            return
        moves = current is None or isinstance(record.record_type, MQTTConnectRecord)
        if genuine and moves:
            self._gone.pop(listener.endpoint, None)
            await self.exchange.joined(listener)
        # One that came another way meanwhile is answered there: its last words here count too.
        await self.exchange.received(links.of(listener.endpoint) or listener, record)

    def _said_goodbye(self, listener: _Listener) -> None:
        self.forget(listener)
        self._gone[listener.endpoint] = None
        if len(self._gone) > self.options.most_agents:
            del self._gone[next(iter(self._gone))]
