"""What policy is told of a device around the change it judges."""

from datetime import UTC, datetime

import pytest

from brain.domain.change import AddObject, Change, Command, Plan, SetParameter
from brain.domain.device import Device
from brain.domain.identity import DeviceId, Principal, PrincipalId, PrincipalKind, TenantId
from brain.domain.parameter import ParameterPath, ParameterType, Snapshot
from brain.domain.proposal import Author, Cause
from brain.domain.topology import BlastRadius
from brain.domain.verdict import Point
from brain.ledger.context import Circumstances, question

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DEVICE = Device(
    id=DeviceId("00D09E-G1-1"),
    tenant=TenantId("north"),
    oui="00D09E",
    product_class="G1",
    serial="1",
)
SAID = {
    "Device.DeviceInfo.SoftwareVersion": "1.0",
    "Device.DeviceInfo.BootFirmwareImage": "Device.DeviceInfo.FirmwareImage.1",
    "Device.DeviceInfo.FirmwareImage.1.Version": "1.0",
    "Device.DeviceInfo.FirmwareImage.2.Version": "2.0",
    "Device.DHCPv4.Server.Enable": "true",
    "Device.DHCPv4.Server.Pool.1.SubnetMask": "255.255.255.0",
    "Device.DHCPv4.Server.Pool.1.StaticAddress.1.Yiaddr": "192.168.1.7",
    "Device.DHCPv4.Server.Pool.1.StaticAddress.2.Yiaddr": "192.168.1.8",
    "Device.DHCPv4.Server.Pool.2.SubnetMask": "255.0.0.0",
}


def told(change: Change) -> set[str]:
    """The paths that policy is told of with a plan of this change."""
    plan = Plan(device=DEVICE.id, changes=(change,))
    around = Circumstances(
        plan=plan,
        device=DEVICE,
        snapshot=Snapshot(
            device=DEVICE.id,
            taken_at=NOW,
            values={ParameterPath(path): value for path, value in SAID.items()},
        ),
        asker=Principal(
            id=PrincipalId("ann"),
            tenant=DEVICE.tenant,
            kind=PrincipalKind.PERSON,
            roles=frozenset(),
        ),
        cause=Cause.WRONG_DNS,
        author=Author.RULES,
        track_record=None,
        radius=BlastRadius(clients=None, others=None),
        halted=False,
    )
    asked = question(around, plan, Point.SUBMIT, lambda: NOW, undo=False)
    return set(asked.values)


def set_to(path: str, after: str) -> SetParameter:
    return SetParameter(path=ParameterPath(path), type=ParameterType.STRING, before="", after=after)


LEASES = "Device.DHCPv4.Server.Pool.1.StaticAddress."


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        (
            set_to("Device.DHCPv4.Server.Pool.1.SubnetMask", "x"),
            {"Device.DHCPv4.Server.Pool.1.SubnetMask"},
        ),
        (
            set_to(LEASES + "1.Yiaddr", "x"),
            {LEASES + "1.Yiaddr", "Device.DHCPv4.Server.Pool.1.SubnetMask"},
        ),
        (
            AddObject(path=ParameterPath(LEASES)),
            {"Device.DHCPv4.Server.Pool.1.SubnetMask"},
        ),
        (
            Command(path=ParameterPath("Device.DeviceInfo.FirmwareImage.2.Activate()")),
            {"Device.DeviceInfo.FirmwareImage.2.Version"},
        ),
        (
            set_to("Device.DeviceInfo.BootFirmwareImage", "Device.DeviceInfo.FirmwareImage.2"),
            {
                "Device.DeviceInfo.BootFirmwareImage",
                "Device.DeviceInfo.FirmwareImage.2.Version",
                "Device.DeviceInfo.SoftwareVersion",
            },
        ),
        (Command(path=ParameterPath("Device.Reboot()")), set()),
    ],
    ids=["own object", "row in a row", "new row", "command of a row", "reference", "root"],
)
def test_policy_is_told_of_the_objects_that_a_change_is_about_and_of_no_other(
    change: Change, paths: set[str]
) -> None:
    assert told(change) == paths
