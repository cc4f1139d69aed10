"""Through a broker, agents are who their topic says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from brain.domain.errors import DeviceUnreachable
from brain.domain.ports import NewId
from executors.usp import responses as r
from executors.usp.admission import by_broker
from executors.usp.records import (
    DisconnectRecord,
    MQTTConnectRecord,
    MqttVersion,
)
from executors.usp.websocket import WebSocketOptions, serving_agents
from tests.executors.soon import soon
from tests.executors.usp.conftest import AGENT, Reports, Site
from tests.executors.usp.mosquitto import Mosquitto
from tests.executors.usp.through import GET, GOT, OTHER, Desk, boot

pytestmark = pytest.mark.mqtt


@pytest.fixture
async def desk(mosquitto: Mosquitto, new_id: NewId) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        yield Desk(stack, new_id, mosquitto)


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
    async with asyncio.timeout(5):
        while not (len(first[0].links) and len(second[0].links)):  # each is connected
            for peer in peers:
                await peer.say(boot("hello"))
            await asyncio.sleep(0.01)
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
