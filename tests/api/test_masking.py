"""A value is shown only when the data model knows that it is no secret."""

import pytest

from api.masking import Mask
from brain.datamodel.catalogue import catalogue
from brain.domain.change import AddObject, Command, SetParameter
from brain.domain.parameter import ParameterPath, ParameterType

MASK = Mask([catalogue("tr181-cwmp"), catalogue("tr181-usp")])


def setting(path: str, *, secret: bool = False) -> SetParameter:
    return SetParameter(
        path=ParameterPath(path),
        type=ParameterType.STRING,
        before="old-value",
        after="new-value",
        secret=secret,
    )


def test_what_the_data_model_knows_as_no_secret_is_shown() -> None:
    assert MASK.value("Device.WiFi.Radio.1.Channel", "6") == "6"


@pytest.mark.parametrize(
    "path",
    [
        "Device.WiFi.AccessPoint.1.Security.KeyPassphrase",
        "Device.ManagementServer.ConnectionRequestPassword",
        "Device.X_ACME_Something",
        "Device.WiFi.AccessPoint.1.X_ACME_Key1",
        "",
    ],
)
def test_secrets_and_what_nobody_knows_are_masked(path: str) -> None:
    assert MASK.value(path, "hunter2") is None


def test_a_change_that_says_it_is_secret_is_masked_whatever_its_path() -> None:
    assert MASK.before_and_after(setting("Device.WiFi.Radio.1.Channel", secret=True)) == (
        None,
        None,
    )
    assert MASK.before_and_after(setting("Device.WiFi.Radio.1.Channel")) == (
        "old-value",
        "new-value",
    )
    assert MASK.before_and_after(setting("Device.X_ACME_Y")) == (None, None)


def test_the_first_values_of_a_new_object_are_masked_one_by_one() -> None:
    added = AddObject(
        path=ParameterPath("Device.Users.User."),
        values=(("Username", "ana"), ("Password", "hunter2"), ("X_ACME_Pin", "1234")),
    )

    assert MASK.arguments(added) == (
        ("Username", "ana"),
        ("Password", None),
        ("X_ACME_Pin", None),
    )


def test_the_arguments_of_a_command_are_masked_one_by_one() -> None:
    download = Command(
        path=ParameterPath("Device.DeviceInfo.FirmwareImage.1.Download()"),
        arguments=(("URL", "https://fw.example.net/1"), ("Password", "hunter2"), ("Odd", "x")),
    )

    assert MASK.arguments(download) == (
        ("URL", "https://fw.example.net/1"),
        ("Password", None),
        ("Odd", None),
    )


def test_the_arguments_of_an_unknown_command_are_all_masked() -> None:
    odd = Command(path=ParameterPath("Device.X_ACME_Do()"), arguments=(("URL", "x"),))

    assert MASK.arguments(odd) == (("URL", None),)
