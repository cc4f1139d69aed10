"""Agents by the thousand in one process, each with a few values of its own; or bare peers."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from aiomqtt import Client, MqttError, ProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from websockets.asyncio.client import ClientConnection, connect

from executors.usp import messages, records
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.broker import AT_ONCE, CONTENT_TYPE, properties
from executors.usp.messages import Message
from executors.usp.records import MQTTConnectRecord, MqttVersion, NoSessionContextRecord, Record
from executors.usp.websocket import SUBPROTOCOL

CONTROLLER: Final = "self::bench"
RADIO: Final = "Device.WiFi.Radio.1."
GET: Final = q.Get((RADIO,))
_VALUES: Final = {
    "Channel": "1",
    "Enable": "true",
    "Status": "Up",
    "AutoChannelEnable": "false",
    "OperatingFrequencyBand": "2.4GHz",
    "OperatingChannelBandwidth": "20MHz",
    "PossibleChannels": "1,2,3,4,5,6,7,8,9,10,11,12,13",
    "TransmitPower": "100",
}
_quiet: Final = logging.getLogger("evals.bench.mqtt")
_quiet.setLevel(logging.CRITICAL)  # that publications wait for the broker is no news here
_CONNECTING: Final = 50
_PATIENCE: Final = 60.0


def endpoint(number: int) -> str:
    """How the agent of this number names itself."""
    return f"os::00D09E-B{number:06d}"


def set_channel(value: str) -> q.Set:
    """What is written."""
    return q.Set(update_objs=(q.UpdateObject(RADIO, (q.UpdateParamSetting("Channel", value),)),))


def record(kind: records.RecordType, *, to: str, of: str) -> bytes:
    """As it travels."""
    return records.encode(Record(to_id=to, from_id=of, record_type=kind))


def said(message: Message, *, to: str, of: str) -> bytes:
    """A message as it travels."""
    return record(NoSessionContextRecord(messages.encode(message)), to=to, of=of)


@dataclass(slots=True)
class Agent:
    """Answers Get and Set from its own values."""

    endpoint: str
    values: dict[str, str] = field(default_factory=lambda: dict(_VALUES))

    def answer(self, content: bytes) -> bytes | None:
        """What it says to one record; None where nothing is to be said."""
        kind = records.decode(content).record_type
        if not isinstance(kind, NoSessionContextRecord):
            return None
        asked = messages.decode(kind.payload)
        answer = Message(asked.msg_id, self.body(asked.body))
        return said(answer, to=CONTROLLER, of=self.endpoint)

    def body(self, asked: messages.Body) -> messages.Body:
        """The answer itself."""
        if isinstance(asked, q.Get):
            found = (r.ResolvedPathResult(RADIO, dict(self.values)),)
            return r.GetResp((r.PathValues(RADIO, resolved_path_results=found),))
        if not isinstance(asked, q.Set):
            return r.Error(7004)
        written = {each.param: each.value for each in asked.update_objs[0].param_settings}
        self.values |= written
        done = r.UpdateSuccess((r.UpdatedInstanceResult(RADIO, updated_params=written),))
        return r.SetResp((r.UpdatedObjectResult(RADIO, done),))


class Bare:
    """Answers with as many bytes as an agent would, and looks at nothing but the first byte."""

    def __init__(self) -> None:
        of = endpoint(0)
        agent = Agent(of)
        self.asked: dict[str, bytes] = {}
        self._answers: dict[int, bytes] = {}
        for name, body in (("get", GET), ("set", set_channel("6"))):
            content = said(Message("msg_" + 26 * "0", body), to=of, of=CONTROLLER)
            self.asked[name] = name[:1].encode() + bytes(len(content) - 1)
            self._answers[ord(name[0])] = agent.answer(content) or b""

    def answer(self, content: bytes) -> bytes | None:
        """As many bytes."""
        return self._answers[content[0]]


@asynccontextmanager
async def over_websocket(url: str, numbers: range, *, bare: bool) -> AsyncIterator[None]:
    """Connected for as long as the block lasts; at most ``_CONNECTING`` connect at once."""
    async with AsyncExitStack() as stack:
        turns = asyncio.Semaphore(_CONNECTING)
        everybody = Bare()

        async def one(number: int) -> None:
            name = endpoint(number)
            async with turns:
                socket = await connect(
                    f"{url}?eid={quote(name)}",
                    subprotocols=[SUBPROTOCOL],
                    compression=None,
                    ping_interval=None,
                    open_timeout=_PATIENCE,
                )
            stack.push_async_callback(socket.close)
            task = asyncio.create_task(_serve(socket, everybody if bare else Agent(name)))
            stack.callback(task.cancel)

        await asyncio.gather(*(one(number) for number in numbers))
        yield


async def _serve(socket: ClientConnection, agent: Agent | Bare) -> None:
    async for frame in socket:
        assert isinstance(frame, bytes)
        answer = agent.answer(frame)
        if answer is not None:
            await socket.send(answer)


@asynccontextmanager
async def over_mqtt(port: int, numbers: range, *, bare: bool) -> AsyncIterator[None]:
    """All of them behind one connection to the broker: what they cost is not measured."""
    agents = {endpoint(number): Agent(endpoint(number)) for number in numbers}
    everybody = Bare()
    async with Client(
        "127.0.0.1", port, protocol=ProtocolVersion.V5, socket_options=AT_ONCE, logger=_quiet
    ) as client:
        await client.subscribe(f"{'bare' if bare else 'usp'}/agent/#", qos=1)
        if not bare:
            await asyncio.sleep(1)  # the controller may still be connecting
            for name, content in _introductions(numbers):
                await _publish(client, f"usp/controller/{name}", content, name)
        task = asyncio.create_task(_answers(client, {} if bare else agents, everybody))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})


async def _answers(client: Client, agents: dict[str, Agent], everybody: Bare) -> None:
    async for message in client.messages:
        name = str(message.topic).rpartition("/")[2]
        assert isinstance(message.payload, bytes)
        answer = agents.get(name, everybody).answer(message.payload)
        if answer is not None:
            to = getattr(message.properties, "ResponseTopic", f"usp/controller/{name}")
            await _publish(client, to, answer, name)


async def _publish(client: Client, topic: str, content: bytes, name: str) -> None:
    said_beside = properties(
        PacketTypes.PUBLISH, ContentType=CONTENT_TYPE, ResponseTopic=f"usp/agent/{name}"
    )
    with suppress(MqttError):  # it leaves; that nobody waits for the broker is an error there
        await client.publish(topic, content, 1, properties=said_beside, timeout=0)


def _introductions(numbers: range) -> Iterator[tuple[str, bytes]]:
    for number in numbers:
        name = endpoint(number)
        kind = MQTTConnectRecord(MqttVersion.V5, f"usp/agent/{name}")
        yield name, record(kind, to=CONTROLLER, of=name)
