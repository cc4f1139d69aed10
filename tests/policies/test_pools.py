"""What each touched DHCPv4 pool would hand out."""

from collections.abc import Callable
from ipaddress import IPv4Address

import pytest

from brain.domain.change import AddObject, DeleteObject, SetParameter
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.question import Question
from policies.pools import pools

Ask = Callable[..., Question]
POOL = "Device.DHCPv4.Server.Pool.1."
SAID = {
    POOL + "MinAddress": "192.168.1.2",
    POOL + "MaxAddress": "192.168.1.200",
    POOL + "SubnetMask": "255.255.255.0",
    POOL + "IPRouters": "192.168.1.1",
}


def number(text: str) -> int:
    return int(IPv4Address(text))


def set_to(name: str, after: str) -> SetParameter:
    return SetParameter(
        path=ParameterPath(POOL + name), type=ParameterType.STRING, before="", after=after
    )


def pool_of(question: Question) -> dict[str, object]:
    (found,) = pools(question).values()
    assert isinstance(found, dict)
    return dict(found)


def test_a_pool_is_as_the_plan_would_leave_it_in_the_subnet_that_is_there(ask: Ask) -> None:
    asked = ask(set_to("MinAddress", "192.168.1.10"), set_to("MaxAddress", "10.0.0.9"), values=SAID)

    said = {
        "first": number("192.168.1.10"),
        "high": number("192.168.1.254"),
        "kept": {
            "count": 0,
            "least": None,
            "left": number("10.0.0.9") - number("192.168.1.10") + 1,
            "most": None,
        },
        "last": number("10.0.0.9"),
        "lease": None,
        "low": number("192.168.1.1"),
        "own": "192.168.1.1",
        "router": number("192.168.1.1"),
    }
    assert pools(asked) == {POOL + "MinAddress": said, POOL + "MaxAddress": said}


def test_the_plan_does_not_choose_the_subnet_it_is_held_to(ask: Ask) -> None:
    plan = (set_to("SubnetMask", "255.0.0.0"), set_to("IPRouters", "10.0.0.1"))

    for pool in pools(ask(*plan, values=SAID)).values():
        assert isinstance(pool, dict)
        assert (pool["low"], pool["high"]) == (number("192.168.1.1"), number("192.168.1.254"))


@pytest.mark.parametrize(
    ("mask", "router"),
    [
        ("", "192.168.1.1"),
        ("255.255.255.0", ""),
        ("255.0.255.0", "192.168.1.1"),
        ("0.0.0.255", "192.168.1.1"),
        ("24", "192.168.1.1"),
        ("255.255.255.254", "192.168.1.1"),
        ("255.255.255.255", "192.168.1.1"),
        ("255.255.255.0", "fd00::1"),
        ("255.255.255.0", "router"),
        ("255.255.255.0", "192.168.01.1"),
    ],
)
def test_a_subnet_that_nobody_can_tell_is_unknown(ask: Ask, mask: str, router: str) -> None:
    said = SAID | {POOL + "SubnetMask": mask, POOL + "IPRouters": router}
    pool = pool_of(ask(set_to("LeaseTime", "600"), values=said))

    assert (pool["low"], pool["high"]) == (None, None)


def test_the_first_of_several_routers_counts(ask: Ask) -> None:
    said = SAID | {POOL + "IPRouters": "192.168.1.254, 192.168.1.253"}

    assert pool_of(ask(set_to("Enable", "true"), values=said))["router"] == number("192.168.1.254")


@pytest.mark.parametrize("text", ["", "192.168.1", "192.168.1.256", "a", "192.168.1.1\n", "٣"])
def test_what_is_no_address_is_unknown(ask: Ask, text: str) -> None:
    assert pool_of(ask(set_to("MinAddress", text), values=SAID))["first"] is None


def test_a_static_lease_tells_its_address_and_that_of_its_pool(ask: Ask) -> None:
    row = POOL + "StaticAddress.2."
    asked = ask(
        set_to("StaticAddress.2.Chaddr", "02:00:00:00:00:01"),
        values=SAID | {row + "Yiaddr": "192.168.1.7"},
    )

    pool = pool_of(asked)
    assert pool["lease"] == number("192.168.1.7")
    assert pool["high"] == number("192.168.1.254")


def test_a_new_static_lease_tells_its_address(ask: Ask) -> None:
    new = AddObject(
        path=ParameterPath(POOL + "StaticAddress."), values=(("Yiaddr", "192.168.1.9"),)
    )

    assert pool_of(ask(new, values=SAID))["lease"] == number("192.168.1.9")


def test_a_plan_without_pools_says_nothing_of_pools(ask: Ask) -> None:
    assert pools(ask(values=SAID)) == {}
    assert pools(ask(DeleteObject(path=ParameterPath(POOL + "StaticAddress.1.")))) == {}


def test_the_subnet_moves_with_the_address_of_the_device_itself(ask: Ask) -> None:
    address = SetParameter(
        path=ParameterPath("Device.IP.Interface.1.IPv4Address.1.IPAddress"),
        type=ParameterType.STRING,
        before="192.168.1.1",
        after="10.77.0.1",
    )
    plan = (address, set_to("IPRouters", "10.77.0.1"), set_to("MinAddress", "10.77.0.2"))

    found = pools(ask(*plan, values=SAID))

    assert set(found) == {POOL + "IPRouters", POOL + "MinAddress"}
    for pool in found.values():
        assert isinstance(pool, dict)
        assert (pool["low"], pool["own"]) == (number("10.77.0.1"), "10.77.0.1")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", (0, None, None)),
        ("192.168.1.9", (1, "192.168.1.9", "192.168.1.9")),
        ("192.168.1.9, 192.168.1.7,192.168.1.9", (2, "192.168.1.7", "192.168.1.9")),
        ("192.168.1.9,", (None, None, None)),
        ("192.168.1.9,tea", (None, None, None)),
    ],
)
def test_what_is_kept_is_counted_once_and_between_its_ends(
    ask: Ask, text: str, kept: tuple[int | None, str | None, str | None]
) -> None:
    many, least, most = kept

    assert pool_of(ask(set_to("ReservedAddresses", text), values=SAID))["kept"] == {
        "count": many,
        "least": least and number(least),
        "left": None if many is None else 199 - many,
        "most": most and number(most),
    }
