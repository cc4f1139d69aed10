"""A simulated agent that speaks through an MQTT broker, of MQTT 5 or 3.1.1."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from aiomqtt import Client, MqttError, ProtocolVersion
from paho.mqtt.packettypes import PacketTypes

from evals.homes.device_session import LineLost
from evals.homes.usp.agent import HomeAgent
from evals.homes.usp.client import AgentClient
from executors.usp.broker import AT_ONCE, CONTENT_TYPE, properties
from executors.usp.messages import Message
from executors.usp.records import DisconnectRecord, MQTTConnectRecord, MqttVersion
from executors.usp.topics import with_reply


class MqttAgentClient(AgentClient):
    """As its parent; ``url`` is ``HOST:PORT``. It answers where each request asks it to."""

    def __init__(
        self, agent: HomeAgent, *, prefix: str = "usp", modern: bool = True, **options: Any
    ) -> None:
        super().__init__(agent, **options)
        self._modern = modern
        self._own = f"{prefix}/agent/{agent.endpoint}"
        self._towards = self._told = f"{prefix}/controller/{agent.endpoint}"
        self._client: Client | None = None
        self._lost = asyncio.Event()

    @property
    def here(self) -> bool:
        """Whether there is a way to the broker now."""
        return self._client is not None

    async def run(self) -> None:
        """Be connected for ever, but while the home is out of reach."""
        while True:
            with suppress(MqttError, LineLost):
                if not self.agent.home.silent:
                    await self._connected()
            await asyncio.sleep(self._retry)

    async def drop(self) -> None:
        """Say goodbye, as over every MTP (R-MTP.7), and leave the broker."""
        with suppress(MqttError):
            await self._put(self._record(DisconnectRecord("the line is lost", 0)))
        self._lost.set()

    async def _connected(self) -> None:
        host, _, port = self._url.rpartition(":")
        version = ProtocolVersion.V5 if self._modern else ProtocolVersion.V311
        async with Client(
            host,
            int(port),
            protocol=version,
            identifier=self.agent.endpoint,
            socket_options=AT_ONCE,
        ) as client:
            self._client, self._lost = client, asyncio.Event()
            try:
                listens = self._own if self._modern else f"{self._own}/#"
                await client.subscribe(listens, qos=1)
                kind = MqttVersion.V5 if self._modern else MqttVersion.V3_1_1
                await self._serve(MQTTConnectRecord(kind, listens), self._frames(client))
            finally:
                self._client = None

    async def _frames(self, client: Client) -> AsyncIterator[bytes]:
        lost, messages = asyncio.create_task(self._lost.wait()), client.messages
        try:
            while True:
                coming = asyncio.ensure_future(anext(messages))
                await asyncio.wait((lost, coming), return_when=asyncio.FIRST_COMPLETED)
                if not coming.done():
                    coming.cancel()
                    return
                message = coming.result()
                answer = str(getattr(message.properties, "ResponseTopic", ""))
                _, _, named = str(message.topic).partition("/reply-to=")
                self._told = answer or named.replace("%2F", "/") or self._towards
                assert isinstance(message.payload, bytes)
                yield message.payload
        finally:
            lost.cancel()

    async def _heard(self, message: Message) -> None:
        try:
            await super()._heard(message)
        finally:
            self._told = self._towards

    async def _put(self, content: bytes) -> None:
        if self._client is None:
            return
        said = topic = None
        if self._modern:
            said = properties(
                PacketTypes.PUBLISH, ContentType=CONTENT_TYPE, ResponseTopic=self._own
            )
        else:
            topic = with_reply(self._told, self._own)
        await self._client.publish(topic or self._told, content, qos=1, properties=said)
