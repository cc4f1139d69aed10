"""Agents that speak through a STOMP broker (TR-369, STOMP binding).

    async with through_stomp(exchange, options): ...

``usp-err-id`` and its content type left the standard with USP 1.2: neither is sent, and an agent's
error of that kind is counted as unreadable.
"""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from executors.usp import records
from executors.usp.admission import Admission
from executors.usp.brokered import Agents, Listener
from executors.usp.destinations import LONGEST, Destinations
from executors.usp.errors import UspError
from executors.usp.exchange import Exchange
from executors.usp.records import Record, STOMPConnectRecord
from executors.usp.stomp_broker import CONTENT_TYPE, Parcel, StompBroker, StompOptions

MTP: Final = "stomp"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThroughStomp:
    """How agents are served through a broker."""

    broker: StompOptions
    destinations: Destinations
    admission: Admission
    """Asked whether an endpoint may come at all; that it is who it says, the broker has checked."""
    most_agents: int = 20_000
    """Kept in mind; the one that was silent longest gives way to the next."""
    records_per_second: float = 50.0
    """Of one agent, over time; a burst may be ten times as much."""


@asynccontextmanager
async def through_stomp(exchange: Exchange, options: ThroughStomp) -> AsyncIterator[StompBroker]:
    """Serve for as long as the block lasts; a broker that is away is tried again for ever."""
    agents = _StompAgents(exchange, options)
    async with agents.served():
        yield agents.broker


class _StompAgents(Agents[Parcel]):
    """Everybody who was heard through the broker: the destination sent to says who it is."""

    mtp = MTP

    def __init__(self, exchange: Exchange, options: ThroughStomp) -> None:
        super().__init__(
            exchange,
            most_agents=options.most_agents,
            records_per_second=options.records_per_second,
        )
        self._options, self._places = options, options.destinations
        self.broker = StompBroker(options.broker, random=random.random)

    async def run(self) -> None:
        await self.broker.run(self._places.subscriptions, self.take, self.back)

    def listens(self, endpoint: str) -> str:
        return self._places.agent(endpoint)

    def connect_record(self, endpoint: str) -> Record:
        kind = STOMPConnectRecord(subscribed_destination=self._places.reply(endpoint))
        return Record(to_id=endpoint, from_id=self.exchange.endpoint_id, record_type=kind)

    async def publish(self, listener: Listener[Parcel], record: Record) -> bool:
        reply_to = self._places.reply(listener.endpoint)
        if len(reply_to) > LONGEST:  # it could not answer, and the broker would hang up on us
            return False
        content = records.encode(record)
        return await self.broker.send(
            listener.place, content, reply_to=reply_to, expires=self.exchange.patience
        )

    def read(self, made: Parcel) -> tuple[Listener[Parcel], Record]:
        said = self._places.heard(made.destination)
        if not said:
            raise UspError("is no agent's", field="destination")
        if made.content_type != CONTENT_TYPE:
            raise UspError("is no USP", field="content-type")
        endpoint = self._options.admission(None, said).text
        if made.reply_to and not self._places.is_of(endpoint, made.reply_to):
            raise UspError("is not the agent's own", field="reply-to-dest")
        record = records.decode(made.content)
        listener = self.listener(endpoint)
        if record.from_id == endpoint and isinstance(record.record_type, STOMPConnectRecord):
            listener.greeted = False
        return listener, record

    def settle(self, made: Parcel) -> None:
        made.handled()
