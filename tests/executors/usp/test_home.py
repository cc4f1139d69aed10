"""What publishes in a home becomes known, bounded, and nothing is ever said to it."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest

from brain.domain.agent import Agent
from brain.domain.device import ControllerName, Device, device_id
from brain.domain.ports import NewId
from brain.domain.thing import MOST_THINGS, Thing, ThingKind
from brain.store.store import Store
from brain.topology.neighbourhood import neighbourhood
from executors.usp.home import Homes
from executors.usp.usp import Usp
from tests.executors.contract import TENANT
from tests.executors.soon import soon
from tests.executors.usp.mosquitto import Mosquitto
from tests.executors.usp.through import AGENT, Desk

HOME = Device(
    id=device_id("001122", "Box", "S1"),
    tenant=TENANT,
    oui="001122",
    product_class="Box",
    serial="S1",
    controller=ControllerName.USP,
)
COORDINATOR = {"ieee_address": "0x1", "type": "Coordinator", "friendly_name": "Coordinator"}
LAMP = {
    "ieee_address": "0x2",
    "type": "Router",
    "friendly_name": "hall/lamp",
    "definition": {"vendor": "Acme", "model": "L1", "description": "a lamp"},
}
ZIGBEE = "zigbee2mqtt"
LISTED = f"{ZIGBEE}/bridge/devices"


@pytest.fixture
async def homes(usp: Usp, store: Store) -> Homes:
    async with store.begin() as tx:
        await tx.devices.put(HOME)
        await tx.agents.put(Agent(endpoint=AGENT, device=HOME.id, tenant=TENANT))
    return usp.homes


@pytest.fixture
async def desk(mosquitto: Mosquitto, new_id: NewId) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        yield Desk(stack, new_id, mosquitto)


def listing(*things: object) -> bytes:
    return json.dumps(things).encode()


async def say(homes: Homes, topic: str, content: bytes = b"x") -> None:
    homes.published(AGENT, topic, content)
    await homes.settled()


async def known(store: Store) -> dict[str, Thing]:
    async with store.read() as tx:
        household = await tx.households.get(TENANT, HOME.id)
    return {each.name: each for each in household.things} if household else {}


async def test_a_bridge_lists_what_it_speaks_for(homes: Homes, store: Store, clock: Any) -> None:
    await say(homes, LISTED, listing(COORDINATOR, LAMP))

    assert await known(store) == {
        ZIGBEE: Thing(name=ZIGBEE, kind=ThingKind.BRIDGE, heard_at=clock()),
        "Coordinator": Thing(name="Coordinator", kind=ThingKind.COORDINATOR, bridge=ZIGBEE),
        "hall/lamp": Thing(
            name="hall/lamp", kind=ThingKind.ROUTER, bridge=ZIGBEE, maker="Acme", model="L1"
        ),
    }


async def test_what_a_bridge_no_longer_lists_is_gone(homes: Homes, store: Store) -> None:
    await say(homes, LISTED, listing(COORDINATOR, LAMP))
    await say(homes, LISTED, listing(COORDINATOR))

    assert set(await known(store)) == {ZIGBEE, "Coordinator"}


async def test_a_listed_thing_that_speaks_was_heard_and_is_no_thing_of_its_own(
    homes: Homes, store: Store, clock: Any
) -> None:
    await say(homes, LISTED, listing(COORDINATOR, LAMP))
    clock.advance(minutes=11)
    await say(homes, f"{ZIGBEE}/hall/lamp/availability")

    found = await known(store)
    assert found["hall/lamp"].heard_at == clock()
    assert found["Coordinator"].heard_at is None
    assert len(found) == 3


async def test_a_sensor_that_nobody_lists_is_known_by_its_name_alone(
    homes: Homes, store: Store, clock: Any
) -> None:
    await say(homes, "attic/temperature", b"21.5 and a secret")

    assert await known(store) == {
        "attic": Thing(name="attic", kind=ThingKind.OTHER, heard_at=clock())
    }


async def test_one_that_is_silent_for_a_month_is_forgotten(
    homes: Homes, store: Store, clock: Any
) -> None:
    await say(homes, "attic")
    clock.advance(timedelta(days=31))
    await say(homes, "cellar")

    assert set(await known(store)) == {"cellar"}


@pytest.mark.parametrize(
    ("topic", "content"),
    [
        ("", b"x"),
        ("/attic", b"x"),
        ("a\nb", b"x"),
        ("a" * 65, b"x"),
        ("attic/" + "b" * 65, b"x"),
        (LISTED, b"{"),
        (LISTED, b"{}"),
        (LISTED, b"[" * 100_000),
        (LISTED, b"\xff"),
        (LISTED, b" " * (256 * 1024) + b"[]"),
    ],
)
async def test_what_is_of_no_use_is_counted_and_not_kept(
    homes: Homes, store: Store, topic: str, content: bytes
) -> None:
    await say(homes, topic, content)

    assert homes.counts["unreadable"] == 1
    assert await known(store) == {}


@pytest.mark.parametrize(
    "name", ["", "a\nb", "\u202egnp", "a" * 65, 7, None, ["x"], {"a": 1}], ids=repr
)
async def test_a_listed_name_that_may_not_be_shown_is_left_out(
    homes: Homes, store: Store, name: object
) -> None:
    await say(homes, LISTED, listing({"friendly_name": name}, "x", LAMP))

    assert set(await known(store)) == {ZIGBEE, "hall/lamp"}


async def test_a_maker_that_may_not_be_shown_is_left_out(homes: Homes, store: Store) -> None:
    hostile = {**LAMP, "definition": {"vendor": "A" * 100, "model": "\x1b[31m"}, "type": "Boss"}
    await say(homes, LISTED, listing(hostile))

    (lamp,) = [each for each in (await known(store)).values() if each.bridge]
    assert (lamp.maker, lamp.model, lamp.kind) == ("", "", ThingKind.OTHER)


async def test_a_home_has_so_many_things_and_no_more(homes: Homes, store: Store) -> None:
    many = [{**LAMP, "friendly_name": f"lamp {number}"} for number in range(MOST_THINGS + 50)]
    await say(homes, LISTED, listing(*many))
    for number in range(50):
        await say(homes, f"other-{number}")

    assert len(await known(store)) == MOST_THINGS


async def test_who_publishes_too_fast_is_not_heard(homes: Homes, store: Store) -> None:
    for _ in range(450):
        homes.published(AGENT, "attic", b"x")
    await homes.settled()

    assert homes.counts["floods"] == 50
    assert set(await known(store)) == {"attic"}


async def test_the_home_of_an_agent_that_nobody_knows_is_not_kept(
    homes: Homes, store: Store
) -> None:
    homes.published("os::001122-S9", "attic", b"x")
    await homes.settled()

    assert await known(store) == {}


async def test_things_hang_from_the_gateway_and_those_of_a_bridge_from_it(
    homes: Homes, store: Store
) -> None:
    await say(homes, LISTED, listing(LAMP))
    async with store.read() as tx:
        graph = await neighbourhood(tx, HOME)

    gateway = ("device", str(HOME.id))
    nouns = {key: graph.nodes[key]["noun"].name for key in graph if key[0] == "thing"}
    (bridge,) = [key for key, name in nouns.items() if name == ZIGBEE]
    (lamp,) = [key for key, name in nouns.items() if name == "hall/lamp"]
    assert graph.has_edge(bridge, gateway)
    assert graph.has_edge(lamp, bridge)
    assert not graph.has_edge(lamp, gateway)
    assert not any("lamp" in part for key in graph for part in key)


@pytest.mark.mqtt
@pytest.mark.parametrize("modern", [True, False])
async def test_what_the_broker_kept_is_heard_too_and_nothing_is_answered(
    desk: Desk, homes: Homes, store: Store, modern: bool
) -> None:
    peer = await desk.peer(modern=modern)
    await peer.client.subscribe("usp/home/#", qos=1)
    topic = f"usp/home/{AGENT}/{LISTED}"
    await peer.client.publish(topic, listing(LAMP), qos=1, retain=True)
    told: list[str] = []

    def at_home(endpoint: str, name: str, content: bytes) -> None:
        told.append(name)
        homes.published(endpoint, name, content)

    await desk.controller(modern=modern, at_home=at_home)
    await soon(lambda: told)
    await homes.settled()
    await peer.client.publish(topic, b"", qos=1, retain=True)

    assert set(await known(store)) == {ZIGBEE, "hall/lamp"}
    async for message in peer.client.messages:
        assert message.topic.value == topic
        if not message.payload:
            break
