"""Agents that a test speaks for, and controllers, around one broker."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from aiomqtt import Client, Message, ProtocolVersion
from paho.mqtt.packettypes import PacketTypes

from brain.domain.ports import NewId
from executors.usp import messages, records
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.admission import by_broker
from executors.usp.broker import BrokerOptions, properties
from executors.usp.exchange import Exchange
from executors.usp.links import Links
from executors.usp.mqtt import MqttOptions, through_broker
from executors.usp.records import (
    MQTTConnectRecord,
    MqttVersion,
    NoSessionContextRecord,
    Record,
    RecordType,
)
from executors.usp.topics import Topics, with_reply
from tests.executors.usp.conftest import AGENT, CONTROLLER, Reports
from tests.executors.usp.mosquitto import Mosquitto

OTHER = "os::001122-S2"
GET = q.Get(("Device.X.",))
GOT = r.GetResp()


def boot(name: str = "boot") -> q.Notify:
    return q.Notify(name, True, q.Event("Device.", "Boot!"))


@dataclass
class Peer:
    """An agent's end of the broker, spoken for by the test."""

    client: Client
    endpoint: str = AGENT
    modern: bool = True
    topics: list[str] = field(default_factory=list)

    async def send(self, kind: RecordType, **other: Any) -> None:
        record = Record(
            to_id=CONTROLLER, from_id=other.get("from_id", self.endpoint), record_type=kind
        )
        topic = other.get("topic", f"usp/controller/{self.endpoint}")
        reply = other.get("reply", f"usp/agent/{self.endpoint}")
        said = None
        if self.modern:
            content_type = other.get("content_type", "usp.msg")
            said = properties(PacketTypes.PUBLISH, ContentType=content_type, ResponseTopic=reply)
        else:
            topic = with_reply(topic, reply)
        content = other.get("content", records.encode(record))
        await self.client.publish(topic, content, qos=1, properties=said)

    async def say(self, body: messages.Body, msg_id: str = "a1", **other: Any) -> None:
        await self.send(
            NoSessionContextRecord(messages.encode(messages.Message(msg_id, body))), **other
        )

    async def hears(self) -> tuple[Message, RecordType]:
        """The next record, and how it came."""
        async with asyncio.timeout(5):
            message = await anext(self.client.messages)
        assert isinstance(message.payload, bytes)
        return message, records.decode(message.payload).record_type

    async def heard(self) -> tuple[Message, messages.Message]:
        """The next message, and how it came."""
        while True:
            message, kind = await self.hears()
            if isinstance(kind, NoSessionContextRecord):
                return message, messages.decode(kind.payload)


@dataclass
class Desk:
    """Opens controllers and agents on one broker."""

    stack: AsyncExitStack
    new_id: NewId
    broker: Mosquitto

    async def controller(self, name: str = "c1", **options: Any) -> tuple[Exchange, Reports]:
        """One that is connected, unless the broker is down."""
        reports = Reports()
        exchange = Exchange(
            endpoint_id=CONTROLLER, links=Links(), host=reports, new_id=self.new_id, patience=5
        )
        broker = BrokerOptions(
            host="127.0.0.1",
            port=self.broker.port,
            client=name,
            endpoint=CONTROLLER,
            retry=0.02,
            most_retry=0.05,
            session=options.pop("session", None),
            modern=options.pop("modern", True),
            user=options.pop("user", ""),
        )
        topics = Topics(prefix="usp", client=name, group="all" if broker.modern else "")
        made = MqttOptions(broker=broker, topics=topics, admission=by_broker, **options)
        await self.stack.enter_async_context(through_broker(exchange, made))
        return exchange, reports

    async def site(self, **options: Any) -> tuple[Exchange, Reports, Peer]:
        """A controller and an agent that found each other."""
        exchange, reports = await self.controller(**options)
        peer = await self.peer(modern=options.get("modern", True))
        await self.meet(exchange, peer)
        return exchange, reports, peer

    async def peer(self, endpoint: str = AGENT, modern: bool = True, **options: Any) -> Peer:
        version = ProtocolVersion.V5 if modern else ProtocolVersion.V311
        client = Client("127.0.0.1", self.broker.port, protocol=version, **options)
        await self.stack.enter_async_context(client)
        await client.subscribe(f"usp/agent/{endpoint}" + ("" if modern else "/#"), qos=1)
        return Peer(client, endpoint, modern)

    async def meet(self, exchange: Exchange, peer: Peer) -> None:
        """The agent introduces itself until it is heard: the controller may still be connecting."""
        version = MqttVersion.V5 if peer.modern else MqttVersion.V3_1_1
        listens = f"usp/agent/{peer.endpoint}" + ("" if peer.modern else "/#")
        async with asyncio.timeout(5):
            while exchange.links.of(peer.endpoint) is None:
                await peer.send(MQTTConnectRecord(version, listens))
                await asyncio.sleep(0.01)
