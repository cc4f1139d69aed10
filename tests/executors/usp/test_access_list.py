"""On a real broker, the printed access list keeps each agent to its own topics."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiomqtt import Client

from brain.domain.errors import InvalidInput
from brain.domain.ports import NewId
from executors.usp.access_list import access_list
from executors.usp.topics import Topics
from tests.executors.soon import soon
from tests.executors.usp.mosquitto import Mosquitto
from tests.executors.usp.through import AGENT, OTHER, Desk, Peer, boot

TOPICS = Topics(prefix="usp", client="c1", group="all")
THIRD = "os::001122-S3"
SEALED = "usp/seal"
"""Where the observer, and nobody else, may publish: what came before it has come."""


def lines(*endpoints: str) -> Sequence[str]:
    return [*access_list(TOPICS, "gatewright", endpoints)]


class Guarded:
    """A broker with an access list, and somebody who may see all of it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def peer(self, user: str, **options: bool) -> Peer:
        return await self.desk.peer(user, username=user, **options)

    async def arrived(self, peer: Peer, *topics: str) -> list[str]:
        """Which of these topics the agent's words reach, by what the broker hands on."""
        watch = Client("127.0.0.1", self.desk.broker.port, username="observer")
        await self.desk.stack.enter_async_context(watch)
        await watch.subscribe("usp/#", qos=1)
        for topic in topics:
            await peer.client.publish(topic, b"x", qos=1)
        await watch.publish(SEALED, b"", qos=1)
        heard: list[str] = []
        async with asyncio.timeout(5):
            async for message in watch.messages:
                if message.topic.value == SEALED:
                    return heard
                heard.append(message.topic.value)
        return heard


@pytest.fixture(params=[(), (AGENT, OTHER)], ids=["pattern", "named"])
async def guarded(
    request: pytest.FixtureRequest, tmp_path: Path, new_id: NewId
) -> AsyncIterator[Guarded]:
    rules = [*lines(*request.param), "", "user observer", "topic readwrite usp/#"]
    broker = Mosquitto(tmp_path, rules)
    broker.start()
    try:
        async with AsyncExitStack() as stack:
            yield Guarded(Desk(stack, new_id, broker))
    finally:
        broker.stop()


@pytest.mark.mqtt
async def test_an_agent_publishes_where_only_it_may(guarded: Guarded) -> None:
    peer = await guarded.peer(AGENT)
    own = [
        f"usp/controller/{AGENT}",
        f"usp/controller/{AGENT}/reply-to=usp%2Fagent%2F{AGENT}",
        f"usp/reply/c1/{AGENT}",
        f"usp/reply/c1/{AGENT}/reply-to=x",
        f"usp/bulk/{AGENT}",
        f"usp/home/{AGENT}/zigbee2mqtt/bridge/devices",
    ]
    others = [
        f"usp/controller/{OTHER}",
        f"usp/reply/c1/{OTHER}",
        f"usp/bulk/{OTHER}",
        f"usp/home/{OTHER}/attic",
        f"usp/bulk/{AGENT}/deeper",
        f"usp/agent/{OTHER}",
        f"usp/agent/{AGENT}",
        "usp/controller",
        "usp/elsewhere",
    ]

    assert await guarded.arrived(peer, *others, *own) == own


@pytest.mark.mqtt
async def test_an_agent_hears_what_it_is_told_and_nothing_of_others(guarded: Guarded) -> None:
    peer, boss = await guarded.peer(AGENT), await guarded.peer("gatewright")
    for topic in ("usp/#", f"usp/agent/{OTHER}", "usp/agent/+", f"usp/controller/{OTHER}"):
        await peer.client.subscribe(topic, qos=1)
    other = await guarded.peer(OTHER)

    await other.client.publish(f"usp/controller/{OTHER}", b"secret", qos=1)
    await boss.client.publish(f"usp/agent/{OTHER}", b"secret", qos=1)
    await boss.client.publish(f"usp/agent/{AGENT}", b"own", qos=1)
    async with asyncio.timeout(5):
        first = await anext(peer.client.messages)

    assert (first.topic.value, first.payload) == (f"usp/agent/{AGENT}", b"own")


@pytest.mark.mqtt
async def test_the_controller_and_its_agents_speak_under_it(guarded: Guarded) -> None:
    reported: list[tuple[str, bytes]] = []
    exchange, reports = await guarded.desk.controller(
        user="gatewright", collect=lambda *said: reported.append(said)
    )
    peer = await guarded.peer(AGENT)
    await guarded.desk.meet(exchange, peer)

    await peer.say(boot("theirs"), from_id=OTHER, topic=f"usp/controller/{OTHER}")
    await peer.say(boot("own"))
    await peer.client.publish(f"usp/bulk/{AGENT}", b"numbers", qos=1)
    await soon(lambda: reports.notes and reported)

    assert [note[2].subscription_id for note in reports.notes] == ["own"]
    assert exchange.links.of(OTHER) is None
    assert reported == [(AGENT, b"numbers")]


@pytest.mark.mqtt
async def test_older_agents_speak_under_it_too(guarded: Guarded) -> None:
    exchange, reports = await guarded.desk.controller(user="gatewright", modern=False)
    peer = await guarded.peer(AGENT, modern=False)
    await guarded.desk.meet(exchange, peer)

    await peer.say(boot("own"))
    await soon(lambda: reports.notes)

    assert [note[0] for note in reports.notes] == [AGENT]


@pytest.mark.mqtt
async def test_who_is_not_named_does_nothing(tmp_path: Path, new_id: NewId) -> None:
    rules = [*lines(AGENT), "", "user observer", "topic readwrite usp/#"]
    broker = Mosquitto(tmp_path, rules)
    broker.start()
    try:
        async with AsyncExitStack() as stack:
            guarded = Guarded(Desk(stack, new_id, broker))
            peer = await guarded.peer(THIRD)

            assert await guarded.arrived(peer, f"usp/controller/{THIRD}") == []
    finally:
        broker.stop()


@pytest.mark.parametrize(
    "endpoint", ["", "os::x\ntopic readwrite #", "#", "os::+", "proto::me", "os::a b", "%u"]
)
def test_what_is_no_endpoint_is_not_written_into_it(endpoint: str) -> None:
    with pytest.raises(InvalidInput):
        lines(AGENT, endpoint)


@pytest.mark.parametrize("user", ["", "a\nuser b", " a"])
def test_a_controller_without_a_name_of_its_own_is_refused(user: str) -> None:
    with pytest.raises(InvalidInput):
        [*access_list(TOPICS, user, [])]
