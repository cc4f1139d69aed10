"""The run of one change: what is written, what is not, and what is said when nobody knows."""

from dataclasses import replace

import pytest

from brain.domain.identity import PrincipalId
from brain.domain.life import State
from brain.domain.parameter import ParameterPath
from brain.store.store import Store
from evals.workbench import CHANNEL, UTILISATION, Workbench, promise, to_channel, workbench
from executors.steps import Next, Step


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


def written(bench: Workbench) -> list[str]:
    return [value for _, path, value in bench.world.writes if path == CHANNEL]


async def steps_of(bench: Workbench, change: str) -> list[str]:
    async with bench.store.read() as tx:
        return [step.step for step in await tx.executions.of_change(bench.device.tenant, change)]


async def test_a_change_that_helps_is_written_once_and_kept(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    bench.tree[UTILISATION] = "90"

    end = await bench.run(change.id)

    assert end.state is State.SUCCEEDED
    assert "was 71 % and is now 35 %" in end.reason
    assert written(bench) == ["11"]


async def test_the_backup_comes_before_the_write(bench: Workbench) -> None:
    change = await bench.approved()

    await bench.run(change.id)

    steps = await steps_of(bench, change.id)
    assert steps.index("back_up") < steps.index("apply")
    async with bench.store.read() as tx:
        backup = await tx.backups.get(bench.device.tenant, change.id)
    assert backup is not None
    assert backup.get(CHANNEL) == "6"


async def test_a_change_that_makes_things_worse_is_taken_back(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    bench.tree[UTILISATION] = "230"

    end = await bench.run(change.id)

    assert end.state is State.ROLLED_BACK
    assert "worse" in end.reason
    assert written(bench) == ["11", "6"]
    assert bench.tree[CHANNEL] == "6"


async def test_a_change_that_does_not_help_in_time_is_taken_back(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal(effect=promise(by=40)))
    bench.tree[UTILISATION] = "170"

    end = await bench.run(change.id)

    assert end.state is State.ROLLED_BACK
    assert "did not help" in end.reason


async def test_good_news_that_comes_late_is_still_good(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal(effect=promise(seconds=10)))
    bench.tree[UTILISATION] = "90"
    now = Next(Step.BEGIN)
    while now.step is not Step.WATCH:
        now = await bench.execution.take(change.id, now)
    bench.clock.advance(60)

    end = await bench.run(change.id)

    assert end.state is State.SUCCEEDED
    assert written(bench) == ["11"]


async def test_one_reading_of_a_metric_decides_nothing(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal(effect=promise(seconds=60)))
    bench.tree[UTILISATION] = "230"
    now = Next(Step.BEGIN)
    while now.step is not Step.WATCH:
        now = await bench.execution.take(change.id, now)

    now = await bench.execution.take(change.id, now)

    assert now.step is Step.WATCH
    assert written(bench) == ["11"]


async def test_a_device_that_moved_since_is_not_written(bench: Workbench) -> None:
    change = await bench.approved()
    bench.tree[CHANNEL] = "1"

    end = await bench.run(change.id)

    assert end.state is State.SUPERSEDED
    assert CHANNEL in end.reason
    assert bench.world.writes == []


async def test_a_device_with_other_firmware_is_not_written(bench: Workbench) -> None:
    change = await bench.approved()
    async with bench.store.begin() as tx:
        await tx.devices.put(replace(bench.device, firmware="2.0"))

    end = await bench.run(change.id)

    assert end.state is State.SUPERSEDED
    assert "firmware" in end.reason
    assert bench.world.writes == []


async def test_a_device_that_does_not_come_is_sent_nothing(bench: Workbench) -> None:
    change = await bench.approved()
    bench.world.silent.add(bench.device.id)
    now = await bench.execution.take(change.id, Next(Step.BEGIN))
    now = await bench.execution.take(change.id, now)
    bench.clock.advance(31 * 60)
    await bench.execution.take(change.id, now)

    end = await bench.ledger.get(change.id)
    assert end.state is State.FAILED
    assert "nothing was sent" in end.reason
    assert bench.world.writes == []


async def test_a_device_that_refuses_has_not_changed(bench: Workbench) -> None:
    change = await bench.approved()
    bench.world.refusing[CHANNEL] = "9007"

    end = await bench.run(change.id)

    assert end.state is State.FAILED
    assert "refused" in end.reason
    assert bench.tree[CHANNEL] == "6"


async def test_what_was_approved_too_long_ago_is_not_begun(bench: Workbench) -> None:
    change = await bench.approved()
    bench.clock.advance(31 * 60)

    end = await bench.run(change.id)

    assert end.state is State.EXPIRED
    assert bench.world.writes == []


async def test_nothing_begins_while_the_tenant_is_halted(bench: Workbench) -> None:
    change = await bench.approved()
    async with bench.store.begin() as tx:
        await tx.halts.set(bench.device.tenant, True, PrincipalId("olga"), bench.clock())

    now = await bench.execution.take(change.id, Next(Step.BEGIN))

    assert now.step is Step.BEGIN
    assert (await bench.ledger.get(change.id)).state is State.APPROVED


async def test_a_halt_after_the_beginning_stops_the_write(bench: Workbench) -> None:
    change = await bench.approved()
    now = await bench.execution.take(change.id, Next(Step.BEGIN))
    async with bench.store.begin() as tx:
        await tx.halts.set(bench.device.tenant, True, PrincipalId("olga"), bench.clock())

    await bench.execution.take(change.id, now)

    assert (await bench.ledger.get(change.id)).state is State.DENIED
    assert bench.world.writes == []


async def test_a_second_change_waits_for_the_first(bench: Workbench) -> None:
    first = await bench.approved()
    second = await bench.approved(bench.proposal([to_channel("1")], case="cas_2"))
    await bench.execution.take(first.id, Next(Step.BEGIN))

    now = await bench.execution.take(second.id, Next(Step.BEGIN))

    assert now.step is Step.BEGIN
    assert (await bench.ledger.get(second.id)).state is State.APPROVED


async def test_a_device_silent_after_the_write_is_unknown_and_never_undone_blind(
    bench: Workbench,
) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    now = Next(Step.BEGIN)
    while now.step is not Step.VERIFY:
        now = await bench.execution.take(change.id, now)
    bench.world.silent.add(bench.device.id)
    while now.step is not Step.LOOK_AGAIN:
        now = await bench.execution.take(change.id, now)
        bench.clock.advance(now.after)

    assert (await bench.ledger.get(change.id)).state is State.UNKNOWN
    assert bench.paged == ["the device went silent after the change"]
    assert written(bench) == ["11"]


async def test_a_device_that_comes_back_settles_what_was_unknown(bench: Workbench) -> None:
    change = await bench.approved()
    now = Next(Step.BEGIN)
    while now.step is not Step.VERIFY:
        now = await bench.execution.take(change.id, now)
    bench.world.silent.add(bench.device.id)
    while now.step is not Step.LOOK_AGAIN:
        now = await bench.execution.take(change.id, now)
        bench.clock.advance(now.after)
    bench.world.silent.clear()
    while now.step is not Step.DONE:
        now = await bench.execution.take(change.id, now)

    assert (await bench.ledger.get(change.id)).state is State.SUCCEEDED


async def test_what_somebody_else_wrote_since_is_not_undone(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    bench.tree[UTILISATION] = "230"
    now = Next(Step.BEGIN)
    while now.step is not Step.ROLL_BACK:
        now = await bench.execution.take(change.id, now)
    bench.tree[CHANNEL] = "1"

    await bench.execution.take(change.id, now)

    end = await bench.ledger.get(change.id)
    assert end.state is State.FAILED
    assert "somebody else" in end.reason
    assert bench.tree[CHANNEL] == "1"
    assert bench.paged


async def test_running_a_finished_change_again_does_nothing(bench: Workbench) -> None:
    change = await bench.approved()
    await bench.run(change.id)
    before = list(bench.world.writes)

    await bench.run(change.id)

    assert bench.world.writes == before


async def test_the_lease_is_free_when_the_run_is_done(bench: Workbench) -> None:
    change = await bench.approved()

    await bench.run(change.id)

    async with bench.store.begin() as tx:
        now = bench.clock()
        assert await tx.leases.take(bench.device.id, "another", now, now) is not None


async def test_the_device_knows_which_change_wrote_last(bench: Workbench) -> None:
    change = await bench.approved()

    await bench.run(change.id)

    assert bench.tree[ParameterPath("Device.ManagementServer.ParameterKey")] == change.id
