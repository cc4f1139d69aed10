"""The simulated executor keeps to the contract: no permit, no write; all or nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from brain.domain.change import Plan
from brain.domain.errors import ControllerRefused, DeviceUnreachable, PermitRefused
from brain.domain.identity import ChangeId, PermitId
from brain.domain.parameter import ParameterPath
from brain.domain.permit import Permit
from brain.store.store import Store
from evals.workbench import CHANNEL, Workbench, to_channel, workbench


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


async def test_a_permit_that_nobody_signed_writes_nothing(bench: Workbench) -> None:
    plan = Plan(device=bench.device.id, changes=(to_channel("11"),))
    forged = Permit(
        id=PermitId("per_1"),
        tenant=bench.device.tenant,
        change=ChangeId("chg_1"),
        device=bench.device.id,
        plan_digest=plan.digest,
        policy_revision="r",
        fence=1,
        minted_at=bench.clock(),
        expires_at=bench.clock() + timedelta(minutes=5),
        signature=bytes(64),
    )

    with pytest.raises(PermitRefused):
        await bench.executor.apply(bench.device, plan, forged)

    assert bench.world.writes == []


async def test_a_device_that_is_not_there_is_unreachable(bench: Workbench) -> None:
    stranger = replace(bench.device, id=type(bench.device.id)("00D09E-G1-2"))

    with pytest.raises(DeviceUnreachable):
        await bench.executor.read(stranger, [CHANNEL])


def test_a_row_in_memory_gets_the_next_number_and_goes_again(bench: Workbench) -> None:
    table = ParameterPath("Device.NAT.PortMapping.")
    bench.tree[ParameterPath(table + "4.Enable")] = "false"

    bench.world.add(bench.device.id, table, {"Enable": "true"}, "chg_1")
    assert bench.tree[ParameterPath(table + "5.Enable")] == "true"

    bench.world.delete(bench.device.id, ParameterPath(table + "5."), "chg_2")
    assert ParameterPath(table + "5.Enable") not in bench.tree
    with pytest.raises(ControllerRefused):
        bench.world.delete(bench.device.id, ParameterPath(table + "5."), "chg_3")
