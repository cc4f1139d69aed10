"""An inventory is taken in whole or not at all, and never over what devices say themselves."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from brain.domain.device import Device
from brain.domain.identity import DeviceId, NodeId, Role, SiteId, SubscriberId, TenantId

if TYPE_CHECKING:
    from tests.api.conftest import Front

NORTH = TenantId("north")
DOCUMENT: dict[str, Any] = {
    "sites": [{"id": "home-1", "name": "Lime Street 7", "country": "DE"}],
    "subscribers": [{"id": "sub-1", "name": "A. Person", "site": "home-1"}],
    # On purpose not parents first.
    "nodes": [
        {"id": "port-1", "kind": "port", "name": "Port 1", "parent": "olt-1"},
        {"id": "olt-1", "kind": "olt", "name": "OLT 1"},
    ],
    "devices": [
        {
            "oui": "00D09E",
            "product_class": "HomeGate",
            "serial": "SN1",
            "model": "HomeGate 3",
            "country": "DE",
            "site": "home-1",
            "subscriber": "sub-1",
            "access_node": "port-1",
        }
    ],
}


async def send(front: "Front", document: object, *, tenant: TenantId = NORTH) -> Any:
    name = f"op-{tenant}-{front.wiring.new_id('x')[-4:]}"
    async with await front.caller(name, Role.OPERATOR, tenant=tenant) as client:
        return await client.post("/v1/inventory", json=document)


async def test_a_whole_document_is_taken_in(front: "Front") -> None:
    response = await send(front, DOCUMENT)

    assert response.json() == {"sites": 1, "subscribers": 1, "nodes": 2, "devices": 1}
    async with front.wiring.store.read() as tx:
        device = await tx.devices.get(NORTH, DeviceId("00D09E-HomeGate-SN1"))
        assert device is not None
        assert (device.country, device.site, device.access_node) == ("DE", "home-1", "port-1")
        assert [each.id for each in await tx.nodes.ancestors(NORTH, NodeId("port-1"))] == ["olt-1"]
        assert await tx.subscribers.get(NORTH, SubscriberId("sub-1")) is not None


async def test_doing_it_twice_changes_nothing(front: "Front") -> None:
    await send(front, DOCUMENT)
    async with front.wiring.store.read() as tx:
        before = await tx.devices.list(NORTH)

    response = await send(front, DOCUMENT)

    async with front.wiring.store.read() as tx:
        assert await tx.devices.list(NORTH) == before
    assert response.status_code == 200


async def test_what_a_device_said_of_itself_stays(front: "Front", device: Device) -> None:
    heard = replace(device, model="HomeGate 3b", firmware="9.9", last_seen=front.wiring.clock())
    async with front.wiring.store.begin() as tx:
        await tx.devices.put(heard)

    await send(front, DOCUMENT)

    async with front.wiring.store.read() as tx:
        kept = await tx.devices.get(NORTH, device.id)
    assert kept is not None
    assert (kept.model, kept.firmware, kept.last_seen) == ("HomeGate 3b", "9.9", heard.last_seen)
    assert kept.country == "DE"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"devices": [{"oui": "00D09E", "serial": "1", "site": "home-9"}]}, "devices.0.site"),
        (
            {"devices": [{"oui": "00D09E", "serial": "1", "subscriber": "x"}]},
            "devices.0.subscriber",
        ),
        (
            {"devices": [{"oui": "00D09E", "serial": "1", "access_node": "x"}]},
            "devices.0.access_node",
        ),
        ({"devices": [{"oui": "xyz", "serial": "1"}]}, "devices.0.oui"),
        ({"subscribers": [{"id": "s", "name": "n", "site": "home-9"}]}, "subscribers.0.site"),
        ({"nodes": [{"id": "a", "kind": "olt", "name": "a", "parent": "b"}]}, "nodes.0.parent"),
        (
            {
                "nodes": [
                    {"id": "a", "kind": "olt", "name": "a", "parent": "b"},
                    {"id": "b", "kind": "olt", "name": "b", "parent": "a"},
                ]
            },
            "nodes",
        ),
        ({"sites": [{"id": "has spaces", "name": "n"}]}, "sites.0.id"),
        ({"gadgets": []}, "gadgets"),
    ],
)
async def test_one_wrong_entry_keeps_the_whole_document_out(
    front: "Front", change: dict[str, object], field: str
) -> None:
    good_site = {"id": "home-2", "name": "Oak Street 1"}
    document = {"sites": [good_site], **change}

    response = await send(front, document)

    assert response.status_code == 422
    assert response.json()["field"].startswith(field)
    async with front.wiring.store.read() as tx:
        assert await tx.sites.get(NORTH, SiteId("home-2")) is None
        assert await tx.devices.list(NORTH) == []


async def test_a_device_of_another_tenant_is_neither_taken_nor_described(
    front: "Front", device: Device
) -> None:
    document = {"devices": [{"oui": "00D09E", "product_class": "HomeGate", "serial": "SN1"}]}

    response = await send(front, document, tenant=TenantId("south"))

    assert response.status_code == 409
    assert "north" not in response.text
    async with front.wiring.store.read() as tx:
        assert await tx.devices.get(NORTH, device.id) == device
        assert await tx.devices.list(TenantId("south")) == []


async def test_what_is_not_json_is_told_so_and_not_sent_back(front: "Front") -> None:
    async with await front.caller("op", Role.OPERATOR) as client:
        response = await client.post("/v1/inventory", content=b'{"sites": [hunter2')

    assert response.status_code == 422
    assert "hunter2" not in response.text


async def test_a_large_document_is_read_here_and_only_here(front: "Front") -> None:
    sites = [{"id": f"home-{number}", "name": "x" * 200} for number in range(500)]

    taken = await send(front, {"sites": sites})
    async with await front.caller("op", Role.OPERATOR) as client:
        refused = await client.put("/v1/halt", json={"halted": False, "reason": "x" * 100_000})

    assert taken.json()["sites"] == 500
    assert refused.status_code == 413


async def test_the_audit_trail_says_how_much_and_no_names(front: "Front") -> None:
    await send(front, DOCUMENT)

    async with front.wiring.store.read() as tx:
        entry = (await tx.audit.range(NORTH))[-1]
    assert entry.kind == "inventory.imported"
    assert json.loads(entry.payload) == {"devices": 1, "nodes": 2, "sites": 1, "subscribers": 1}
