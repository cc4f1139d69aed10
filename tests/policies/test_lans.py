"""Whether a home network would move whole."""

from collections.abc import Callable

import pytest

from brain.domain.change import SetParameter
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.question import Question
from policies.lans import lans

Ask = Callable[..., Question]
ROW = "Device.IP.Interface.1.IPv4Address.1."
POOL = "Device.DHCPv4.Server.Pool.1."
SAID = {
    ROW + "AddressingType": "Static",
    POOL + "SubnetMask": "255.255.255.0",
    POOL + "IPRouters": "192.168.1.1",
    POOL + "MinAddress": "192.168.1.2",
    POOL + "MaxAddress": "192.168.1.200",
}
MOVED = {
    ROW + "IPAddress": "10.77.0.1",
    POOL + "IPRouters": "10.77.0.1",
    POOL + "MinAddress": "10.77.0.2",
    POOL + "MaxAddress": "10.77.0.200",
}


def plan(**instead: str) -> list[SetParameter]:
    """The whole move, with other values by leaf; an empty one is left out."""
    wanted = {path: instead.get(path.rpartition(".")[2], to) for path, to in MOVED.items()}
    return [
        SetParameter(path=ParameterPath(path), type=ParameterType.STRING, before="", after=to)
        for path, to in wanted.items()
        if to
    ]


def test_a_network_that_moves_whole_is_followed(ask: Ask) -> None:
    moved = {ROW + "IPAddress": {"own": True, "followed": True}}

    assert lans(ask(*plan(), values=SAID)) == moved


@pytest.mark.parametrize(
    "instead",
    [
        {"IPRouters": ""},
        {"IPRouters": "10.77.0.9"},
        {"MinAddress": ""},
        {"MaxAddress": "192.168.1.200"},
        {"MinAddress": "10.77.0.201"},
        {"MinAddress": "10.77.0.1"},
        {"MinAddress": "tea"},
        {"IPAddress": "10.78.0.1"},
        {"IPAddress": "tea"},
    ],
)
def test_a_pool_that_stays_behind_in_any_way_does_not_follow(
    ask: Ask, instead: dict[str, str]
) -> None:
    (found,) = lans(ask(*plan(**instead), values=SAID)).values()

    assert found == {"own": True, "followed": False}


@pytest.mark.parametrize("kind", ["DHCP", "IPCP", "", "static"])
def test_an_address_that_the_network_gave_is_not_the_devices_own(ask: Ask, kind: str) -> None:
    (found,) = lans(ask(*plan(), values=SAID | {ROW + "AddressingType": kind})).values()

    assert found == {"own": False, "followed": True}


def test_without_the_mask_of_the_pool_nobody_can_tell(ask: Ask) -> None:
    said = {path: to for path, to in SAID.items() if not path.endswith("SubnetMask")}

    assert lans(ask(*plan(), values=said))[ROW + "IPAddress"] == {"own": True, "followed": False}


def test_nothing_is_said_of_other_changes(ask: Ask) -> None:
    assert lans(ask(*plan(IPAddress=""), values=SAID)) == {}
