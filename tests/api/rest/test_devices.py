"""Devices are found, and what they said is shown without its secrets."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from brain.domain.agent import Agent
from brain.domain.device import Device
from brain.domain.history import By, Event, EventKind, Point
from brain.domain.identity import DeviceId, Role
from brain.domain.parameter import ParameterPath
from brain.domain.reachability import Reachability, Tried, Way
from brain.domain.thing import Household, Thing, ThingKind

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


async def test_what_else_speaks_in_a_home_is_listed_and_of_another_tenant_nothing(
    front: "Front", device: Device
) -> None:
    lamp = Thing(name="hall lamp", kind=ThingKind.ROUTER, bridge="zigbee2mqtt", maker="Acme")
    async with front.wiring.store.begin() as tx:
        await tx.households.put(Household(tenant=device.tenant, device=device.id, things=(lamp,)))

    async with await front.caller("sam", Role.SUPPORT) as client:
        found = (await client.get(f"/v1/devices/{device.id}/things")).json()
        missing = await client.get("/v1/devices/nobody/things")

    assert [(each["name"], each["kind"]) for each in found["items"]] == [("hall lamp", "router")]
    assert missing.status_code == 404


async def test_the_ways_to_wake_a_device_are_listed_the_next_to_be_tried_first(
    front: "Front", device: Device
) -> None:
    at = front.wiring.clock()
    known = (
        Reachability(tenant=device.tenant, device=device.id)
        .noted(Way.HTTP, Tried().failed(at, "nothing answers there"))
        .noted(Way.UDP, Tried().worked(at))
    )

    async with await front.caller("sam", Role.SUPPORT) as client:
        before = (await client.get(f"/v1/devices/{device.id}/ways")).json()
        async with front.wiring.store.begin() as tx:
            await tx.reachabilities.put(known)
        after = (await client.get(f"/v1/devices/{device.id}/ways")).json()
        missing = await client.get("/v1/devices/nobody/ways")

    assert before["items"] == []
    assert [(each["way"], each["failures"], each["reason"]) for each in after["items"]] == [
        ("udp", 0, ""),
        ("http", 1, "nothing answers there"),
    ]
    assert missing.status_code == 404


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


LIGHT = ParameterPath("Device.Optical.Interface.1.OpticalSignalLevel")


async def test_a_measure_is_told_over_time_with_its_unit(front: "Front", device: Device) -> None:
    now = front.wiring.clock()
    points = [Point(now - timedelta(days=day), f"-{day}000") for day in (30, 9, 3, 1)]
    async with front.wiring.store.begin() as tx:
        await tx.measures.add({(device.tenant, device.id): {LIGHT: points}})

    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.get(f"/v1/devices/{device.id}/measures")

    (series,) = response.json()["series"]
    assert (series["path"], series["units"], series["counter"]) == (LIGHT, "dBm/1000", False)
    # What it was when the week began is what was said last before.
    assert [each["value"] for each in series["points"]] == ["-9000", "-3000", "-1000"]


async def test_a_setting_over_time_is_read_from_the_timeline(
    front: "Front", device: Device
) -> None:
    now = front.wiring.clock()
    path = "Device.WiFi.Radio.1.Channel"
    secret = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"
    changed = Event(
        tenant=device.tenant,
        device=device.id,
        kind=EventKind.VALUE_CHANGE,
        at=now - timedelta(hours=3),
        path=path,
        value="11",
        by=By.UNKNOWN,
    )
    async with front.wiring.store.begin() as tx:
        await tx.events.add(changed, replace(changed, path=secret, value="hunter2hunter2"))

    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.get(
            f"/v1/devices/{device.id}/measures", params={"path": [path, secret]}
        )
        before = await client.get(
            f"/v1/devices/{device.id}/timeline",
            params={"until": (now - timedelta(hours=3)).isoformat()},
        )

    (series,) = response.json()["series"]
    assert (series["path"], series["points"][0]["value"]) == (path, "11")
    assert "hunter2" not in response.text
    assert before.json()["items"] == []


async def test_a_time_that_ends_before_it_begins_is_refused(front: "Front", device: Device) -> None:
    later = (front.wiring.clock() + timedelta(days=1)).isoformat()
    async with await front.caller("sam", Role.SUPPORT) as client:
        response = await client.get(f"/v1/devices/{device.id}/measures", params={"since": later})

    assert (response.status_code, response.json()["field"]) == (422, "since")


async def test_the_same_fault_on_one_firmware_is_a_pattern(front: "Front", device: Device) -> None:
    now = front.wiring.clock()
    twin = replace(device, id=DeviceId("twin"), serial="twin", site=None, subscriber=None)
    fault = Event(
        tenant=device.tenant,
        device=device.id,
        kind=EventKind.FAULT,
        at=now - timedelta(days=1),
        value="9002",
        firmware="1.0",
    )
    async with front.wiring.store.begin() as tx:
        await tx.devices.put(twin)
        await tx.events.add(
            fault,
            replace(fault, device=twin.id, at=now),
            replace(fault, device=twin.id, firmware="2.0"),
            replace(fault, device=twin.id, at=now - timedelta(days=8)),
        )

    async with await front.caller("sam", Role.SUPPORT) as client:
        found = (await client.get("/v1/patterns")).json()["items"]
        boots = (await client.get("/v1/patterns", params={"kind": "boot"})).json()["items"]

    assert [(each["what"], each["firmware"], each["devices"], each["times"]) for each in found] == [
        ("9002", "1.0", 2, 2)
    ]
    assert boots == []


async def test_over_the_whole_fleet_no_more_than_a_month_is_gone_through(front: "Front") -> None:
    since = (front.wiring.clock() - timedelta(days=32)).isoformat()
    async with await front.caller("sam", Role.SUPPORT) as client:
        refused = await client.get("/v1/patterns", params={"since": since})

    assert refused.status_code == 422
    assert refused.json()["field"] == "since"


async def test_one_device_is_shown_with_the_role_that_its_agent_gives_us(
    front: "Front", device: Device
) -> None:
    async with await front.caller("sam", Role.SUPPORT) as client:
        before = (await client.get(f"/v1/devices/{device.id}")).json()
        bound = Agent(
            endpoint="os::00D09E-SN1", device=device.id, tenant=device.tenant, role="Untrusted"
        )
        async with front.wiring.store.begin() as tx:
            await tx.agents.put(bound)
        after = (await client.get(f"/v1/devices/{device.id}")).json()

    assert (before["usp_role"], after["usp_role"]) == (None, "Untrusted")
