"""Through a STOMP broker, agents are who their destination says, and no report is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from brain.domain.errors import DeviceUnreachable
from brain.domain.ports import NewId
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.admission import by_broker
from executors.usp.errors import StompError
from executors.usp.records import DisconnectRecord, STOMPConnectRecord
from executors.usp.websocket import WebSocketOptions, serving_agents
from tests.executors.soon import soon
from tests.executors.usp.conftest import AGENT, DOTTED, Reports, Site
from tests.executors.usp.rabbitmq import CONTROLLER_USER, RabbitMq
from tests.executors.usp.stomp_desk import USP, StompDesk
from tests.executors.usp.through import GET, GOT, OTHER, boot

pytestmark = [pytest.mark.stomp, pytest.mark.slow]


@pytest.fixture
async def desk(rabbitmq: RabbitMq, new_id: NewId) -> AsyncIterator[StompDesk]:
    async with AsyncExitStack() as stack:
        yield StompDesk(stack, new_id, rabbitmq, f"t{uuid4().hex[:12]}")


@dataclass
class Slow(Reports):
    """Keeps reports once it is let."""

    let: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def notified(self, endpoint: str, message_id: str, notify: q.Notify) -> None:
        self.begun.set()
        await self.let.wait()
        await super().notified(endpoint, message_id, notify)


async def test_a_report_is_answered_where_the_agent_listens(desk: StompDesk) -> None:
    _, reports, peer = await desk.site()

    await peer.say(boot(), "n1")
    first, connect = await peer.hears()
    frame, answer = await peer.heard()

    replies = f"/topic/{desk.prefix}.reply.c1.{AGENT}"
    assert connect == STOMPConnectRecord(subscribed_destination=replies)
    assert first.headers["destination"] == f"/topic/{desk.prefix}.agent.{AGENT}"
    assert frame.headers["content-type"] == USP
    assert frame.headers["reply-to-dest"] == replies
    assert (answer.msg_id, answer.body) == ("n1", r.NotifyResp("boot"))
    assert [note[:2] for note in reports.notes] == [(AGENT, "n1")]


@pytest.mark.parametrize("endpoint", [AGENT, "os::001122-S%2D1", "fqdn::a.example.net"])
async def test_a_request_is_answered_to_the_controller_that_asked(
    desk: StompDesk, endpoint: str
) -> None:
    exchange, _ = await desk.controller()
    peer = await desk.peer(endpoint)
    await desk.meet(exchange, peer)

    asking = asyncio.create_task(exchange.ask(endpoint, GET, repeatable=True))
    frame, asked = await peer.heard()
    await peer.say(GOT, asked.msg_id, to=frame.headers["reply-to-dest"])

    assert await asking == GOT


async def test_a_report_that_is_not_kept_yet_goes_to_another_controller(desk: StompDesk) -> None:
    slow = Slow()
    async with AsyncExitStack() as ending:
        first = StompDesk(ending, desk.new_id, desk.broker, desk.prefix)
        await first.controller("c1", reports=slow)
        peer = await desk.peer()
        await peer.say(boot(), "n1")
        await slow.begun.wait()
        _, other = await desk.controller("c2")
        assert other.notes == []

    await soon(lambda: other.notes)
    _, answer = await peer.heard()

    assert slow.notes == []
    assert [note[1] for note in other.notes] == ["n1"]
    assert answer.msg_id == "n1"


async def test_a_report_that_was_kept_goes_to_nobody_else(desk: StompDesk) -> None:
    async with AsyncExitStack() as ending:
        first = StompDesk(ending, desk.new_id, desk.broker, desk.prefix)
        _, before = await first.controller("c1")
        peer = await desk.peer()
        await peer.say(boot(), "n1")
        await peer.heard()
        _, after = await desk.controller("c2")

    await asyncio.sleep(0.1)
    await peer.say(boot(), "n2")
    await soon(lambda: after.notes)

    assert [note[1] for note in before.notes] == ["n1"]
    assert [note[1] for note in after.notes] == ["n2"]


async def test_a_record_that_claims_another_is_dropped_counted_and_told(desk: StompDesk) -> None:
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
        {"reply": f"/topic/usp.agent.{OTHER}"},
        {"reply": f"/queue/usp.agent.{AGENT}"},
        {"content_type": "text/plain"},
        {"content_type": "application/vnd.bbf.usp.error"},
        {"content": b"\xff\xff"},
    ],
)
async def test_what_no_agent_may_send_is_dropped_once_and_counted(
    desk: StompDesk, wrong: Any
) -> None:
    exchange, reports, peer = await desk.site()

    await peer.say(boot(), **wrong)
    await soon(lambda: exchange.links.counts["unreadable"])
    await peer.say(boot("own"))
    await soon(lambda: reports.notes)

    assert exchange.links.counts["unreadable"] == 1
    assert [note[2].subscription_id for note in reports.notes] == ["own"]


@pytest.mark.parametrize("name", ["nobody", "proto::me"])
async def test_an_endpoint_that_may_not_come_is_not_heard_and_others_are(
    desk: StompDesk, name: str
) -> None:
    exchange, reports, peer = await desk.site()

    await peer.say(boot(), from_id=name, to=f"/topic/{desk.prefix}.controller.{name}", reply="")
    await peer.say(boot("own"))
    await soon(lambda: reports.notes)

    assert exchange.links.counts["not_admitted"] == 1
    assert [note[2].subscription_id for note in reports.notes] == ["own"]


async def test_an_agent_that_floods_is_not_heard_and_the_others_are(desk: StompDesk) -> None:
    exchange, reports, peer = await desk.site(records_per_second=0.5)
    other = await desk.peer(OTHER)

    for _ in range(7):
        await peer.say(boot())
    await other.say(boot())
    await soon(lambda: OTHER in [note[0] for note in reports.notes])
    await soon(lambda: exchange.links.counts["floods"])

    assert len([note for note in reports.notes if note[0] == AGENT]) <= 5


async def test_who_said_goodbye_is_not_spoken_to_until_it_is_back(desk: StompDesk) -> None:
    exchange, _, peer = await desk.site()

    await peer.send(DisconnectRecord("going"))
    await soon(lambda: exchange.links.of(AGENT) is None)
    exchange.links.reach(AGENT, "stomp")

    with pytest.raises(DeviceUnreachable):
        await exchange.ask(AGENT, GET, repeatable=True, patience=0)
    await desk.meet(exchange, peer)
    assert exchange.links.of(AGENT) is not None


async def test_an_agent_known_from_before_is_reached_without_having_come(desk: StompDesk) -> None:
    exchange, _ = await desk.controller()
    peer = await desk.peer()

    exchange.links.reach(AGENT, "mqtt")
    assert exchange.links.of(AGENT) is None
    exchange.links.reach(AGENT, "stomp")
    asking = asyncio.create_task(exchange.ask(AGENT, GET, repeatable=True))
    frame, asked = await peer.heard()
    await peer.say(GOT, asked.msg_id, to=frame.headers["reply-to-dest"])

    assert await asking == GOT


async def test_two_controllers_share_the_load(desk: StompDesk) -> None:
    (_, first), (_, second) = await desk.controller("c1"), await desk.controller("c2")
    peer = await desk.peer()

    for number in range(8):
        await peer.say(boot(), f"n{number}")
    await soon(lambda: len(first.notes) + len(second.notes) == 8)

    assert first.notes
    assert second.notes
    assert {note[1] for note in first.notes + second.notes} == {f"n{n}" for n in range(8)}


async def test_an_agent_that_moves_between_websocket_and_stomp_has_one_way(
    desk: StompDesk,
) -> None:
    exchange, reports, peer = await desk.site()
    options = WebSocketOptions(host="127.0.0.1", port=0, admission=by_broker)
    server = await desk.stack.enter_async_context(serving_agents(exchange, options))
    port = next(iter(server.sockets)).getsockname()[1]
    site = Site(exchange, reports, f"ws://127.0.0.1:{port}/usp", desk.stack)

    over_websocket = await site.agent()
    await soon(lambda: exchange.links.of(AGENT).mtp == "websocket")  # type: ignore[union-attr]
    await peer.send(STOMPConnectRecord())
    goodbye = await over_websocket.hear()

    assert isinstance(goodbye, DisconnectRecord)
    assert exchange.links.of(AGENT).mtp == "stomp"  # type: ignore[union-attr]
    assert len(exchange.links) == 1


async def test_the_brokers_rules_keep_an_agent_to_what_it_may_say(desk: StompDesk) -> None:
    desk.prefix = "usp"  # as the rules say
    exchange, reports = await desk.controller(user=CONTROLLER_USER)
    peer, thief = await desk.peer(user=AGENT), await desk.guest(user=AGENT)
    await desk.meet(exchange, peer)
    asking = asyncio.create_task(exchange.ask(AGENT, GET, repeatable=True))
    frame, asked = await peer.heard()
    await peer.say(GOT, asked.msg_id, to=frame.headers["reply-to-dest"])
    assert await asking == GOT

    await thief.say(boot("theirs"), from_id=OTHER, to=f"/topic/usp.controller.{OTHER}")
    with pytest.raises(StompError):
        await thief.line.heard()
    await peer.say(boot("own"))
    await soon(lambda: reports.notes)

    assert [note[2].subscription_id for note in reports.notes] == ["own"]
    assert exchange.links.of(OTHER) is None


@pytest.mark.parametrize(
    ("user", "destination"),
    [
        (AGENT, f"/topic/usp.agent.{OTHER}"),
        (AGENT, "/topic/usp.#"),
        (AGENT, "/topic/usp.agent.*"),
        (AGENT, "/queue/usp.shared.all"),
        (AGENT, "/amq/queue/usp.shared.all"),
        (AGENT, "/exchange/amq.topic/usp.#"),
        (DOTTED, "/topic/usp.agent.fqdn::a-b"),
    ],
)
async def test_the_brokers_rules_let_nobody_hear_what_is_anothers(
    desk: StompDesk, user: str, destination: str
) -> None:
    desk.prefix = "usp"
    await desk.controller()
    thief, other = await desk.guest(user=user), await desk.guest(user=user)

    with pytest.raises(StompError):
        await thief.listen(destination)
    await other.listen(f"/topic/usp.agent.{user}")  # its own it may


@pytest.mark.parametrize(
    "destination",
    ["/queue/usp.shared.all", "/topic/usp.agent.x", "/exchange/amq.topic/usp.controller.x"],
)
async def test_the_brokers_rules_let_nobody_speak_elsewhere(
    desk: StompDesk, destination: str
) -> None:
    thief = await desk.guest(user=AGENT)

    await thief.say(boot(), to=destination)

    with pytest.raises(StompError):
        await thief.line.heard()


async def test_what_agents_send_while_no_controller_is_there_outlives_the_broker(
    tmp_path: Path, new_id: NewId
) -> None:
    broker = RabbitMq(tmp_path)
    broker.start()
    try:
        async with AsyncExitStack() as earlier:
            await StompDesk(earlier, new_id, broker, "usp").controller(session=3600)
        async with AsyncExitStack() as meanwhile:
            peer = await StompDesk(meanwhile, new_id, broker, "usp").peer()
            await peer.say(boot(), "while-away", kept=True)

        broker.stop()
        broker.start()
        async with AsyncExitStack() as later:
            desk = StompDesk(later, new_id, broker, "usp")
            exchange, reports = await desk.controller(session=3600)
            await soon(lambda: reports.notes)
            delete = q.Delete(obj_paths=("Device.X.1.",))
            asking = asyncio.create_task(exchange.ask(AGENT, GET, repeatable=True))
            writing = asyncio.create_task(exchange.ask(AGENT, delete, repeatable=False))
            await asyncio.sleep(0.02)  # both are lost: nobody listens
            peer = await desk.peer()
            await desk.meet(exchange, peer)
            await peer.send(STOMPConnectRecord())
            frame, asked = await peer.heard()
            await peer.say(GOT, asked.msg_id, to=frame.headers["reply-to-dest"])
            answer = await asking
            done = writing.done()
            writing.cancel()
    finally:
        broker.stop()

    assert [note[1] for note in reports.notes] == ["while-away"]
    assert asked.body == GET  # what writes was not asked again
    assert answer == GOT
    assert not done
