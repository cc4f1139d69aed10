"""What working through somebody else's controller costs is measured on writes that arrived."""

import pytest

from brain.store.store import Store
from evals.bench.adapter_polls import genieacs_polls, oktopus_poll
from evals.bench.adapter_sites import CHANNEL, genieacs_site, oktopus_site
from evals.bench.adapters import bench_adapters
from evals.workbench import TENANT

pytestmark = pytest.mark.slow


async def test_each_controller_has_its_ratios_and_each_look_its_requests() -> None:
    result = await bench_adapters(rounds=2, fleet=250)

    found = {row.name: row.value for row in result.rows}
    for name in ("GenieACS", "Oktopus"):
        assert found[f"{name}: adapter alone beside them"] > 0
        alone, governed = (
            found[f"{name}: requests of {what}"]
            for what in ("the adapter alone", "a governed change")
        )
        assert 0 < alone < governed
    assert (
        found["GenieACS, first look: requests"]
        > found["GenieACS, later look, hourly calls: requests"]
    )


@pytest.mark.parametrize("make", [genieacs_site, oktopus_site])
async def test_what_did_not_arrive_is_not_measured(store: Store, make: object) -> None:
    async with make(store) as site:  # type: ignore[operator]  # one of the two above
        await site.look()
        before = site.home.tree.read(CHANNEL)
        site.home.faults.refuse_sets = 9007

        with pytest.raises(RuntimeError, match="nothing was measured"):
            await site.adapt("11" if before != "11" else "1")

        assert site.home.tree.read(CHANNEL) == before


async def test_a_look_at_a_fleet_keeps_every_device(store: Store) -> None:
    passes = await genieacs_polls(store, 450)

    assert passes["first"].requests == 3 + 1  # pages of 200, and the faults
    assert passes["often"].requests > passes["hourly"].requests
    async with store.read() as tx:
        assert len(await tx.devices.list(TENANT, limit=1_000)) == 450


async def test_a_list_of_oktopus_is_read_to_its_end() -> None:
    made = await oktopus_poll(120)

    assert made.requests == 4  # pages that overlap by one device, and one with nothing new
