"""Bulk data of agents lands in the history of their device, pushed or published."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from brain.domain.agent import Agent
from brain.domain.device import ControllerName, Device, device_id
from brain.domain.errors import NotFound
from brain.domain.ports import NewId
from brain.store.store import Store
from executors.usp import requests as q
from executors.usp.usp import Usp
from tests.executors.contract import TENANT
from tests.executors.soon import soon
from tests.executors.usp.mosquitto import Mosquitto
from tests.executors.usp.through import AGENT, OTHER, Desk

NOISE = "Device.WiFi.Radio.1.Stats.Noise"
HOME = Device(
    id=device_id("001122", "Box", "S1"),
    tenant=TENANT,
    oui="001122",
    product_class="Box",
    serial="S1",
    controller=ControllerName.USP,
)


@pytest.fixture
async def known(store: Store) -> Store:
    async with store.begin() as tx:
        await tx.devices.put(HOME)
        await tx.models.put(TENANT, HOME.id, "", {NOISE: False})
        await tx.agents.put(Agent(endpoint=AGENT, device=HOME.id, tenant=TENANT))
    return store


@pytest.fixture
async def desk(mosquitto: Mosquitto, new_id: NewId) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        yield Desk(stack, new_id, mosquitto)


def report(value: object) -> str:
    return json.dumps({"Report": [{NOISE: value}]})


def push(data: str) -> q.Notify:
    return q.Notify("bulk", True, q.Event("Device.BulkData.Profile.1.", "Push!", {"Data": data}))


async def kept(store: Store) -> list[str]:
    async with store.read() as tx:
        found = await tx.measures.of_device(TENANT, HOME.id)
    return [each.value for points in found.values() for each in points]


async def test_a_pushed_report_lands_in_the_history(usp: Usp, known: Store) -> None:
    await usp.notified(AGENT, "n1", push(report(-90)))

    assert await kept(known) == ["-90"]


async def test_one_that_is_malformed_is_counted_and_not_asked_for_again(
    usp: Usp, known: Store
) -> None:
    await usp.notified(AGENT, "n1", push("{"))  # no error: the agent is answered

    assert usp.bulk.counts == {"malformed": 1}
    assert await kept(known) == []


async def test_one_of_an_agent_that_nobody_knows_is_not_taken(usp: Usp, known: Store) -> None:
    with pytest.raises(NotFound):
        await usp.notified(OTHER, "n1", push(report(-90)))

    assert await kept(known) == []


@pytest.mark.mqtt
async def test_a_published_report_lands_in_the_history_of_whose_topic_it_is(
    desk: Desk, usp: Usp, known: Store
) -> None:
    _, _, peer = await desk.site(collect=usp.telemetry.published)

    await peer.client.publish(f"usp/bulk/{OTHER}", report(-1), qos=1)
    await peer.client.publish(f"usp/bulk/{AGENT}", report(-90), qos=1)
    await soon(lambda: usp.bulk.counts["kept"] and usp.bulk.counts["lost"])
    await usp.telemetry.close()

    assert await kept(known) == ["-90"]
    assert usp.bulk.counts["lost"] == 1


@pytest.mark.mqtt
async def test_what_names_no_endpoint_is_not_taken(desk: Desk, usp: Usp, known: Store) -> None:
    exchange, _, peer = await desk.site(collect=usp.telemetry.published)

    await peer.client.publish("usp/bulk/nobody", report(-1), qos=1)
    await peer.client.publish("usp/bulk/", report(-1), qos=1)
    await soon(lambda: exchange.links.counts["not_admitted"] == 1)
    await peer.client.publish(f"usp/bulk/{AGENT}", b"\xff", qos=1)
    await soon(lambda: usp.bulk.counts["malformed"])

    assert await kept(known) == []


async def test_more_than_can_be_kept_at_once_is_dropped_and_counted(usp: Usp, known: Store) -> None:
    for _ in range(257):
        usp.telemetry.published(AGENT, b"{")

    assert usp.bulk.counts["floods"] == 1
    await usp.telemetry.close()
    assert await kept(known) == []
