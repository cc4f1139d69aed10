"""Devices and faults come in by polling: each once, in few and small questions."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import unquote_plus

import httpx
import pytest
from structlog.testing import capture_logs

from brain.datamodel.managing import TAGS
from brain.domain.device import ControllerName
from brain.domain.history import EventKind
from brain.domain.identity import TenantId
from executors.genieacs.nbi import Nbi
from executors.genieacs.openness import warn_if_open
from executors.genieacs.options import GenieOptions
from executors.genieacs.polling import Polling
from tests.executors.contract import TENANT

Rig = Any


@pytest.fixture
def polling(rig: Rig) -> Polling:
    options = GenieOptions(tenant=TENANT, url="http://genie/", page=1)
    return Polling(
        store=rig.store, clock=rig.clock, nbi=rig.nbi, options=options, reader=rig.executor
    )


async def kinds(rig: Rig) -> list[EventKind]:
    async with rig.store.read() as tx:
        events = await tx.events.of_device(rig.device.tenant, rig.device.id)
    return [each.kind for each in events][::-1]


async def test_a_device_that_called_was_seen_then_and_not_when_it_was_asked_for(
    rig: Rig, polling: Polling
) -> None:
    await rig.read("Device.")
    called = rig.clock()
    rig.clock.advance(minutes=40)

    assert await polling.look() == 1

    assert (await rig.known()).last_seen == called
    assert await polling.look() == 0


async def test_a_device_that_nobody_registered_is_enrolled_as_what_it_says(
    rig: Rig, polling: Polling
) -> None:
    polling.store = rig.store
    async with rig.store.begin() as tx:
        known = await tx.devices.find(rig.device.id)
    rig.record.home.identity = type(rig.home.identity)("Acme", "00259E", "HG8245-H", "S.1")
    rig.genie.devices = {rig.record.id: rig.record}

    await polling.look()

    async with rig.store.read() as tx:
        (added,) = [each for each in await tx.devices.list(TENANT) if each.id != known.id]
    assert (added.id, added.firmware) == ("00259E-HG8245%2DH-S.1", known.firmware or added.firmware)
    assert added.firmware


async def test_where_nobody_may_enrol_an_unknown_device_is_left_out(
    rig: Rig, polling: Polling
) -> None:
    polling.options = replace(polling.options, enrol=False)
    rig.record.home.identity = type(rig.home.identity)("Acme", "00259E", "HG8245-H", "S.1")
    rig.genie.devices = {rig.record.id: rig.record}

    assert await polling.look() == 0

    async with rig.store.read() as tx:
        assert [each.id for each in await tx.devices.list(TENANT)] == [rig.device.id]


async def test_a_start_and_other_firmware_are_told_once(rig: Rig, polling: Polling) -> None:
    await polling.look()
    rig.clock.advance(minutes=5)
    rig.home.reboot()
    rig.clock.advance(minutes=1)
    rig.home.tree.put("Device.DeviceInfo.SoftwareVersion", "9.9")
    rig.genie.session(rig.record)
    await rig.read("Device.WiFi.Radio.1.Channel")  # which says itself that the device was there

    for _ in range(2):
        await polling.look()

    assert await kinds(rig) == [EventKind.BOOT, EventKind.FIRMWARE]
    assert (await rig.known()).firmware == "9.9"


async def test_a_device_is_read_whole_when_it_is_seen_first_and_not_again(
    rig: Rig, polling: Polling
) -> None:
    for _ in range(2):
        await polling.look()
        rig.clock.advance(minutes=5)
        rig.genie.session(rig.record)

    async with rig.store.read() as tx:
        kept = await tx.snapshots.latest(TENANT, rig.device.id)
    assert len(kept.values) > 500
    assert len(rig.bodies("getParameterValues")) == 1


async def test_a_device_that_was_away_then_is_read_when_it_calls_again(
    rig: Rig, polling: Polling
) -> None:
    rig.away()
    await polling.look()
    rig.back()

    await polling.look()

    async with rig.store.read() as tx:
        assert await tx.snapshots.latest(TENANT, rig.device.id) is not None


async def test_a_fault_is_told_with_its_code_and_without_the_devices_words(
    rig: Rig, polling: Polling
) -> None:
    await polling.look()
    rig.home.faults.refuse_sets = 9002
    task = {
        "name": "setParameterValues",
        "parameterValues": [["Device.WiFi.Radio.1.Channel", "11"]],
    }
    await rig.nbi.task(rig.record.id, {"name": "refreshObject", "objectName": "Device.WiFi"})
    await rig.nbi.task(rig.record.id, task)

    for _ in range(2):
        await polling.look()

    async with rig.store.read() as tx:
        (fault,) = await tx.events.of_device(TENANT, rig.device.id, kinds=[EventKind.FAULT])
    assert (fault.value, fault.detail) == ("9002", "9002 internal error")


async def test_its_tags_are_kept_with_what_it_said_and_when_they_change(
    rig: Rig, polling: Polling
) -> None:
    async def kept() -> str | None:
        async with rig.store.read() as tx:
            snapshot = await tx.snapshots.latest(TENANT, rig.device.id)
        assert snapshot is not None
        assert len(snapshot.values) > 100
        said: str | None = snapshot.get(TAGS)
        return said

    rig.device = replace(rig.device, controller=ControllerName.GENIEACS)
    async with rig.store.begin() as tx:
        await tx.devices.put(rig.device)
    await rig.read("Device.")
    seen = [await kept()]
    for tags in ({"vip", "pilot"}, set()):
        rig.record.tags.clear()
        rig.record.tags.update(tags)
        rig.clock.advance(minutes=10)
        rig.genie.session(rig.record)
        await polling.look()
        seen.append(await kept())

    assert seen == ["", "pilot,vip", ""]


async def test_only_who_called_since_is_asked_for_and_only_a_few_branches(
    rig: Rig, polling: Polling
) -> None:
    polling.options = replace(polling.options, page=200)
    await polling.look()
    rig.interface.asked.clear()
    rig.clock.advance(hours=1)

    await polling.look()

    asked = [
        unquote_plus(each.target) for each in rig.interface.asked if "/devices/" in each.target
    ]
    assert len(asked) == 1
    assert '"_lastInform": {"$gte"' in asked[0]
    assert "projection=_deviceId,_tags,_lastInform" in asked[0]
    assert 'sort={"_id": 1}' in asked[0]


async def test_pages_go_on_where_the_last_one_ended(rig: Rig, polling: Polling) -> None:
    rig.genie.devices["ZZ"] = rig.record  # a second row, of the same device
    await polling.look()

    asked = [unquote_plus(each.target) for each in rig.interface.asked if "&sort=" in each.target]

    assert ['"_id": {"$gt"' in each for each in asked] == [False, True, True][: len(asked)]
    assert len(asked) > 1


async def test_a_pass_that_fails_loses_nothing(rig: Rig, polling: Polling) -> None:
    rig.interface.unavailable = 1

    with pytest.raises(Exception, match="503"):
        await polling.look()

    assert await polling.look() == 1


@pytest.mark.parametrize(
    ("host", "status", "warned"),
    [("8.8.8.8", 200, True), ("8.8.8.8", 401, False), ("10.0.0.1", 200, False)],
)
async def test_an_interface_that_answers_anybody_in_public_is_warned_of(
    host: str, status: int, warned: bool
) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, json=[]))
    options = GenieOptions(
        tenant=TenantId("default"), url=f"http://{host}:7557", poll_every=timedelta()
    )
    nbi = Nbi(options, transport=transport)

    with capture_logs() as logs:
        assert await warn_if_open(nbi, options.url) is warned

    assert [each["event"] for each in logs] == (["genieacs_interface_is_open"] if warned else [])


async def test_a_device_that_another_controller_heard_first_stays_with_it(
    rig: Rig, polling: Polling
) -> None:
    last = rig.clock() - timedelta(days=1)
    async with rig.store.begin() as tx:
        await tx.devices.put(replace(rig.device, controller=ControllerName.ACS, last_seen=last))
    await rig.read("Device.")

    assert await polling.look() == 1

    assert (await rig.known()).controller is ControllerName.ACS
