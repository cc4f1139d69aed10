"""``gatewright rollout``: begun, followed to its end, listed and stopped."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.cli import rollouts
from brain.datamodel.managing import MANAGED_BY, TAGS
from brain.domain.change import Command, SetParameter
from brain.domain.device import Device
from brain.domain.identity import Role
from brain.domain.rollout import RolloutId, RolloutState
from tests.api.cli.conftest import Shell
from tests.api.conftest import NORTH

if TYPE_CHECKING:
    from tests.api.conftest import Front

CHANNEL = "Device.WiFi.Radio.1.Channel=11"


@pytest.fixture
async def token(front: "Front") -> str:
    return await front.token("olga", Role.OPERATOR)


async def the_only_one(front: "Front") -> RolloutId:
    async with front.wiring.store.read() as tx:
        (found,) = await tx.rollouts.newest(NORTH)
    return found.id


async def test_one_is_begun_shown_listed_and_stopped(
    front: "Front", shell: Shell, device: Device, token: str, tmp_path: Path
) -> None:
    (tmp_path / "ids").write_text(f"{device.id}\n\n")
    words = ("rollout", "begin", "Off channel 6", "--set", CHANNEL)
    begun = await shell.run(*words, "--devices", str(tmp_path / "ids"), token=token)
    one = await the_only_one(front)
    listed = await shell.run("rollout", "list", token=token)
    devices = await shell.run("rollout", "devices", one, token=token)
    stopped = await shell.run("rollout", "stop", one, "--reason", "enough", token=token)

    assert "running, 0 of 1 succeeded" in begun.out
    assert "Off channel 6" in listed.out
    assert device.id in devices.out
    assert "stopping" in stopped.out
    assert "enough" in stopped.out


async def test_it_is_followed_until_it_has_ended(
    front: "Front", shell: Shell, device: Device, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("rollout", "begin", "Off channel 6", "--set", CHANNEL, "--device", device.id)
    await shell.run(*words, token=token)
    one = await the_only_one(front)
    await shell.run("rollout", "stop", one, "--reason", "enough", token=token)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        monkeypatch.setattr(rollouts.RolloutShape, "ended", True)

    monkeypatch.setattr(rollouts.time, "sleep", sleep)
    followed = await shell.run("rollout", "show", one, "--follow", token=token)

    assert followed.code == 0
    assert followed.out.count(one) == 1  # nothing moved, so nothing is said again
    assert slept == [2.0]
    async with front.wiring.store.read() as tx:
        found = await tx.rollouts.get(NORTH, one)
    assert found is not None
    assert found.state is RolloutState.STOPPING


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--set", "Device.X"),
        ("--set", CHANNEL, "--run", "Device.Reboot()"),
        ("--set", CHANNEL, "--with", "URL=x"),
        ("--run", "Device.Reboot()", "--with", "URL"),
        ("--set", CHANNEL, "--devices", "not-there"),
    ],
)
async def test_what_is_not_understood_begins_nothing(
    front: "Front", shell: Shell, device: Device, token: str, words: tuple[str, ...]
) -> None:
    ran = await shell.run("rollout", "begin", "X", "--device", device.id, *words, token=token)

    assert ran.code != 0
    async with front.wiring.store.read() as tx:
        assert await tx.rollouts.newest(NORTH) == []


async def test_a_command_is_given_its_arguments(
    front: "Front", shell: Shell, device: Device, token: str
) -> None:
    fetch = "Device.DeviceInfo.FirmwareImage.1.Download()"
    words = ("--run", fetch, "--with", "URL=https://x.example/a=b", "--with", "AutoActivate=true")

    ran = await shell.run("rollout", "begin", "X", "--device", device.id, *words, token=token)

    assert ran.code == 0, ran.err
    async with front.wiring.store.read() as tx:
        (made,) = await tx.rollouts.newest(NORTH)
    (step,) = made.steps
    assert isinstance(step, Command)
    assert dict(step.arguments) == {"URL": "https://x.example/a=b", "AutoActivate": "true"}


@pytest.mark.parametrize(("words", "after"), [(["vip", "pilot", "vip"], "pilot,vip"), ([], "")])
async def test_a_device_is_tagged_by_a_change_of_its_own(
    shell: Shell, front: "Front", device: Device, token: str, words: list[str], after: str
) -> None:
    ran = await shell.run("device", "tag", device.id, *words, token=token)

    async with front.wiring.store.read() as tx:
        (found,) = await tx.rollouts.newest(NORTH)
    assert ran.code == 0
    assert [(step.path, step.after) for step in found.steps if isinstance(step, SetParameter)] == [
        (TAGS, after)
    ]


async def test_a_device_is_moved_to_its_other_protocol_by_a_change_of_its_own(
    shell: Shell, front: "Front", device: Device, token: str
) -> None:
    ran = await shell.run("device", "move", device.id, "usp", token=token)
    wrong = await shell.run("device", "move", device.id, "snmp", token=token)

    async with front.wiring.store.read() as tx:
        (found,) = await tx.rollouts.newest(NORTH)
        known = await tx.devices.get(NORTH, device.id)
    assert ran.code == 0
    assert [step.path for step in found.steps] == [MANAGED_BY]
    assert wrong.code != 0
    assert known == device  # nothing moves before it was approved
