"""A connection to an MQTT broker, opened again when it is lost: the one place that knows aiomqtt.

Each connection is a client of its own, so that nothing is published again behind anybody's back: a
request whose delivery is unknown is looked at, not repeated. What agents published meanwhile waits
at the broker, in a session that outlives the connection and the broker's restart.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog
from aiomqtt import Client, Message, MqttCodeError, MqttError, ProtocolVersion
from paho.mqtt.client import MQTT_CLEAN_START_FIRST_ONLY
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

_log = structlog.get_logger(__name__)
_quiet = logging.getLogger("executors.usp.broker.mqtt")  # it logs topics, which name subscribers
_quiet.setLevel(logging.CRITICAL)

CONTENT_TYPE: Final = "usp.msg"
CONTENT_TYPES: Final = frozenset(["", CONTENT_TYPE, "application/vnd.bbf.usp.msg"])  # R-MQTT.27a
AT_ONCE: Final = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
"""Without it a small record waits until the broker has acknowledged the one before."""
_OVERHEAD: Final = 2048
"""Bytes of a packet beside its record: topic and properties."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One record on its way."""

    topic: str
    content: bytes = field(repr=False)
    reply_to: str = ""
    content_type: str = CONTENT_TYPE
    retained: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerOptions:
    """Where the broker is, who we are there, and how patient we are."""

    host: str
    port: int
    client: str
    endpoint: str
    """Said in CONNECT and SUBSCRIBE (R-MQTT.13)."""
    user: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = None
    modern: bool = True
    """MQTT 5; else 3.1.1."""
    session: float | None = 86_400.0
    """Seconds that the broker keeps what comes while we are away; None: it keeps nothing."""
    keep_alive: int = 30
    retry: float = 1.0
    """Seconds until the first attempt to connect again; doubled each time."""
    most_retry: float = 60.0
    most_bytes: int = 4 * 1024 * 1024


Take = Callable[[Publication], None]


class Broker:
    """What is published and heard through one broker."""

    def __init__(self, options: BrokerOptions, *, random: Callable[[], float]) -> None:
        self._options, self._random = options, random
        self._client: Client | None = None

    async def run(
        self, filters: tuple[str, ...], take: Take, connected: Callable[[], Awaitable[None]]
    ) -> None:
        """Stay connected for ever; ``connected`` is awaited each time we are."""
        wait = self._options.retry
        while True:
            try:
                async with self._connected(filters) as client:
                    wait = self._options.retry
                    await connected()
                    async for message in client.messages:
                        take(_taken(message))
            except MqttError as error:
                _log.warning("usp_broker_lost", host=self._options.host, reason=str(error))
            await asyncio.sleep(wait * (0.5 + self._random() / 2))
            wait = min(2 * wait, self._options.most_retry)

    async def publish(self, made: Publication, *, expires: float) -> bool:
        """False when it is certain that nothing left; what the agent answers tells the rest.

        Over MQTT 5 the broker forgets it after ``expires`` seconds. Over 3.1.1 nothing would bound
        how late it arrives, so it goes to who listens now or to nobody.
        """
        if self._client is None:
            return False
        qos = 1 if self._options.modern else 0
        properties = self._published(made, expires)
        try:
            await self._client.publish(
                made.topic, made.content, qos, properties=properties, timeout=0
            )
        except MqttCodeError:  # refused before it left; this client never tries again
            return False
        except MqttError:  # not confirmed yet, and nobody waits for that
            return True
        return True

    @asynccontextmanager
    async def _connected(self, filters: tuple[str, ...]) -> AsyncIterator[Client]:
        options = self._options
        version = ProtocolVersion.V5 if options.modern else ProtocolVersion.V311
        async with Client(
            options.host,
            options.port,
            username=options.user or None,
            password=options.password or None,
            identifier=options.client,
            protocol=version,
            clean_session=None if options.modern else options.session is None,
            clean_start=options.session is None if options.modern else MQTT_CLEAN_START_FIRST_ONLY,
            keepalive=options.keep_alive,
            properties=self._introduced(),
            tls_context=options.tls,
            socket_options=AT_ONCE,
            logger=_quiet,
        ) as client:
            for each in filters:
                said = await client.subscribe(each, qos=1, properties=self._subscribed())
                if any(isinstance(code, ReasonCode) and code.is_failure for code in said):
                    raise MqttError("the broker does not let us hear agents")
            self._client = client
            try:
                yield client
            finally:
                self._client = None

    def _introduced(self) -> Properties | None:
        return self._properties(
            PacketTypes.CONNECT,
            UserProperty=("usp-endpoint-id", self._options.endpoint),
            SessionExpiryInterval=int(self._options.session or 0),
            MaximumPacketSize=self._options.most_bytes + _OVERHEAD,
        )

    def _subscribed(self) -> Properties | None:
        said = ("usp-endpoint-id", self._options.endpoint)
        return self._properties(PacketTypes.SUBSCRIBE, UserProperty=said)

    def _published(self, made: Publication, expires: float) -> Properties | None:
        reply = {"ResponseTopic": made.reply_to} if made.reply_to else {}
        return self._properties(
            PacketTypes.PUBLISH,
            ContentType=made.content_type,
            MessageExpiryInterval=max(1, round(expires)),
            **reply,
        )

    def _properties(self, packet: int, **values: object) -> Properties | None:
        return properties(packet, **values) if self._options.modern else None


def properties(packet: int, **values: object) -> Properties:
    """What MQTT 5 says of a packet beside its content."""
    made = Properties(packet)  # type: ignore[no-untyped-call]  # paho leaves it untyped
    for name, value in values.items():
        setattr(made, name, value)
    return made


def _taken(message: Message) -> Publication:
    content = message.payload
    return Publication(
        topic=str(message.topic),
        content=content if isinstance(content, bytes) else b"",
        reply_to=str(getattr(message.properties, "ResponseTopic", "")),
        content_type=str(getattr(message.properties, "ContentType", "")),
        retained=message.retain,
    )
