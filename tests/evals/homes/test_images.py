"""A home fetches software after the session, starts it, and tells of it until it is heard."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from evals.homes import images
from evals.homes.device_session import DeviceSession
from evals.homes.home import Home
from evals.homes.rpc import answer
from executors.acs import messages as m
from executors.acs.envelope import Envelope
from executors.acs.transfers import Download, DownloadResponse

MakeHome = Callable[..., Home]
IMAGE, KEY = "https://firmware.example/box-9.bin", "chg_1"
ASKED = Download(command_key=KEY, file_type="1 Firmware Upgrade Image", url=IMAGE)
VERSION = "Device.DeviceInfo.SoftwareVersion"


def fetched(home: Home, clock: Any) -> None:
    assert answer(home, ASKED) == DownloadResponse(status=1)
    DeviceSession(home).ended()
    clock.advance(timedelta(seconds=images.SECONDS + 1))
    home.tick()


def test_it_starts_what_the_file_server_has_and_says_so(make_home: MakeHome, clock: Any) -> None:
    home = make_home()
    home.images[IMAGE] = "9.0"

    fetched(home, clock)

    assert home.tree.read(VERSION) == "9.0"
    assert home.silent
    assert [each.code for each in home.events][-3:] == [
        "1 BOOT",
        "7 TRANSFER COMPLETE",
        "M Download",
    ]
    (report,) = DeviceSession(home).reports()
    assert isinstance(report.message, m.TransferComplete)
    assert (report.message.command_key, report.message.fault_code) == (KEY, 0)


def test_a_file_that_is_not_there_changes_nothing(make_home: MakeHome, clock: Any) -> None:
    home = make_home()
    before = home.tree.read(VERSION)

    fetched(home, clock)

    assert home.tree.read(VERSION) == before
    assert not home.silent
    assert [each.fault_code for each in home.transfers] == [9016]


@pytest.mark.parametrize(
    "wrong", [Download(url=IMAGE), Download(file_type="1 Firmware Upgrade Image")]
)
def test_what_is_no_firmware_is_refused_at_once(make_home: MakeHome, wrong: Download) -> None:
    home = make_home()

    refused = answer(home, wrong)

    assert isinstance(refused, m.Fault)
    assert refused.code == 9003
    assert home.after_session is None


def test_it_is_told_again_until_it_was_heard(make_home: MakeHome, clock: Any) -> None:
    home = make_home()
    fetched(home, clock)
    session = DeviceSession(home)
    (report,) = session.reports()

    assert not session.reported(report, None)
    assert DeviceSession(home).reports() == [report]
    assert session.reported(report, Envelope(m.TransferCompleteResponse(), id=report.id))
    assert DeviceSession(home).reports() == []
