"""What each touched port mapping or exposed host would let in."""

from collections.abc import Callable

import pytest

from brain.domain.change import AddObject, DeleteObject, SetParameter
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.question import Question
from policies.openings import openings

Ask = Callable[..., Question]
ROW = "Device.NAT.PortMapping.3."
SAID = {
    ROW + "Enable": "true",
    ROW + "ExternalPort": "8080",
    ROW + "ExternalPortEndRange": "8090",
    ROW + "InternalPort": "80",
    ROW + "InternalClient": "192.168.1.7",
    ROW + "Protocol": "TCP",
}


def set_to(path: str, after: str) -> SetParameter:
    return SetParameter(path=ParameterPath(path), type=ParameterType.STRING, before="", after=after)


def opening_of(question: Question) -> dict[str, object]:
    (found,) = openings(question).values()
    assert isinstance(found, dict)
    return dict(found)


def test_a_mapping_is_as_the_plan_would_leave_it(ask: Ask) -> None:
    asked = ask(set_to(ROW + "ExternalPort", "8085"), values=SAID)

    assert openings(asked) == {
        ROW + "ExternalPort": {
            "enabled": True,
            "first": 8085,
            "internal": 80,
            "last": 8090,
            "private": True,
            "protocol": "TCP",
        }
    }


@pytest.mark.parametrize("last", ["", "0"])
def test_without_an_end_the_range_is_one_port(ask: Ask, last: str) -> None:
    asked = ask(set_to(ROW + "Enable", "true"), values=SAID | {ROW + "ExternalPortEndRange": last})

    assert opening_of(asked)["last"] == 8080


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("10.0.0.1", True),
        ("172.16.0.9", True),
        ("192.168.0.9", True),
        ("fd00::9", True),
        ("8.8.8.8", False),
        ("127.0.0.1", False),
        ("169.254.1.1", False),
        ("fe80::1", False),
        ("0.0.0.0", False),
        ("", None),
        ("camera.example", None),
        ("192.168.0.9\n", None),
    ],
)
def test_only_an_address_of_a_home_network_is_private(
    ask: Ask, address: str, private: bool | None
) -> None:
    asked = ask(set_to(ROW + "InternalClient", address), values=SAID)

    assert opening_of(asked)["private"] is private


@pytest.mark.parametrize("port", ["", "x", "-1", "1e3", "123456", "٦"])
def test_what_is_no_port_is_unknown(ask: Ask, port: str) -> None:
    assert opening_of(ask(set_to(ROW + "ExternalPort", port), values=SAID))["first"] is None


def test_a_row_that_says_nothing_is_unknown_throughout(ask: Ask) -> None:
    unknown = dict.fromkeys(("enabled", "first", "internal", "last", "private", "protocol"))

    assert opening_of(ask(set_to(ROW + "Description", "camera"))) == unknown


def test_rows_with_like_numbers_are_kept_apart(ask: Ask) -> None:
    other = {"Device.NAT.PortMapping.33.Enable": "false"}

    assert opening_of(ask(set_to(ROW + "Log", "true"), values=SAID | other))["enabled"] is True


def test_a_new_mapping_is_told(ask: Ask) -> None:
    table = ParameterPath("Device.NAT.PortMapping.")
    new = AddObject(path=table, values=(("ExternalPort", "22"), ("InternalClient", "10.0.0.2")))

    opening = opening_of(ask(new))

    assert (opening["first"], opening["private"], opening["enabled"]) == (22, True, None)


def test_an_exposed_host_is_told(ask: Ask) -> None:
    row = "Device.Firewall.DMZ.1."
    opening = opening_of(ask(set_to(row + "DestIP", "10.0.0.2"), values={row + "Enable": "false"}))

    assert (opening["private"], opening["enabled"]) == (True, False)


def test_other_plans_say_nothing_of_openings(ask: Ask) -> None:
    assert openings(ask(values=SAID)) == {}
    assert openings(ask(DeleteObject(path=ParameterPath(ROW)), values=SAID)) == {}
