"""What ledger and planner are told of the world: what is known, and that the rest is not."""

import pytest

from brain.domain.change import Plan
from brain.domain.errors import NotFound
from brain.domain.identity import TenantId
from brain.domain.parameter import ParameterPath
from brain.domain.proposal import Cause
from brain.knowledge import LedgerMemory, PlannerKnowledge
from brain.store.store import Store
from evals.workbench import Workbench, to_channel, workbench

_WHOLE_RADIO = {
    "Device.WiFi.SSID.1.LowerLayers": "Device.WiFi.Radio.1.",
    "Device.WiFi.AccessPoint.1.SSIDReference": "Device.WiFi.SSID.1.",
    "Device.WiFi.AccessPoint.1.AssociatedDeviceNumberOfEntries": "0",
}


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


@pytest.mark.parametrize(("rest", "expected"), [({}, None), (_WHOLE_RADIO, 0)])
async def test_a_change_of_channel_stays_at_home_as_far_as_anybody_can_tell(
    bench: Workbench, rest: dict[str, str], expected: int | None
) -> None:
    bench.tree.update({ParameterPath(path): value for path, value in rest.items()})
    await bench.executor.read(bench.device, [ParameterPath("Device.")])
    plan = Plan(device=bench.device.id, changes=(to_channel("11"),))
    async with bench.store.read() as tx:
        snapshot = await tx.snapshots.latest(bench.device.tenant, bench.device.id)
        assert snapshot is not None

        found = await LedgerMemory().radius(tx, bench.device, plan, snapshot)

    assert found.others == expected


async def test_a_record_begins_empty_and_grows_with_each_end(bench: Workbench) -> None:
    plan = Plan(device=bench.device.id, changes=(to_channel("11"),))
    cause = Cause.CONGESTED_CHANNEL
    async with bench.store.read() as tx:
        before = await LedgerMemory().track_record(tx, bench.device, plan, cause)
    change = await bench.approved()
    await bench.run(change.id)
    async with bench.store.read() as tx:
        after = await LedgerMemory().track_record(tx, bench.device, plan, cause)

    assert before is not None
    assert (before.tried, before.succeeded) == (0, 0)
    assert after is not None
    assert (after.tried, after.succeeded) == (1, 1)


async def test_another_tenants_device_is_not_known(bench: Workbench) -> None:
    knowledge = PlannerKnowledge(bench.store, bench.clock)

    with pytest.raises(NotFound):
        await knowledge.device(TenantId("other"), bench.device.id)


async def test_a_device_that_hangs_from_nowhere_has_no_neighbours(bench: Workbench) -> None:
    found = await PlannerKnowledge(bench.store, bench.clock).neighbourhood(bench.device)

    assert found.health == ()
    assert found.common_cause is None
