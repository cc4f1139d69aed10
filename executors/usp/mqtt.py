"""Agents that speak through an MQTT broker (TR-369, MQTT binding).

async with through_broker(exchange, options): ...
"""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from executors.usp import records
from executors.usp.admission import Admission
from executors.usp.broker import CONTENT_TYPES, Broker, BrokerOptions, Publication
from executors.usp.brokered import Agents, Listener
from executors.usp.errors import UspError
from executors.usp.exchange import Exchange
from executors.usp.records import MQTTConnectRecord, MqttVersion, Record
from executors.usp.topics import Topics, with_reply

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


@asynccontextmanager
async def through_broker(exchange: Exchange, options: MqttOptions) -> AsyncIterator[None]:
    """Serve for as long as the block lasts; a broker that is away is tried again for ever."""
    async with _MqttAgents(exchange, options).served():
        yield


class _MqttAgents(Agents[Publication]):
    """Everybody who was heard through the broker: the topic published to says who it is."""

    mtp = MTP

    def __init__(self, exchange: Exchange, options: MqttOptions) -> None:
        super().__init__(
            exchange,
            most_agents=options.most_agents,
            records_per_second=options.records_per_second,
        )
        self._options, self._topics = options, options.topics
        self._broker = Broker(options.broker, random=random.random)

    async def run(self) -> None:
        await self._broker.run(self._topics.filters, self.take, self.back)

    def listens(self, endpoint: str) -> str:
        return self._topics.agent(endpoint)

    def connect_record(self, endpoint: str) -> Record:
        version = MqttVersion.V5 if self._options.broker.modern else MqttVersion.V3_1_1
        kind = MQTTConnectRecord(version, self._topics.reply(endpoint))
        return Record(to_id=endpoint, from_id=self.exchange.endpoint_id, record_type=kind)

    async def publish(self, listener: Listener[Publication], record: Record) -> bool:
        reply_to, topic = self._topics.reply(listener.endpoint), listener.place
        if listener.says_reply:
            topic = with_reply(topic, reply_to)
        made = Publication(topic=topic, content=records.encode(record), reply_to=reply_to)
        return await self._broker.publish(made, expires=self.exchange.patience)

    def read(self, made: Publication) -> tuple[Listener[Publication], Record] | None:
        if reporter := self._topics.reporter(made.topic):
            self._report(reporter, made)
            return None
        endpoint, name = self._topics.household(made.topic)
        if endpoint:
            endpoint = self._options.admission(None, endpoint).text
            if self._options.at_home is not None:
                self._options.at_home(endpoint, name, made.content)
            return None
        return self._said(made)

    def _report(self, reporter: str, made: Publication) -> None:
        if made.retained:
            raise UspError("is kept by the broker", field="publication")
        endpoint = self._options.admission(None, reporter).text
        if self._options.collect is not None:
            self._options.collect(endpoint, made.content)

    def _said(self, made: Publication) -> tuple[Listener[Publication], Record]:
        """Who says what record."""
        heard = self._topics.heard(made.topic)
        if heard is None:
            raise UspError("is no agent's", field="topic")
        if made.retained or made.content_type not in CONTENT_TYPES:
            raise UspError("is kept by the broker, or no USP", field="publication")
        endpoint = self._options.admission(None, heard.endpoint).text
        reply_to = made.reply_to or heard.reply_to
        if reply_to and not self._topics.is_of(endpoint, reply_to):
            raise UspError("is not the agent's own", field="response_topic")
        record = records.decode(made.content)
        listener = self.listener(endpoint)
        if record.from_id == endpoint:
            self._learn(listener, reply_to, record)
        return listener, record

    def _learn(self, listener: Listener[Publication], reply_to: str, record: Record) -> None:
        """Where it listens, and whether its version of MQTT has response topics."""
        listener.place = reply_to or listener.place
        kind = record.record_type
        if isinstance(kind, MQTTConnectRecord):
            listener.greeted = False
            older = not self._options.broker.modern or kind.version is MqttVersion.V3_1_1
            listener.says_reply = older and kind.subscribed_topic.endswith("/#")
