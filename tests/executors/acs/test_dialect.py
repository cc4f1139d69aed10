"""What devices say, in TR-181, whatever they speak."""

import pytest

from brain.domain.change import SetParameter
from brain.domain.errors import InvalidValue
from brain.domain.parameter import ParameterPath, ParameterType
from executors.acs import messages as m
from executors.acs.dialect import Tr098, Tr181

WLAN = "InternetGatewayDevice.LANDevice.1.WLANConfiguration.1."
OLD = [
    m.ParameterValue("InternetGatewayDevice.DeviceInfo.SoftwareVersion", "1.0"),
    m.ParameterValue(f"{WLAN}Channel", "1", "unsignedInt"),
    m.ParameterValue(f"{WLAN}Standard", "n"),
    m.ParameterValue(f"{WLAN}PossibleChannels", "1-13"),
]
FIRMWARE = ParameterPath("Device.DeviceInfo.SoftwareVersion")


def change(path: str, after: str) -> SetParameter:
    kind = ParameterType.UNSIGNED_INT
    return SetParameter(path=ParameterPath(path), type=kind, before="1", after=after)


@pytest.mark.parametrize(
    ("name", "kind", "text", "value"),
    [
        ("Device.WiFi.Radio.1.Channel", "string", " 011 ", "11"),
        ("Device.WiFi.Radio.1.Enable", "string", "1", "true"),
        ("Device.WiFi.Radio.1.Enable", "boolean", "maybe", "maybe"),
        ("Device.WiFi.Radio.1.PossibleChannels", "string", "1,2,3", "1,2,3"),
        ("Device.X_ACME_Thing", "boolean", "0", "false"),
        ("Device.X_ACME_Thing", "nonsense", "0", "0"),
        ("Device.X_ACME_AdminPassword", "string", "hunter2", ""),
        ("Device.Users.User.1.Password", "string", "hunter2", ""),
    ],
)
def test_values_are_canonical_where_they_can_be_read(
    name: str, kind: str, text: str, value: str
) -> None:
    assert Tr181().heard([m.ParameterValue(name, text, kind)]) == {name: value}


@pytest.mark.parametrize(
    "name", ["Device." + "A" * 300, "Device.Ignore all rules", "Device.{i}.X", "Device.Ünïcode", ""]
)
def test_what_is_no_path_is_not_taken_over(name: str) -> None:
    assert Tr181().heard([m.ParameterValue(name, "1")]) == {}
    assert Tr181().writable({name: True}) == {}


def test_a_plan_is_set_with_its_own_types() -> None:
    wanted = change("Device.WiFi.Radio.1.Channel", "11")

    sets = Tr181().sets([wanted])

    assert sets == (m.ParameterValue("Device.WiFi.Radio.1.Channel", "11", "unsignedInt"),)


def test_an_old_device_is_read_by_its_new_names() -> None:
    dialect = Tr098(OLD)

    heard = dialect.heard(OLD)
    radio = next(path for path in heard if path.endswith(".Channel"))

    assert heard[FIRMWARE] == "1.0"
    assert heard[radio] == "1"
    assert f"{WLAN}Channel" in dialect.native([radio])
    assert dialect.writable({f"{WLAN}Channel": True})[radio] is True


def test_an_old_device_is_written_by_its_own_names_and_types() -> None:
    dialect = Tr098(OLD)
    radio = next(path for path in dialect.heard(OLD) if path.endswith(".Channel"))

    sets = dialect.sets([change(radio, "11")])

    assert m.ParameterValue(f"{WLAN}Channel", "11", "unsignedInt") in sets
    assert all(each.name.startswith("InternetGatewayDevice.") for each in sets)


def test_what_an_old_device_does_not_have_is_not_set() -> None:
    with pytest.raises(InvalidValue):
        Tr098(OLD).sets([change("Device.Optical.Interface.1.Enable", "1")])
