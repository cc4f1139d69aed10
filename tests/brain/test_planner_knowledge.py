"""What the planner is told beside health: how neighbours like it are set, and the plan."""

from datetime import UTC, datetime

import pytest

from brain.domain.device import Device, Subscriber
from brain.domain.identity import DeviceId, NodeId, SubscriberId, TenantId
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.topology import AccessNode, NodeKind
from brain.knowledge import PlannerKnowledge
from brain.store.store import Store

NORTH = TenantId("north")
NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
VLAN = "Device.Ethernet.VLANTermination.1.VLANID"
NAME = "Device.WiFi.SSID.1.SSID"


def a_device(id: str, model: str = "Hub", subscriber: str | None = None) -> Device:
    return Device(
        id=DeviceId(id),
        tenant=NORTH,
        oui="00D09E",
        product_class="Hub",
        serial=id,
        model=model,
        access_node=NodeId("s1"),
        subscriber=SubscriberId(subscriber) if subscriber else None,
        last_seen=NOW,
    )


@pytest.fixture
async def street(store: Store) -> Store:
    """One splitter with a home, two neighbours of its model and one of another."""
    splitter = AccessNode(id=NodeId("s1"), tenant=NORTH, kind=NodeKind.SPLITTER, name="S1")
    async with store.begin() as tx:
        await tx.nodes.put(splitter)
        await tx.subscribers.put(
            Subscriber(id=SubscriberId("sub_1"), tenant=NORTH, name="Ada", plan="suspended")
        )
        for device in (
            a_device("own", subscriber="sub_1"),
            a_device("near"),
            a_device("next"),
            a_device("other", model="Box"),
        ):
            await tx.devices.put(device)
            values = {ParameterPath(VLAN): "35", ParameterPath(NAME): f"Home of {device.id}"}
            said = Snapshot(device=device.id, taken_at=NOW, values=values)
            await tx.snapshots.merge(NORTH, said)
    return store


async def test_neighbours_of_the_same_model_tell_what_follows_from_the_line(street: Store) -> None:
    knowledge = PlannerKnowledge(street, lambda: NOW)

    around = await knowledge.neighbourhood(a_device("own"))

    assert around.alike == {VLAN: ("35", "35")}


async def test_the_plan_is_what_the_books_say(street: Store) -> None:
    knowledge = PlannerKnowledge(street, lambda: NOW)

    assert await knowledge.plan(a_device("own", subscriber="sub_1")) == "suspended"
    assert await knowledge.plan(a_device("near")) == ""
    assert await knowledge.plan(a_device("near", subscriber="nobody")) == ""
