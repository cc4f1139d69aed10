"""A later change takes the watch over only if it was applied and is watched itself."""

import pytest

from brain.domain.change import Command, SetParameter
from brain.domain.identity import ChangeId
from brain.domain.life import State
from brain.domain.parameter import ParameterPath, ParameterType
from brain.store.store import Store
from evals.workbench import CHANNEL, Workbench, promise, to_channel
from executors.steps import GUARDED, Next, Step
from tests.executors.test_guarding import WAN, at_home, go_on, road, until, written

POWER = ParameterPath("Device.WiFi.Radio.1.TransmitPower")
LESS_POWER = SetParameter(path=POWER, type=ParameterType.INT, before="100", after="50")
RESTART = Command(path=ParameterPath("Device.Reboot()"))


@pytest.fixture
async def bench(store: Store) -> Workbench:
    bench = await at_home(store)
    bench.tree[ParameterPath(POWER + "Supported")] = "0,25,50,75,100"
    await bench.executor.read(bench.device, [ParameterPath("Device.")])
    return bench


async def test_a_change_that_the_device_refused_leaves_the_watch_where_it_is(
    bench: Workbench,
) -> None:
    first = await bench.approved(bench.proposal(effect=promise()))
    now = await until(bench, first, Step.GUARD)
    second = await bench.approved(bench.proposal([to_channel("1", before="11")], case="cas_2"))
    bench.world.refusing[CHANNEL] = "9001"
    assert (await bench.run(second.id)).state is State.FAILED
    bench.world.refusing.clear()
    bench.tree[WAN] = "Down"

    assert (await go_on(bench, first, now)).state is State.ROLLED_BACK
    assert written(bench) == ["11", "6"]


async def test_a_restart_is_not_watched_and_takes_no_watch_over(bench: Workbench) -> None:
    first = await bench.approved(bench.proposal(effect=promise()))
    now = await until(bench, first, Step.GUARD)
    second = await bench.approved(bench.proposal([RESTART], case="cas_2"))
    assert (await bench.run(second.id)).state is State.SUCCEEDED
    bench.tree[WAN] = "Down"

    assert (await go_on(bench, first, now)).state is State.ROLLED_BACK


async def test_harm_that_was_there_when_the_next_was_written_is_the_firsts(
    bench: Workbench,
) -> None:
    first = await bench.approved(bench.proposal(effect=promise()))
    now = await until(bench, first, Step.GUARD)
    bench.tree[WAN] = "Down"  # and nobody looked yet
    second = await bench.approved(bench.proposal([LESS_POWER], case="cas_2"))
    theirs = await until(bench, second, Step.GUARD)

    assert (await go_on(bench, first, now)).state is State.ROLLED_BACK
    assert (await go_on(bench, second, theirs)).state is State.SUCCEEDED
    assert (bench.tree[CHANNEL], bench.tree[POWER]) == ("6", "50")


async def test_harm_under_a_later_write_of_the_same_value_calls_a_person(bench: Workbench) -> None:
    first = await bench.approved(bench.proposal(effect=promise()))
    now = await until(bench, first, Step.GUARD)
    bench.tree[WAN] = "Down"
    second = await bench.approved(bench.proposal([to_channel("1", before="11")], case="cas_2"))
    await until(bench, second, Step.GUARD)

    assert (await go_on(bench, first, now)).state is State.SUCCEEDED
    assert bench.paged == ["something else got worse, and somebody has changed it since"]
    assert written(bench) == ["11", "1"]


async def test_harm_that_is_pending_is_decided_and_not_handed_over(bench: Workbench) -> None:
    first = await bench.approved(bench.proposal(effect=promise()))
    now = await until(bench, first, Step.GUARD)
    bench.tree[WAN] = "Down"
    now = await bench.execution.take(first.id, now)
    second = await bench.approved(bench.proposal([LESS_POWER], case="cas_2"))
    theirs = await until(bench, second, Step.GUARD)

    assert (await go_on(bench, first, now)).state is State.ROLLED_BACK
    assert bench.tree[CHANNEL] == "6"
    assert (await go_on(bench, second, theirs)).state is State.SUCCEEDED
    assert bench.tree[POWER] == "50"


async def test_an_older_change_that_only_settles_later_takes_no_watch_over(
    bench: Workbench,
) -> None:
    older = await bench.approved(bench.proposal([LESS_POWER], case="cas_0"))
    theirs = await until(bench, older, Step.VERIFY)
    bench.world.silent.add(bench.device.id)
    while (await bench.ledger.get(older.id)).state is not State.UNKNOWN:
        theirs = await bench.execution.take(older.id, theirs)
        bench.clock.advance(60)
    bench.world.silent.clear()
    async with bench.store.begin() as tx:
        await tx.leases.release(bench.device.id, older.id)
    first = await bench.approved(bench.proposal(effect=promise()))
    now = await until(bench, first, Step.GUARD)
    await until_succeeded(bench, older.id, theirs)
    bench.tree[WAN] = "Down"

    assert (await go_on(bench, first, now)).state is State.ROLLED_BACK
    assert GUARDED not in [line.step for line in await road(bench, first)]


async def until_succeeded(bench: Workbench, change: ChangeId, now: Next) -> None:
    while (await bench.ledger.get(change)).state is not State.SUCCEEDED:
        now = await bench.execution.take(change, now)
        bench.clock.advance(1)
