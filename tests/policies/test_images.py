"""Which firmware each change would fetch or start."""

from collections.abc import Callable

import pytest

from brain.domain.change import Command, SetParameter
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.question import Question
from policies.images import images

Ask = Callable[..., Question]
IMAGE = "Device.DeviceInfo.FirmwareImage.2."
SAID = {IMAGE + "Version": "2.0"}


def command(path: str, *arguments: tuple[str, str]) -> Command:
    return Command(path=ParameterPath(path), arguments=arguments)


def test_what_is_downloaded_is_known_by_its_address(ask: Ask) -> None:
    fetch = command(
        IMAGE + "Download()", ("URL", "https://fw.example/g1.bin"), ("Password", "secret")
    )

    assert images(ask(fetch, values=SAID)) == {
        IMAGE + "Download()": {"url": "https://fw.example/g1.bin", "version": None}
    }


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://fw.example/g1.bin",
        "ftp://fw.example/g1.bin",
        "https:///g1.bin",
        "https://ann:secret@fw.example/g1.bin",
        "https://fw.example/g1.bin?token=secret",
        "https://fw.example/g1.bin#x",
        "https://[fw/g1.bin",
    ],
)
def test_an_address_that_is_not_plain_is_not_told(ask: Ask, url: str) -> None:
    fetch = command(IMAGE + "Download()", ("URL", url))

    assert images(ask(fetch)) == {IMAGE + "Download()": {"url": None, "version": None}}


def test_what_is_activated_is_known_by_the_version_in_its_row(ask: Ask) -> None:
    start = command(IMAGE + "Activate()")

    assert images(ask(start, values=SAID)) == {start.path: {"url": None, "version": "2.0"}}
    assert images(ask(start)) == {start.path: {"url": None, "version": None}}


@pytest.mark.parametrize("row", [IMAGE, IMAGE.rstrip(".")])
def test_what_is_booted_is_known_by_the_version_in_the_row_it_names(ask: Ask, row: str) -> None:
    path = ParameterPath("Device.DeviceInfo.BootFirmwareImage")
    boot = SetParameter(path=path, type=ParameterType.STRING, before="", after=row)

    assert images(ask(boot, values=SAID)) == {path: {"url": None, "version": "2.0"}}


def test_other_plans_say_nothing_of_firmware(ask: Ask) -> None:
    assert images(ask(values=SAID)) == {}
    assert images(ask(command("Device.Reboot()"))) == {}
