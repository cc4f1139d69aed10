"""A device is acted on over the protocol that it is managed by, and over no other."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from brain.domain.change import Plan
from brain.domain.controller import OWN_ACS, OWN_USP, Capabilities
from brain.domain.device import ControllerName, Device
from brain.domain.errors import DeviceUnreachable
from brain.domain.identity import DeviceId, TenantId
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import Snapshot
from evals.workbench import to_channel
from executors.by_controller import ByController

NOBODY_MOVES: Any = None
NOW = datetime(2026, 1, 1, tzinfo=UTC)
BOX = Device(
    id=DeviceId("001122-Box-S1"),
    tenant=TenantId("default"),
    oui="001122",
    product_class="Box",
    serial="S1",
)


@dataclass
class Asked:
    """Remembers who was asked about whom."""

    capabilities: Capabilities
    devices: list[DeviceId] = field(default_factory=list)

    async def read(self, device: Device, paths: Any) -> Snapshot:
        self.devices.append(device.id)
        return Snapshot(device=device.id, taken_at=NOW, values={})

    async def apply(self, device: Device, plan: Any, permit: Any) -> Outcome:
        self.devices.append(device.id)
        return Outcome(progress=Progress.APPLIED, at=NOW)


async def test_each_device_goes_its_own_way_for_reads_and_for_writes() -> None:
    acs, usp = Asked(OWN_ACS), Asked(OWN_USP)
    executor = ByController({ControllerName.ACS: acs, ControllerName.USP: usp}, NOBODY_MOVES)
    nothing: Any = None

    await executor.read(BOX, [])
    await executor.apply(BOX, Plan(device=BOX.id, changes=(to_channel("11"),)), nothing)
    await executor.read(replace(BOX, id=DeviceId("new"), controller=ControllerName.USP), [])

    assert acs.devices == [BOX.id, BOX.id]
    assert usp.devices == ["new"]


async def test_a_device_whose_protocol_nobody_speaks_is_not_reached() -> None:
    acs = Asked(OWN_ACS)
    executor = ByController({ControllerName.ACS: acs}, NOBODY_MOVES)

    with pytest.raises(DeviceUnreachable, match="usp"):
        await executor.read(replace(BOX, controller=ControllerName.USP), [])
    assert acs.devices == []


def test_only_what_all_of_them_promise_is_promised() -> None:
    executor = ByController(
        {ControllerName.ACS: Asked(OWN_ACS), ControllerName.USP: Asked(OWN_USP)}, NOBODY_MOVES
    )

    assert executor.capabilities == Capabilities(kind="acs+usp", atomic_set=True, events=True)


def test_a_device_is_promised_what_its_own_controller_promises() -> None:
    both = ByController({ControllerName.ACS: Asked(OWN_ACS)}, NOBODY_MOVES)

    assert both.promised(BOX) == OWN_ACS
    assert both.promised(replace(BOX, controller=ControllerName.USP)) is None
