"""Firmware through GenieACS: fetched from its own files, once, and done when that was seen."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from brain.domain.change import Command, Plan
from brain.domain.errors import DeviceUnreachable
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath
from evals.homes import rpc
from evals.standins.genieacs.downloads import SITE, File
from evals.standins.genieacs.interface import Ask
from executors.acs.transfers import FIRMWARE, Download, DownloadResponse

Rig = Any  # of the folder's conftest
NAME = "hearth6-2.0.bin"
VERSION = "Device.DeviceInfo.SoftwareVersion"
ABOUT = {"fileType": FIRMWARE, "oui": "", "productClass": ""}


def fetch(rig: Rig, url: str = SITE + NAME, **more: str) -> Plan:
    given = {"URL": url, "AutoActivate": "true"} | more
    command = Command(
        path=ParameterPath("Device.DeviceInfo.FirmwareImage.1.Download()"),
        arguments=tuple(given.items()),
    )
    return Plan(device=rig.device.id, changes=(command,))


@pytest.fixture
def firmware(rig: Rig) -> Rig:
    """GenieACS has the file, the home can fetch it, and calls whenever somebody waits."""
    rig.genie.files[NAME] = File(b"firmware", dict(ABOUT))
    rig.home.images[SITE + NAME] = "2.0"
    rig.executor.options = replace(rig.executor.options, files=SITE)
    moved = rig.executor.sleep

    async def sleep(seconds: float) -> None:
        await moved(seconds)
        rig.home.tick()
        if rig.home.events and not rig.home.silent:
            rig.genie.session(rig.record)

    rig.executor.sleep = sleep
    return rig


def downloads(rig: Rig) -> list[Ask]:
    sent: list[Ask] = rig.bodies("download")
    return sent


async def test_it_is_done_when_the_device_has_told_so(firmware: Rig) -> None:
    before = firmware.clock()

    outcome = await firmware.apply(fetch(firmware))

    assert outcome.progress is Progress.APPLIED
    assert firmware.holds(VERSION) == "2.0"
    assert len(downloads(firmware)) == 1
    assert outcome.at > before
    assert firmware.genie.operations == firmware.genie.faults == {}


async def test_it_is_not_done_when_the_device_has_promised_it(firmware: Rig) -> None:
    """GenieACS calls its task done then."""

    async def never_calls(seconds: float) -> None:
        firmware.clock.advance(seconds=seconds)

    firmware.executor.sleep = never_calls

    outcome = await firmware.apply(fetch(firmware))

    assert outcome.progress is Progress.UNKNOWN
    assert "still under way" in outcome.detail
    assert firmware.genie.tasks == {}
    assert len(downloads(firmware)) == 1


async def test_that_it_was_fetched_once_before_is_no_end_of_this_one(firmware: Rig) -> None:
    await firmware.apply(fetch(firmware))

    async def never_calls(seconds: float) -> None:
        firmware.clock.advance(seconds=seconds)

    firmware.executor.sleep = never_calls

    assert (await firmware.apply(fetch(firmware))).progress is Progress.UNKNOWN


async def test_the_end_of_another_file_is_no_end_of_this_one(firmware: Rig) -> None:
    """Somebody asks for another one in GenieACS itself, and the device tells of that."""
    other = "hearth6-3.0.bin"
    firmware.home.images.clear()
    firmware.home.images[SITE + other] = "3.0"
    sleep = firmware.executor.sleep
    theirs: list[str] = []

    async def somebody_else(seconds: float) -> None:
        if downloads(firmware) and not theirs:
            theirs.append(other)
            firmware.genie.operations.clear()
            firmware.genie.queue(
                firmware.record.id, {"name": "download", "fileType": FIRMWARE, "fileName": other}
            )
            firmware.genie.session(firmware.record)
        await sleep(seconds)

    firmware.executor.sleep = somebody_else

    outcome = await firmware.apply(fetch(firmware))

    assert outcome.progress is Progress.UNKNOWN
    assert firmware.holds(VERSION) == "3.0"


async def test_a_device_that_is_done_at_once_is_done(
    firmware: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GenieACS takes the name of the file from its type then."""
    monkeypatch.setitem(rpc._HANDLERS, Download, lambda home, asked: DownloadResponse(status=0))

    assert (await firmware.apply(fetch(firmware))).progress is Progress.APPLIED


async def test_a_file_that_the_device_did_not_get_is_refused_and_not_tried_again(
    firmware: Rig,
) -> None:
    firmware.home.images.clear()

    outcome = await firmware.apply(fetch(firmware))

    assert (outcome.progress, outcome.fault) == (Progress.REFUSED, "9016")
    assert firmware.genie.faults == {}  # it would be tried again for as long as it is there
    assert len(downloads(firmware)) == 1


async def test_the_device_may_be_read_while_it_fetches(firmware: Rig) -> None:
    seen: list[str] = []
    sleep = firmware.executor.sleep

    async def reads(seconds: float) -> None:
        if downloads(firmware) and not seen:
            seen.append("asked")
            snapshot = await firmware.executor.read(firmware.device, [ParameterPath(VERSION)])
            seen.append(snapshot.get(ParameterPath(VERSION)))
        await sleep(seconds)

    firmware.executor.sleep = reads

    async with asyncio.timeout(5):
        assert (await firmware.apply(fetch(firmware))).progress is Progress.APPLIED
    assert len(seen) == 2


async def refused(rig: Rig, plan: Plan) -> str:
    outcome: Outcome = await rig.apply(plan)
    assert outcome.progress is Progress.REFUSED
    assert downloads(rig) == []
    return outcome.detail


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/" + NAME,
        SITE,
        SITE + "a/" + NAME,
        SITE + "*",
        SITE + "hearth6 2.0.bin",
        SITE.removesuffix("/") + ".evil.example/" + NAME,
    ],
)
async def test_what_genieacs_would_not_send_is_not_asked_for(firmware: Rig, url: str) -> None:
    assert f"from {SITE} alone" in await refused(firmware, fetch(firmware, url))


async def test_without_its_address_of_files_nothing_is_asked_for(firmware: Rig) -> None:
    firmware.executor.options = replace(firmware.executor.options, files="")

    assert "GATEWRIGHT_GENIEACS_FILES" in await refused(firmware, fetch(firmware))


async def test_a_file_that_it_does_not_have_is_not_asked_for(firmware: Rig) -> None:
    firmware.genie.files.clear()

    assert await refused(firmware, fetch(firmware)) == f"GenieACS has no file {NAME}"


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"fileType": "2 Web Content"}, "not as firmware"),
        ({}, "not as firmware"),
        ({"fileType": FIRMWARE, "oui": "001122"}, "its oui is another"),
        ({"fileType": FIRMWARE, "productClass": "Other"}, "its productClass is another"),
    ],
)
async def test_a_file_for_something_else_is_not_asked_for(
    firmware: Rig, about: dict[str, Any], why: str
) -> None:
    firmware.genie.files[NAME] = File(b"firmware", about)

    assert why in await refused(firmware, fetch(firmware))


async def test_a_file_of_another_size_is_not_asked_for(firmware: Rig) -> None:
    assert "another size" in await refused(firmware, fetch(firmware, FileSize="900"))
    assert (await firmware.apply(fetch(firmware, FileSize="8"))).progress is Progress.APPLIED


async def test_nothing_is_asked_for_where_silence_would_be_success(firmware: Rig) -> None:
    firmware.genie.config["cwmp.downloadSuccessOnTimeout"] = "true"

    assert "takes silence for success" in await refused(firmware, fetch(firmware))


async def test_where_genieacs_does_not_answer_nothing_was_sent(firmware: Rig) -> None:
    firmware.interface.unavailable = 1

    with pytest.raises(DeviceUnreachable, match="was not sent"):
        await firmware.apply(fetch(firmware))

    assert downloads(firmware) == []


async def test_a_look_that_fails_meanwhile_ends_nothing(firmware: Rig) -> None:
    sleep = firmware.executor.sleep

    troubles: list[str] = []

    async def troubled(seconds: float) -> None:
        if downloads(firmware) and not troubles:
            troubles.append("503")
            firmware.interface.unavailable = 1
        await sleep(seconds)

    firmware.executor.sleep = troubled

    assert (await firmware.apply(fetch(firmware))).progress is Progress.APPLIED
    assert (troubles, firmware.interface.unavailable) == (["503"], 0)
