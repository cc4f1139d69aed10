"""Through a broker, agents are who their topic says, and nothing is lost while it restarts."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiomqtt import Client, Message, ProtocolVersion
from paho.mqtt.packettypes import PacketTypes

from brain.domain.errors import DeviceUnreachable
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
    DisconnectRecord,
    MQTTConnectRecord,
    MqttVersion,
    NoSessionContextRecord,
    Record,
    RecordType,
)
from executors.usp.topics import Topics, with_reply
from executors.usp.websocket import WebSocketOptions, serving_agents
from tests.executors.usp.conftest import AGENT, CONTROLLER, Reports, Site
from tests.executors.usp.mosquitto import Mosquitto

pytestmark = pytest.mark.mqtt

OTHER = "os::001122-S2"
GET = q.Get(("Device.X.",))
GOT = r.GetResp()


def boot(name: str = "boot") -> q.Notify:
    return q.Notify(name, True, q.Event("Device.", "Boot!"))


async def soon(true: Callable[[], object]) -> None:
    """Until it is so; TimeoutError when it never is."""
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.005)


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
            endpoint_id=CONTROLLER, links=Links(), host=reports, new_id=self.new_id, patience=2
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


@pytest.fixture
async def desk(mosquitto: Mosquitto, new_id: NewId) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        yield Desk(stack, new_id, mosquitto)


@pytest.fixture
async def own_desk(tmp_path: Path, new_id: NewId) -> AsyncIterator[Desk]:
    """With a broker that the test may restart."""
    broker = Mosquitto(tmp_path)
    broker.start()
    try:
        async with AsyncExitStack() as stack:
            yield Desk(stack, new_id, broker)
    finally:
        broker.stop()


async def test_a_report_is_answered_where_the_agent_listens(desk: Desk) -> None:
    _, reports, peer = await desk.site()

    await peer.say(boot(), "n1")
    first, connect = await peer.hears()
    message, answer = await peer.heard()

    assert connect == MQTTConnectRecord(MqttVersion.V5, f"usp/reply/c1/{AGENT}")
    assert first.topic.value == message.topic.value == f"usp/agent/{AGENT}"
    assert message.qos == 1
    assert message.properties is not None
    assert message.properties.ContentType == "usp.msg"
    assert message.properties.ResponseTopic == f"usp/reply/c1/{AGENT}"
    assert (answer.msg_id, answer.body) == ("n1", r.NotifyResp("boot"))
    assert [note[:2] for note in reports.notes] == [(AGENT, "n1")]


async def test_mqtt_3_1_1_says_in_the_topic_where_the_answer_goes(desk: Desk) -> None:
    exchange, _, peer = await desk.site(modern=False)

    asking = asyncio.create_task(exchange.ask(AGENT, GET, repeatable=True))
    message, asked = await peer.heard()
    topic = message.topic.value.partition("/reply-to=")[2].replace("%2F", "/")
    await peer.say(GOT, asked.msg_id, topic=topic)

    assert topic == f"usp/reply/c1/{AGENT}"
    assert await asking == GOT


async def test_an_older_agent_is_served_by_a_controller_on_mqtt_5(desk: Desk) -> None:
    exchange, _ = await desk.controller()
    peer = await desk.peer(modern=False)
    await desk.meet(exchange, peer)

    asking = asyncio.create_task(exchange.ask(AGENT, GET, repeatable=True))
    message, asked = await peer.heard()
    await peer.say(GOT, asked.msg_id)

    assert message.topic.value.startswith(f"usp/agent/{AGENT}/reply-to=usp%2Freply%2Fc1%2F")
    assert await asking == GOT


async def test_a_record_that_claims_another_is_dropped_counted_and_told(desk: Desk) -> None:
    exchange, reports, peer = await desk.site()

    await peer.say(boot(), from_id=OTHER)
    await soon(lambda: reports.strays)

    assert reports.strays == [(AGENT, OTHER)]
    assert exchange.links.counts["strayed"] == 1
    assert reports.notes == []
    assert exchange.links.of(OTHER) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"reply": f"usp/agent/{OTHER}"},
        {"content_type": "text/plain"},
        {"content": b"\xff\xff"},
        {"topic": f"usp/controller/{AGENT}/deeper"},
    ],
)
async def test_what_no_agent_may_publish_is_dropped_and_counted(desk: Desk, wrong: Any) -> None:
    exchange, reports, peer = await desk.site()

    await peer.say(boot(), **wrong)
    await soon(lambda: exchange.links.counts["unreadable"])

    assert exchange.links.counts["unreadable"] == 1
    assert reports.notes == []
    assert len(exchange.links) == 1


@pytest.mark.parametrize("name", ["nobody", "proto::me"])
async def test_an_endpoint_that_may_not_come_is_not_heard_and_others_are(
    desk: Desk, name: str
) -> None:
    exchange, reports, peer = await desk.site()

    await peer.say(boot(), from_id=name, topic=f"usp/controller/{name}", reply="")
    await peer.say(boot("own"))
    await soon(lambda: reports.notes)

    assert exchange.links.counts["not_admitted"] == 1
    assert [note[2].subscription_id for note in reports.notes] == ["own"]


async def test_an_agent_that_floods_is_not_heard_and_the_others_are(desk: Desk) -> None:
    exchange, reports, peer = await desk.site(records_per_second=0.5)
    other = await desk.peer(OTHER)

    for _ in range(7):
        await peer.say(boot())
    await other.say(boot())
    await soon(lambda: reports.notes and reports.notes[-1][0] == OTHER)

    assert exchange.links.counts["floods"] >= 1
    assert len([note for note in reports.notes if note[0] == AGENT]) <= 5


async def test_who_said_goodbye_is_not_spoken_to_until_it_is_back(desk: Desk) -> None:
    exchange, _, peer = await desk.site()

    await peer.send(DisconnectRecord("going"))
    await soon(lambda: exchange.links.of(AGENT) is None)
    exchange.links.reach(AGENT, "mqtt")

    with pytest.raises(DeviceUnreachable):
        await exchange.ask(AGENT, GET, repeatable=True, patience=0)
    await desk.meet(exchange, peer)
    assert exchange.links.of(AGENT) is not None


async def test_an_agent_known_from_before_is_reached_without_having_come(desk: Desk) -> None:
    exchange, _, stranger = await desk.site()
    peer = await desk.peer(OTHER)

    exchange.links.reach(OTHER, "websocket")
    assert exchange.links.of(OTHER) is None
    exchange.links.reach(OTHER, "mqtt")
    asking = asyncio.create_task(exchange.ask(OTHER, GET, repeatable=True))
    _, asked = await peer.heard()
    await peer.say(GOT, asked.msg_id, topic=f"usp/reply/c1/{OTHER}")

    assert await asking == GOT
    assert stranger.endpoint == AGENT


async def test_two_controllers_share_the_load_and_each_hears_its_own_answers(desk: Desk) -> None:
    first, second = await desk.controller("c1"), await desk.controller("c2")
    peers = [await desk.peer(f"os::001122-N{number}") for number in range(8)]
    for exchange, _ in (first, second):
        for number in range(8):  # until each is connected, none of the load is the other's
            await peers[number].say(boot("hello"))
        await soon(lambda exchange=exchange: len(exchange.links))
    both = [first[1], second[1]]
    for reports in both:
        reports.notes.clear()

    for peer in peers:
        await peer.say(boot("shared"), f"n-{peer.endpoint}")
    await soon(lambda: sum(len(_shared(each)) for each in both) == len(peers))
    await asyncio.sleep(0.02)

    assert all(_shared(each) for each in both)
    assert sorted(_shared(both[0]) + _shared(both[1])) == [each.endpoint for each in peers]
    second[0].links.reach(peers[0].endpoint, "mqtt")
    asking = asyncio.create_task(second[0].ask(peers[0].endpoint, GET, repeatable=True))
    while (heard := await peers[0].heard())[1].body != GET:
        pass
    await peers[0].say(GOT, heard[1].msg_id, topic=heard[0].properties.ResponseTopic)  # type: ignore[union-attr]
    assert await asking == GOT
    assert first[0].links.counts["answers_to_nothing"] == 0


def _shared(reports: Reports) -> list[str]:
    return [endpoint for endpoint, _, notify in reports.notes if notify.subscription_id == "shared"]


async def test_what_agents_publish_while_no_controller_is_there_outlives_the_broker(
    own_desk: Desk, new_id: NewId
) -> None:
    async with AsyncExitStack() as earlier:
        before = Desk(earlier, new_id, own_desk.broker)
        await before.site(session=3600)
    async with AsyncExitStack() as meanwhile:
        peer = await Desk(meanwhile, new_id, own_desk.broker).peer()
        await peer.say(boot(), "while-away")

    own_desk.broker.stop()
    own_desk.broker.start()
    _, reports = await own_desk.controller(session=3600)
    await soon(lambda: reports.notes)

    assert [note[1] for note in reports.notes] == ["while-away"]


async def test_a_request_that_a_broker_took_down_with_it_is_asked_again(own_desk: Desk) -> None:
    exchange, _, _ = await own_desk.site(session=3600)
    asking = asyncio.create_task(exchange.ask(AGENT, GET, repeatable=True))
    delete = q.Delete(obj_paths=("Device.X.1.",))
    writing = asyncio.create_task(exchange.ask(AGENT, delete, repeatable=False))
    await asyncio.sleep(0.02)

    own_desk.broker.stop()
    peer = await _restarted(own_desk)
    message, asked = await peer.heard()
    await peer.say(GOT, asked.msg_id, topic=message.properties.ResponseTopic)  # type: ignore[union-attr]

    assert asked.body == GET
    assert await asking == GOT
    others = [(await peer.hears())[1] for _ in range(len(peer.client.messages))]
    payloads = [each.payload for each in others if isinstance(each, NoSessionContextRecord)]
    assert all(messages.decode(each).body == GET for each in payloads)  # what writes was not
    assert not writing.done()  # and nobody knows whether it was done
    writing.cancel()


async def _restarted(desk: Desk) -> Peer:
    """The broker is here again, and an agent listens before the controller is back."""
    desk.broker.start()
    return await desk.peer()


async def test_a_broker_that_is_away_at_first_is_found_when_it_comes(own_desk: Desk) -> None:
    own_desk.broker.stop()
    exchange, reports = await own_desk.controller()
    await asyncio.sleep(0.03)

    own_desk.broker.start()
    peer = await own_desk.peer()
    await own_desk.meet(exchange, peer)
    await peer.say(boot())
    await soon(lambda: reports.notes)

    assert reports.notes[0][0] == AGENT


async def test_nothing_is_said_to_have_left_while_the_broker_is_away(own_desk: Desk) -> None:
    exchange, _, _ = await own_desk.site()
    link = exchange.links.of(AGENT)
    assert link is not None

    own_desk.broker.stop()
    kind = NoSessionContextRecord(b"")
    record = Record(to_id=AGENT, from_id=CONTROLLER, record_type=kind)
    async with asyncio.timeout(5):
        while await link.send(record):  # noqa: ASYNC110 - until the loss is noticed
            await asyncio.sleep(0.005)


async def test_an_agent_that_moves_between_websocket_and_mqtt_has_one_way(desk: Desk) -> None:
    exchange, reports, peer = await desk.site()
    options = WebSocketOptions(host="127.0.0.1", port=0, admission=by_broker)
    server = await desk.stack.enter_async_context(serving_agents(exchange, options))
    port = next(iter(server.sockets)).getsockname()[1]
    site = Site(exchange, reports, f"ws://127.0.0.1:{port}/usp", desk.stack)

    over_websocket = await site.agent()
    await soon(lambda: exchange.links.of(AGENT).mtp == "websocket")  # type: ignore[union-attr]
    await peer.say(boot("late"), "late")  # what was on its way still counts
    answer = await over_websocket.heard()
    still = exchange.links.of(AGENT)
    await peer.send(MQTTConnectRecord(MqttVersion.V5, f"usp/agent/{AGENT}"))
    goodbye = await over_websocket.hear()

    assert (answer.msg_id, answer.body) == ("late", r.NotifyResp("late"))
    assert still is not None
    assert still.mtp == "websocket"
    assert isinstance(goodbye, DisconnectRecord)
    assert exchange.links.of(AGENT).mtp == "mqtt"  # type: ignore[union-attr]
    assert len(exchange.links) == 1


async def test_the_access_list_keeps_an_agent_to_its_own_topics(
    tmp_path: Path, new_id: NewId
) -> None:
    rules = ["user gatewright", "topic readwrite usp/#", "pattern write usp/controller/%u/#"]
    rules += ["pattern write usp/controller/%u", "pattern write usp/reply/+/%u"]
    rules += ["pattern write usp/reply/+/%u/#", "pattern read usp/agent/%u/#"]
    broker = Mosquitto(tmp_path, rules)
    broker.start()
    try:
        async with AsyncExitStack() as stack:
            desk = Desk(stack, new_id, broker)
            exchange, reports = await desk.controller(user="gatewright")
            peer = await desk.peer(username=AGENT)
            await desk.meet(exchange, peer)

            await peer.say(boot("theirs"), from_id=OTHER, topic=f"usp/controller/{OTHER}")
            await peer.say(boot("own"))
            await soon(lambda: reports.notes)
    finally:
        broker.stop()

    assert [note[2].subscription_id for note in reports.notes] == ["own"]
    assert exchange.links.of(OTHER) is None
