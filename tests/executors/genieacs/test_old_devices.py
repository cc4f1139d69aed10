"""A TR-098 device behind GenieACS is read whole once, since an Inform tells nothing apart."""

from dataclasses import replace
from typing import Any

import pytest

from brain.domain.errors import DeviceUnreachable
from tests.executors.contract import CHANNEL
from tests.executors.old_devices import OLD_MAKE, ROOT, wish

Rig = Any  # of the folder's conftest


@pytest.fixture
def make() -> str:
    return OLD_MAKE


def whole(rig: Rig) -> int:
    """How often it was told to read everything."""
    name = f'"{ROOT.rstrip(".")}"'
    return sum(name in ask.body.decode() for ask in rig.bodies("getParameterValues"))


async def test_it_is_read_whole_once_for_each_firmware(rig: Rig) -> None:
    await rig.read(CHANNEL)
    await rig.read(CHANNEL)
    assert whole(rig) == 1

    rig.device = replace(rig.device, firmware="V200R001")
    await rig.read(CHANNEL)

    assert whole(rig) == 2


async def test_what_could_not_be_read_whole_is_not_written(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.standins.genieacs.sessions.Work.refresh", lambda *_: None)

    with pytest.raises(DeviceUnreachable, match="not written"):
        await rig.apply(rig.plan(wish(CHANNEL, "11")))

    assert rig.bodies("setParameterValues") == []


async def test_a_device_that_does_not_come_is_read_whole_when_it_does(rig: Rig) -> None:
    rig.away()
    with pytest.raises(DeviceUnreachable):
        await rig.read(CHANNEL)
    rig.back()

    assert CHANNEL in await rig.read(CHANNEL)
