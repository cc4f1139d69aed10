"""Devices are found, and what they said is shown without its secrets."""

from datetime import timedelta
from typing import TYPE_CHECKING

from brain.domain.device import Device
from brain.domain.history import Event, EventKind
from brain.domain.identity import Role

if TYPE_CHECKING:
    from tests.api.conftest import Front


async def test_a_device_is_found_by_part_of_its_serial(front: "Front", device: Device) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        found = (await client.get("/v1/devices", params={"search": "sn1"})).json()
        missed = (await client.get("/v1/devices", params={"search": "SN2"})).json()

    assert [each["id"] for each in found["items"]] == [device.id]
    assert missed["items"] == []


async def test_a_long_list_comes_in_pages(front: "Front", device: Device) -> None:
    async with front.wiring.store.begin() as tx:
        for number in range(3):
            await tx.devices.put(
                Device(
                    id=type(device.id)(f"zz-{number}"),
                    tenant=device.tenant,
                    oui="00D09E",
                    product_class="",
                    serial=str(number),
                )
            )

    async with await front.caller("sam", Role.SUPPORT) as client:
        first = (await client.get("/v1/devices", params={"limit": 2})).json()
        last = (await client.get("/v1/devices", params={"limit": 3, "after": first["next"]})).json()

    seen = [each["id"] for page in (first, last) for each in page["items"]]
    assert seen == [device.id, "zz-0", "zz-1", "zz-2"]
    assert last["next"] == ""


async def test_a_snapshot_shows_what_is_no_secret_and_masks_the_rest(
    front: "Front", device: Device
) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.get(f"/v1/devices/{device.id}/snapshot")

    shown = {
        each["path"]: (each["value"], each["masked"]) for each in response.json()["parameters"]
    }
    assert shown == {
        "Device.WiFi.AccessPoint.1.Security.KeyPassphrase": (None, True),
        "Device.WiFi.Radio.1.Channel": ("6", False),
        "Device.X_ACME_Note": (None, True),
    }
    assert "hunter2" not in response.text


async def test_a_snapshot_can_be_narrowed(front: "Front", device: Device) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.get(
            f"/v1/devices/{device.id}/snapshot", params={"below": "Device.WiFi.", "limit": 1}
        )

    shown = response.json()
    assert len(shown["parameters"]) == 1
    assert shown["total"] == 2


async def test_a_device_that_said_nothing_has_no_snapshot(front: "Front", device: Device) -> None:
    async with front.wiring.store.begin() as tx:
        await tx.devices.put(
            Device(
                id=type(device.id)("quiet"),
                tenant=device.tenant,
                oui="00D09E",
                product_class="",
                serial="Q",
            )
        )

    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.get("/v1/devices/quiet/snapshot")

    assert response.status_code == 404
    assert response.json()["remedy"] == "Wait for its next Inform."


async def test_a_timeline_is_newest_first_and_masked(front: "Front", device: Device) -> None:
    now = front.wiring.clock()
    secret = Event(
        tenant=device.tenant,
        device=device.id,
        kind=EventKind.VALUE_CHANGE,
        at=now,
        path="Device.WiFi.AccessPoint.1.Security.KeyPassphrase",
        value="hunter2hunter2",
    )
    boot = Event(
        tenant=device.tenant, device=device.id, kind=EventKind.BOOT, at=now - timedelta(hours=1)
    )
    async with front.wiring.store.begin() as tx:
        await tx.events.add(boot, secret)

    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.get(f"/v1/devices/{device.id}/timeline")
        only_boots = await client.get(f"/v1/devices/{device.id}/timeline", params={"kind": "boot"})

    assert [each["kind"] for each in response.json()["items"]] == ["value_change", "boot"]
    assert response.json()["items"][0]["value"] is None
    assert "hunter2" not in response.text
    assert [each["kind"] for each in only_boots.json()["items"]] == ["boot"]


async def test_a_time_without_a_zone_is_not_guessed(front: "Front", device: Device) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.get(
            f"/v1/devices/{device.id}/timeline", params={"since": "2026-01-01T00:00:00"}
        )

    assert response.status_code == 422
    assert response.json()["field"] == "since"


async def test_a_snapshot_says_what_the_device_lets_be_written(
    front: "Front", device: Device
) -> None:
    names = {"Device.WiFi.Radio.1.Channel": True, "Device.X_ACME_Note": False}
    async with front.wiring.store.begin() as tx:
        await tx.models.put(device.tenant, device.id, device.firmware, names)

    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.get(f"/v1/devices/{device.id}/snapshot")

    shown = {each["path"]: each.get("writable") for each in response.json()["parameters"]}
    assert shown == {
        "Device.WiFi.AccessPoint.1.Security.KeyPassphrase": None,
        "Device.WiFi.Radio.1.Channel": True,
        "Device.X_ACME_Note": False,
    }
