"""The process under test: our USP controller, or bare peers that move as many bytes.

Told by lines on its standard input what to do, it says on its standard output what that cost.
"""

import asyncio
import gc
import json
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from time import perf_counter, process_time
from typing import Any, Protocol

import uvloop
from aiomqtt import Client, MqttError, ProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from websockets.asyncio.server import ServerConnection, serve

from brain.ids import new_id
from evals.bench.usp_agents import CONTROLLER, GET, Bare, endpoint, set_channel
from evals.processes import held_bytes
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.admission import by_broker, by_word
from executors.usp.broker import AT_ONCE, CONTENT_TYPE, BrokerOptions, properties
from executors.usp.exchange import Exchange, Reply
from executors.usp.links import Link, Links
from executors.usp.mqtt import MqttOptions, through_broker
from executors.usp.topics import Topics
from executors.usp.websocket import SUBPROTOCOL, WebSocketOptions, serving_agents

Ask = Callable[[str, str], Awaitable[bool]]
_quiet = logging.getLogger("evals.bench.mqtt")
_quiet.setLevel(logging.CRITICAL)  # that publications wait for the broker is no news here
_PATIENCE = 60.0
_SETS = {"set": set_channel("6"), "change": set_channel("11")}
_MOST = 1_000_000.0
"""Records a second: floods are not what is measured."""


class Peers(Protocol):
    """Whoever is connected."""

    def here(self) -> int:
        """How many."""

    async def ask(self, name: str, kind: str) -> bool:
        """One round trip; whether it ended as it should."""


class _Deaf:
    """Takes what agents report for read."""

    async def notified(self, endpoint: str, message_id: str, notify: q.Notify) -> None:
        """Nothing is kept."""

    def arrived(self, link: Link) -> None:
        """Nobody is asked anything."""

    def strayed(self, link: Link, claimed: str) -> None:
        """It is counted all the same."""


class Controlled:
    """Agents behind our own exchange."""

    def __init__(self) -> None:
        self.exchange = Exchange(
            endpoint_id=CONTROLLER,
            links=Links(),
            host=_Deaf(),
            new_id=new_id,
            patience=_PATIENCE,
        )

    def here(self) -> int:
        """How many."""
        return len(self.exchange.links)

    async def ask(self, name: str, kind: str) -> bool:
        """``get``, ``set``, or ``change``: a Set that is read back."""
        if kind == "get":
            return isinstance(await self._ask(name, GET), r.GetResp)
        if not isinstance(await self._ask(name, _SETS[kind]), r.SetResp):
            return False
        return kind == "set" or _channel(await self._ask(name, GET)) == "11"

    def _ask(self, name: str, body: q.Request) -> Awaitable[Reply]:
        return self.exchange.ask(name, body, repeatable=False)


def _channel(reply: Reply) -> str:
    assert isinstance(reply, r.GetResp)
    return reply.req_path_results[0].resolved_path_results[0].result_params["Channel"]


class BareSockets:
    """What ``websockets`` does by itself: one message out, one back."""

    def __init__(self) -> None:
        self._sockets: dict[str, ServerConnection] = {}
        self._asked = Bare().asked

    def here(self) -> int:
        """How many."""
        return len(self._sockets)

    async def handle(self, socket: ServerConnection) -> None:
        """One peer."""
        assert socket.request is not None
        self._sockets[socket.request.path.rpartition("=")[2].replace("%3A", ":")] = socket
        await socket.wait_closed()

    async def ask(self, name: str, kind: str) -> bool:
        """One round trip."""
        socket = self._sockets[name]
        await socket.send(self._asked[kind])
        return bool(await socket.recv())


class BareClient:
    """What ``aiomqtt`` does by itself: one publication out, one back, with MQTT 5's properties."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._asked = Bare().asked
        self._answers: dict[str, asyncio.Future[bytes]] = {}

    def here(self) -> int:
        """A broker does not say."""
        return 0

    async def run(self) -> None:
        """Take what comes back."""
        async for message in self._client.messages:
            waiting = self._answers.pop(str(message.topic).rpartition("/")[2])
            assert isinstance(message.payload, bytes)
            waiting.set_result(message.payload)

    async def ask(self, name: str, kind: str) -> bool:
        """One round trip."""
        waiting = self._answers[name] = asyncio.get_running_loop().create_future()
        beside = properties(
            PacketTypes.PUBLISH,
            ContentType=CONTENT_TYPE,
            ResponseTopic=f"bare/reply/{name}",
            MessageExpiryInterval=60,
        )
        with suppress(MqttError):  # as in our own: nobody waits for the broker to have it
            await self._client.publish(
                f"bare/agent/{name}", self._asked[kind], 1, properties=beside, timeout=0
            )
        return bool(await waiting)


@asynccontextmanager
async def controlled_sockets(port: int) -> AsyncIterator[Peers]:
    """Our controller over WebSocket."""
    made = Controlled()
    options = WebSocketOptions(
        host="127.0.0.1", port=port, admission=by_word, records_per_second=_MOST
    )
    async with serving_agents(made.exchange, options):
        yield made


@asynccontextmanager
async def bare_sockets(port: int) -> AsyncIterator[Peers]:
    """The library alone, set as we set it."""
    made = BareSockets()
    async with serve(
        made.handle, "127.0.0.1", port, subprotocols=[SUBPROTOCOL], compression=None, max_queue=8
    ):
        yield made


@asynccontextmanager
async def controlled_mqtt(port: int) -> AsyncIterator[Peers]:
    """Our controller through a broker."""
    made = Controlled()
    broker = BrokerOptions(
        host="127.0.0.1", port=port, client="bench", endpoint=CONTROLLER, session=None
    )
    topics = Topics(prefix="usp", client="bench", group="")
    options = MqttOptions(
        broker=broker, topics=topics, admission=by_broker, records_per_second=_MOST
    )
    async with through_broker(made.exchange, options):
        yield made


@asynccontextmanager
async def bare_mqtt(port: int) -> AsyncIterator[Peers]:
    """The library alone."""
    async with Client(
        "127.0.0.1", port, protocol=ProtocolVersion.V5, socket_options=AT_ONCE, logger=_quiet
    ) as client:
        await client.subscribe("bare/reply/#", qos=1)
        made = BareClient(client)
        task = asyncio.create_task(made.run())
        yield made
        task.cancel()


KINDS = {
    "usp-websocket": controlled_sockets,
    "bare-websocket": bare_sockets,
    "usp-mqtt": controlled_mqtt,
    "bare-mqtt": bare_mqtt,
}


async def do(peers: Peers, command: str) -> dict[str, Any]:
    """``here``, ``memory``, or ``KIND TIMES AGENTS AT_ONCE``."""
    if command == "here":
        return {"here": peers.here()}
    if command == "memory":
        gc.collect()
        return {"bytes": held_bytes()}
    kind, times, agents, at_once = command.split()
    numbers = iter(range(int(times)))
    good = 0

    async def lane() -> None:
        nonlocal good
        for number in numbers:
            ended = await peers.ask(endpoint(number % int(agents)), kind)
            good += ended

    used, began = process_time(), perf_counter()
    await asyncio.gather(*(lane() for _ in range(int(at_once))))
    return {"good": good, "cpu": process_time() - used, "wall": perf_counter() - began}


def say(found: dict[str, Any]) -> None:
    """One line to whoever started us."""
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


async def main(kind: str, port: int) -> None:
    """Until the input ends."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with KINDS[kind](port) as peers:
        say({"ready": True})
        while line := await reader.readline():
            say(await do(peers, line.decode().strip()))


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2])))
