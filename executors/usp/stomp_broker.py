"""A STOMP broker that is found again when it is lost; its queues and headers are RabbitMQ's.

Nothing is sent again behind anybody's back: a request whose delivery is unknown is looked at, not
repeated. What agents sent waits in queues that outlive the connection and the broker's restart, and
leaves them once it was handled: TR-369 wants no acknowledgements (R-STOMP.17, R-STOMP.27), and from
a controller no agent can see them, while without them the broker forgets what it hands to a
controller that ends.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from executors.usp.errors import StompError
from executors.usp.stomp_connection import Connection, StompServer, connected
from executors.usp.stomp_frames import Frame

_log = structlog.get_logger(__name__)

CONTENT_TYPE: Final = "application/vnd.bbf.usp.msg"


@dataclass(frozen=True, slots=True, kw_only=True)
class StompOptions:
    """How the broker is used."""

    server: StompServer
    session: float | None = 86_400.0
    """Seconds that the broker keeps what comes while we are away; None: it keeps nothing."""
    most_unhandled: int = 256
    """So many are handed to us at once."""
    retry: float = 1.0
    """Seconds until the first attempt to connect again; doubled each time."""
    most_retry: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One record that came."""

    destination: str
    """Where it was sent to, by the broker's word."""
    content: bytes = field(repr=False)
    reply_to: str = ""
    content_type: str = ""
    handled: Callable[[], None] = field(repr=False)
    """Has the broker forget it; nothing happens once the connection is lost, and it comes again."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """What to hear, and the queue at the broker that keeps it."""

    destination: str
    queue: str


class StompBroker:
    """What is sent and heard through one broker."""

    def __init__(self, options: StompOptions, *, random: Callable[[], float]) -> None:
        self._options, self._random = options, random
        self._connection: Connection | None = None
        self.here = False
        """Whether what agents send comes to us now."""

    async def run(
        self,
        subscriptions: tuple[Subscription, ...],
        take: Callable[[Parcel], None],
        back: Callable[[], Awaitable[None]],
    ) -> None:
        """Stay connected for ever; ``back`` is awaited each time we are."""
        wait = self._options.retry
        while True:
            try:
                async with connected(self._options.server) as connection:
                    self._connection = connection
                    await self._subscribed(connection, subscriptions, take)
                    self.here, wait = True, self._options.retry
                    await back()
                    while True:
                        _hear(connection, await connection.heard(), take)
            except (OSError, TimeoutError, StompError) as error:
                why = str(error) if isinstance(error, StompError) else type(error).__name__
                _log.warning("usp_broker_lost", host=self._options.server.host, reason=why)
            finally:
                self._connection, self.here = None, False
            await asyncio.sleep(wait * (0.5 + self._random() / 2))
            wait = min(2 * wait, self._options.most_retry)

    async def send(
        self, destination: str, content: bytes, *, reply_to: str, expires: float
    ) -> bool:
        """False when it is certain that nothing left; what the agent answers tells the rest.

        The broker forgets it after ``expires`` seconds, and at once where nobody listens.
        """
        if self._connection is None:
            return False
        headers = {
            "destination": destination,
            "content-type": CONTENT_TYPE,  # R-STOMP.20
            "reply-to-dest": reply_to,  # R-STOMP.21
            "expiration": str(max(1, round(expires * 1000))),
        }
        sending = self._connection.send(Frame("SEND", headers, content))
        try:
            async with asyncio.timeout(expires):
                return await sending
        except TimeoutError:  # it is on its way, behind others
            return True

    async def _subscribed(
        self,
        connection: Connection,
        subscriptions: tuple[Subscription, ...],
        take: Callable[[Parcel], None],
    ) -> None:
        """Until the broker has confirmed each; what comes meanwhile is taken."""
        named = connection.subscribe_dest
        if named and named not in [each.destination for each in subscriptions]:  # R-STOMP.6
            raise StompError("names a destination that tells nobody apart", field="subscribe-dest")
        for number, each in enumerate(subscriptions):
            headers = {"id": f"{number}", "receipt": f"{number}", "destination": each.destination}
            await connection.send(Frame("SUBSCRIBE", headers | self._kept(each)))
        waiting = {f"{number}" for number in range(len(subscriptions))}
        async with asyncio.timeout(self._options.server.patience):
            while waiting:
                frame = await connection.heard()
                _hear(connection, frame, take)
                if frame.command == "RECEIPT":
                    waiting.discard(frame.headers.get("receipt-id", ""))

    def _kept(self, subscription: Subscription) -> dict[str, str]:
        """A queue that several controllers share, and that outlives them, or one for now."""
        headers = {
            "ack": "client-individual",
            "prefetch-count": str(self._options.most_unhandled),
            "x-queue-name": subscription.queue,
            "exclusive": "false",
        }
        if self._options.session is None:
            return headers | {"durable": "false", "auto-delete": "true"}
        expires = str(max(1, round(self._options.session * 1000)))
        # A quorum queue keeps on disk also what agents did not send as persistent.
        kept = {"x-queue-type": "quorum", "x-expires": expires}
        return headers | {"durable": "true", "auto-delete": "false"} | kept


def _hear(connection: Connection, frame: Frame, take: Callable[[Parcel], None]) -> None:
    if frame.command != "MESSAGE":
        return
    headers = frame.headers
    name = headers.get("ack", "")
    take(
        Parcel(
            destination=headers.get("destination", ""),
            content=frame.body,
            reply_to=headers.get("reply-to-dest", ""),
            content_type=headers.get("content-type", ""),
            handled=lambda: _acknowledge(connection, name),
        )
    )


def _acknowledge(connection: Connection, name: str) -> None:
    if name:
        connection.put(Frame("ACK", {"id": name}))
