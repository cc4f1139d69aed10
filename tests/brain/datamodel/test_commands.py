"""A command is known, on an object the device has, and its arguments are of the data model."""

from collections.abc import Callable

import pytest

from brain.datamodel.validation import validate
from brain.domain.change import Command
from brain.domain.errors import InvalidValue
from brain.domain.parameter import ParameterPath, Snapshot

Says = Callable[..., Snapshot]

PING = "Device.IP.Diagnostics.IPPing()"
NEEDED = {
    "ProtocolVersion": "Any",
    "Host": "example.net",
    "NumberOfRepetitions": "3",
    "Timeout": "1000",
    "DataBlockSize": "64",
}
LONG = "x" * 300
HOME = {"Device.IP.Diagnostics.IPv4PingSupported": "true", "Device.IP.Interface.1.Enable": "true"}


def command(path: str, *arguments: tuple[str, str]) -> Command:
    return Command(path=ParameterPath(path), arguments=arguments)


def ping(**arguments: str) -> Command:
    return command(PING, *(NEEDED | arguments).items())


def refused(change: Command, snapshot: Snapshot, model: str = "tr181-usp") -> InvalidValue:
    with pytest.raises(InvalidValue) as caught:
        validate(change, snapshot, model=model)
    return caught.value


@pytest.mark.parametrize("path", ["Device.Reboot()", "Device.FactoryReset()"])
@pytest.mark.parametrize("model", ["tr181-cwmp", "tr181-usp"])
def test_every_device_knows_reboot_and_factory_reset(says: Says, path: str, model: str) -> None:
    assert validate(command(path), says({}), model=model) == command(path)


def test_a_device_on_cwmp_knows_no_other_command(says: Says) -> None:
    other = command("Device.IP.Diagnostics.ServerSelectionDiagnostics()")

    refusal = refused(other, says(HOME), "tr181-cwmp")

    assert refusal.rule == "unknown"
    assert "Device.Reboot()" in refusal.remedy


FETCH = "Device.DeviceInfo.FirmwareImage.1.Download()"
IMAGE = ("URL", "https://firmware.example/g1-1.1.bin")


def test_a_device_on_cwmp_fetches_firmware_and_shows_no_images(says: Says) -> None:
    change = command(FETCH, ("FileSize", "0900"), ("AutoActivate", "1"), IMAGE)

    valid = validate(change, says({}), model="tr181-cwmp")

    assert valid == command(FETCH, IMAGE, ("AutoActivate", "true"), ("FileSize", "900"))


@pytest.mark.parametrize(
    "arguments",
    [
        (IMAGE,),
        (("AutoActivate", "true"),),
        (IMAGE, ("AutoActivate", "false")),
        (IMAGE, ("AutoActivate", "true"), ("CheckSum", "00")),
        (IMAGE, ("AutoActivate", "true"), ("Password", "x")),
    ],
)
def test_what_the_rpc_of_cwmp_does_not_carry_is_not_left_out_in_silence(
    says: Says, arguments: tuple[tuple[str, str], ...]
) -> None:
    assert refused(command(FETCH, *arguments), says({}), "tr181-cwmp").rule == "argument"


def test_a_device_on_usp_fetches_into_an_image_that_it_has(says: Says) -> None:
    change = command(FETCH, IMAGE, ("AutoActivate", "false"))
    images = {"Device.DeviceInfo.FirmwareImage.1.Name": "a"}

    assert refused(change, says({})).rule == "not_in_device"
    assert validate(change, says(images), model="tr181-usp") == change


def test_the_rpcs_of_cwmp_take_no_arguments(says: Says) -> None:
    change = command("Device.Reboot()", ("Cause", "LocalReboot"))

    assert refused(change, says({}), "tr181-cwmp").rule == "argument"
    assert validate(change, says({}), model="tr181-usp") == change


def test_arguments_are_made_canonical_and_put_in_order(says: Says) -> None:
    given = ping(NumberOfRepetitions="03", Interface="Device.IP.Interface.1")

    valid = validate(given, says(HOME), model="tr181-usp")

    assert isinstance(valid, Command)
    assert valid.arguments == (("Interface", "Device.IP.Interface.1"), *NEEDED.items())
    assert validate(valid, says(HOME), model="tr181-usp") == valid


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (command("Device.Rebot()"), "unknown"),
        (command("Device.Boot!"), "unknown"),
        (command("Device.WiFi.Radio.7.Stats.Reset()"), "not_in_device"),
        (command(PING, ("Host", "a")), "argument"),
        (ping(Colour="red"), "argument"),
        (command(PING, *NEEDED.items(), ("Host", "b")), "argument"),
        (ping(Timeout="0"), "range"),
        (ping(Interface="Device.IP.Interface.4"), "path_ref"),
    ],
)
def test_a_command_that_cannot_be_given_is_refused(says: Says, change: Command, rule: str) -> None:
    assert refused(change, says(HOME)).rule == rule


def test_an_argument_that_is_a_secret_is_not_shown(says: Says) -> None:
    path = "Device.DeviceInfo.FirmwareImage.1.Download()"
    home = {"Device.DeviceInfo.FirmwareImage.1.Name": "a"}
    change = command(
        path,
        ("URL", "https://firmware.example/a"),
        ("AutoActivate", "true"),
        ("Password", "x" * 300),
    )

    refusal = refused(change, says(home))

    assert refusal.field == f"{path} Password"
    assert "xxx" not in str(refusal)
