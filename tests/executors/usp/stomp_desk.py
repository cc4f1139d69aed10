"""Agents that a test speaks for, and controllers, around one STOMP broker."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from brain.domain.ports import NewId
from executors.usp import messages, records
from executors.usp.admission import by_broker
from executors.usp.destinations import Destinations
from executors.usp.exchange import Exchange
from executors.usp.links import Links
from executors.usp.records import (
    NoSessionContextRecord,
    Record,
    RecordType,
    STOMPConnectRecord,
)
from executors.usp.stomp import ThroughStomp, through_stomp
from executors.usp.stomp_broker import StompOptions
from executors.usp.stomp_connection import Connection, StompServer, connected
from executors.usp.stomp_frames import Frame
from tests.executors.soon import soon
from tests.executors.usp.conftest import AGENT, CONTROLLER, Reports
from tests.executors.usp.rabbitmq import RabbitMq

USP = "application/vnd.bbf.usp.msg"


@dataclass
class StompPeer:
    """An agent's end of the broker, spoken for by the test."""

    line: Connection
    prefix: str
    endpoint: str = AGENT

    async def send(self, kind: RecordType, **other: Any) -> None:
        sender = other.get("from_id", self.endpoint)
        record = Record(to_id=CONTROLLER, from_id=sender, record_type=kind)
        headers = {
            "destination": other.get("to", f"/topic/{self.prefix}.controller.{self.endpoint}"),
            "content-type": other.get("content_type", USP),
            "reply-to-dest": other.get("reply", f"/topic/{self.prefix}.agent.{self.endpoint}"),
        }
        headers |= {"receipt": "kept"} if other.get("kept") else {}
        await self.line.send(Frame("SEND", headers, other.get("content", records.encode(record))))
        while other.get("kept") and (await self.line.heard()).command != "RECEIPT":
            pass  # the broker has it on disk then

    async def say(self, body: messages.Body, msg_id: str = "a1", **other: Any) -> None:
        content = messages.encode(messages.Message(msg_id, body))
        await self.send(NoSessionContextRecord(content), **other)

    async def hears(self) -> tuple[Frame, RecordType]:
        """The next record, and how it came."""
        while (frame := await self.line.heard()).command != "MESSAGE":
            pass
        return frame, records.decode(frame.body).record_type

    async def heard(self) -> tuple[Frame, messages.Message]:
        """The next message, and how it came."""
        while True:
            frame, kind = await self.hears()
            if isinstance(kind, NoSessionContextRecord):
                return frame, messages.decode(kind.payload)

    async def listen(self, destination: str = "") -> None:
        """Until the broker has confirmed it; StompError where it refuses."""
        place = destination or f"/topic/{self.prefix}.agent.{self.endpoint}"
        headers = {"id": "0", "receipt": "0", "destination": place, "ack": "auto"}
        await self.line.send(Frame("SUBSCRIBE", headers))
        while (await self.line.heard()).command != "RECEIPT":
            pass


@dataclass
class StompDesk:
    """Opens controllers and agents on one broker, below a prefix of the test's own."""

    stack: AsyncExitStack
    new_id: NewId
    broker: RabbitMq
    prefix: str

    async def controller(self, name: str = "c1", **options: Any) -> tuple[Exchange, Reports]:
        """One that is connected."""
        reports = options.pop("reports", None) or Reports()
        exchange = Exchange(
            endpoint_id=CONTROLLER, links=Links(), host=reports, new_id=self.new_id, patience=5
        )
        server = self._server(CONTROLLER, options.pop("user", "guest"))
        session = options.pop("session", None)
        broker = StompOptions(server=server, retry=0.02, most_retry=0.05, session=session)
        places = Destinations(prefix=self.prefix, client=name, group="all")
        made = ThroughStomp(broker=broker, destinations=places, admission=by_broker, **options)
        way = await self.stack.enter_async_context(through_stomp(exchange, made))
        await soon(lambda: way.here)
        return exchange, reports

    async def site(self, **options: Any) -> tuple[Exchange, Reports, StompPeer]:
        """A controller and an agent that found each other."""
        exchange, reports = await self.controller(**options)
        peer = await self.peer()
        await self.meet(exchange, peer)
        return exchange, reports, peer

    async def peer(self, endpoint: str = AGENT, user: str = "guest") -> StompPeer:
        """An agent that listens."""
        peer = await self.guest(endpoint, user)
        await peer.listen()
        return peer

    async def guest(self, endpoint: str = AGENT, user: str = "guest") -> StompPeer:
        """One that is connected, and has subscribed to nothing."""
        line = await self.stack.enter_async_context(connected(self._server(endpoint, user)))
        return StompPeer(line, self.prefix, endpoint)

    async def meet(self, exchange: Exchange, peer: StompPeer) -> None:
        """The agent introduces itself."""
        listens = f"/topic/{self.prefix}.agent.{peer.endpoint}"
        await peer.send(STOMPConnectRecord(subscribed_destination=listens))
        await soon(lambda: exchange.links.of(peer.endpoint))

    def _server(self, endpoint: str, user: str) -> StompServer:
        return StompServer(
            host="127.0.0.1",
            port=self.broker.port,
            endpoint=endpoint,
            user=user,
            password="guest",
            patience=5,
        )
