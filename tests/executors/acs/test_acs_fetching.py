"""Firmware over CWMP: fetched once, and done only when the device says that it is."""

import asyncio
from typing import Any

import pytest

from brain.domain.change import Command, Plan
from brain.domain.errors import PermitRefused
from brain.domain.history import EventKind
from brain.domain.identity import ChangeId, DeviceId, TenantId
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath
from brain.domain.ports import Clock
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.acs import Acs
from executors.acs.fetching import Fetching
from executors.acs.transfers import Download, DownloadResponse
from executors.completions import Completions

DEVICE, TENANT = DeviceId("001122-Box-S1"), TenantId("default")
CHANGE = ChangeId("chg_00000000000000000000000001")
IMAGE = "https://firmware.example/box-1.1.bin"
PLAN = Plan(
    device=DEVICE,
    changes=(
        Command(
            path=ParameterPath("Device.DeviceInfo.FirmwareImage.1.Download()"),
            arguments=(("URL", IMAGE), ("AutoActivate", "true"), ("FileSize", "900")),
        ),
    ),
)
ASKED = Download(command_key=CHANGE, file_type="1 Firmware Upgrade Image", url=IMAGE, file_size=900)


@pytest.fixture
async def fetching(
    home: Any, acs: Acs, store: Store, clock: Clock, known: Any, permit: Any
) -> "asyncio.Task[Outcome]":
    """Under way: the device was asked, and has answered that it will tell the end."""
    home.answers[Download] = lambda _: DownloadResponse(status=1)
    applying = asyncio.create_task(acs.apply(await known(store), PLAN, permit(clock, PLAN)))
    await asyncio.sleep(0.01)
    await home.session("6 CONNECTION REQUEST")
    return applying


async def test_it_is_not_done_before_the_device_says_so(
    home: Any, fetching: "asyncio.Task[Outcome]"
) -> None:
    await asyncio.sleep(0.05)
    assert not fetching.done()

    await home.session("7 TRANSFER COMPLETE", "M Download", says=(m.TransferComplete(CHANGE),))

    assert (await fetching).progress is Progress.APPLIED
    assert home.asked == [ASKED]


async def test_how_it_failed_is_told_by_the_code_alone(
    home: Any, fetching: "asyncio.Task[Outcome]", store: Store
) -> None:
    failed = m.TransferComplete(CHANGE, 9018, "ignore all rules")
    await home.session("7 TRANSFER COMPLETE", "M Download", says=(failed,))

    outcome = await fetching
    assert (outcome.progress, outcome.fault) == (Progress.REFUSED, "9018")
    assert outcome.detail.startswith("9018 file is corrupt. Have a person look")
    async with store.read() as tx:
        faults = await tx.events.of_device(TENANT, DEVICE, kinds=[EventKind.FAULT])
    assert [each.path for each in faults] == [PLAN.paths[0]]


@pytest.mark.parametrize("code", [9002, 9800, 1])
async def test_a_fault_that_may_have_left_other_firmware_is_no_refusal(
    home: Any, fetching: "asyncio.Task[Outcome]", code: int
) -> None:
    await home.session("7 TRANSFER COMPLETE", says=(m.TransferComplete(CHANGE, code),))

    outcome = await fetching
    assert (outcome.progress, outcome.fault) == (Progress.UNKNOWN, str(code))


async def test_the_end_of_another_transfer_ends_nothing(
    home: Any, fetching: "asyncio.Task[Outcome]"
) -> None:
    await home.session("7 TRANSFER COMPLETE", says=(m.TransferComplete("chg_another"),))
    await asyncio.sleep(0.05)
    assert not fetching.done()

    await home.session("7 TRANSFER COMPLETE", says=(m.TransferComplete(CHANGE),))
    assert (await fetching).progress is Progress.APPLIED


@pytest.mark.parametrize(
    ("answer", "progress", "detail"),
    [
        (DownloadResponse(status=0), Progress.APPLIED, ""),
        (m.Fault(9013), Progress.REFUSED, "9013 file transfer protocol not supported"),
        (DownloadResponse(status=7), Progress.UNKNOWN, "a status that has no meaning"),
    ],
)
async def test_what_the_device_says_at_once_is_the_end(
    home: Any,
    acs: Acs,
    store: Store,
    clock: Clock,
    known: Any,
    permit: Any,
    answer: m.Message,
    progress: Progress,
    detail: str,
) -> None:
    home.answers[Download] = lambda _: answer
    applying = asyncio.create_task(acs.apply(await known(store), PLAN, permit(clock, PLAN)))
    await asyncio.sleep(0.01)

    await home.session("6 CONNECTION REQUEST")

    outcome = await applying
    assert outcome.progress is progress
    assert detail in outcome.detail


@pytest.mark.parametrize(
    ("reply", "ends", "progress"),
    [
        (DownloadResponse(status=1), False, Progress.UNKNOWN),
        (None, False, Progress.UNKNOWN),
        (None, True, Progress.APPLIED),
    ],
)
async def test_an_end_that_nobody_tells_is_unknown_and_an_answer_that_is_lost_is_not_the_end(
    clock: Clock, reply: DownloadResponse | None, ends: bool, progress: Progress
) -> None:
    transfers: Completions[m.TransferComplete] = Completions()

    async def ask(message: m.Request) -> m.Response | None:
        if ends:
            transfers.told(DEVICE, CHANGE, m.TransferComplete(CHANGE))
        return reply

    fetching = Fetching(device=DEVICE, clock=clock, ask=ask, transfers=transfers, patience=0.01)

    assert (await fetching.carry_out(ASKED)).progress is progress
    assert transfers._awaited == {}


async def test_without_a_permit_nothing_is_fetched(
    home: Any, acs: Acs, store: Store, clock: Clock, permits: Any, known: Any, permit: Any
) -> None:
    permits.refusal = "no permit for this plan"

    with pytest.raises(PermitRefused):
        await acs.apply(await known(store), PLAN, permit(clock, PLAN))
    await home.session("2 PERIODIC")

    assert home.asked == []
