"""What the facts tell of a plan is what the rules rule on: from a plan to its findings."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from brain.domain.change import AddObject, Change, Command, DeleteObject, SetParameter
from brain.domain.identity import Role
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.question import Question
from policies.bundle import Bundle
from policies.engine import DECISION
from policies.engines.embedded import EmbeddedEngine
from policies.facts import input_of
from policies.probes import NUMBERS

Ask = Callable[..., Question]
POOL = "Device.DHCPv4.Server.Pool.1."
MAPPING = "Device.NAT.PortMapping."
IMAGE = "Device.DeviceInfo.FirmwareImage.2."
HOME = {
    POOL + "MinAddress": "192.168.1.2",
    POOL + "MaxAddress": "192.168.1.200",
    POOL + "SubnetMask": "255.255.255.0",
    POOL + "IPRouters": "192.168.1.1",
    IMAGE + "Version": "1.1",
}


@pytest.fixture(scope="module")
def engine(bundle: Bundle) -> EmbeddedEngine:
    return EmbeddedEngine(bundle.with_numbers(NUMBERS))


def set_to(path: str, after: str, kind: ParameterType = ParameterType.STRING) -> SetParameter:
    return SetParameter(path=ParameterPath(path), type=kind, before="", after=after)


def mapping(client: str, port: int) -> AddObject:
    values = {
        "Enable": "true",
        "ExternalPort": str(port),
        "InternalPort": "80",
        "InternalClient": client,
        "Protocol": "TCP",
    }
    return AddObject(path=ParameterPath(MAPPING), values=tuple(values.items()))


async def findings(engine: EmbeddedEngine, asked: Question) -> set[str]:
    """The findings of the topics; who asks, and for what device, is not looked at here."""
    answer = (await engine.ask(DECISION, input_of(asked))).result
    assert isinstance(answer, dict)
    said = answer["findings"]
    assert isinstance(said, list)
    codes = {str(each["code"]) for each in said if isinstance(each, dict)}
    return {code for code in codes if not code.startswith(("asker.", "compatibility.", "rates."))}


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (mapping("192.168.1.7", 8080), {"security.opens"}),
        (mapping("8.8.8.8", 8080), {"security.opens", "security.not_in_the_home"}),
        (mapping("192.168.1.7", 7547), {"security.opens", "security.port_closed"}),
        (DeleteObject(path=ParameterPath(MAPPING + "1.")), set()),
        (set_to(POOL + "MaxAddress", "192.168.1.99"), set()),
        (set_to(POOL + "MaxAddress", "192.168.2.99"), {"dhcp.pool_outside"}),
        (
            AddObject(
                path=ParameterPath(POOL + "StaticAddress."),
                values=(("Yiaddr", str(IPv4Address("192.168.1.9"))),),
            ),
            set(),
        ),
        (
            AddObject(
                path=ParameterPath(POOL + "StaticAddress."), values=(("Yiaddr", "192.168.1.1"),)
            ),
            {"dhcp.lease_outside"},
        ),
        (
            set_to("Device.WiFi.SSID.1.Enable", "false", ParameterType.BOOLEAN),
            {"wifi.goes_dark"},
        ),
        (
            set_to("Device.PPP.Interface.1.Enable", "false", ParameterType.BOOLEAN),
            {
                "suspension.four_eyes",
                "suspension.no_way_back",
                "suspension.not_entitled",
                "wan.network_team",
            },
        ),
    ],
)
async def test_a_change_of_a_support_agent_is_ruled_on(
    engine: EmbeddedEngine, ask: Ask, change: Change, codes: set[str]
) -> None:
    assert await findings(engine, ask(change, values=HOME)) == codes


async def test_firmware_is_for_the_ring_and_the_role(engine: EmbeddedEngine, ask: Ask) -> None:
    start = Command(path=ParameterPath(IMAGE + "Activate()"))
    asked = ask(start, values=HOME)
    asker = replace(asked.asker, roles=frozenset({Role.SUPPORT, Role.OPERATOR}))
    pilot = replace(asked, asker=asker, device=replace(asked.device, ring="pilot"))

    assert await findings(engine, pilot) == {"firmware.network_team"}
    assert await findings(engine, asked) == {
        "features.not_for_role",
        "firmware.network_team",
        "firmware.not_for_ring",
    }
