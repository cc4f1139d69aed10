"""While a broker or a controller is away, nothing is lost and nothing is written twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from brain.domain.ports import NewId
from executors.usp import messages
from executors.usp import requests as q
from executors.usp.records import (
    NoSessionContextRecord,
    Record,
)
from tests.executors.soon import soon
from tests.executors.usp.conftest import AGENT, CONTROLLER
from tests.executors.usp.mosquitto import Mosquitto
from tests.executors.usp.through import GET, GOT, Desk, Peer, boot

pytestmark = pytest.mark.mqtt


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
