"""A process that dies at any moment, and a device that lies."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from brain.domain.identity import DeviceId
from brain.domain.life import ENDS, State
from brain.domain.parameter import ParameterPath, Value
from brain.ledger.audit_verify import verify
from brain.store.store import Store
from evals.workbench import CHANNEL, UTILISATION, Workbench, promise, workbench
from executors.execution import Execution
from executors.simulated import MemoryWorld
from executors.steps import Next, Step
from tests.invariants.crash import Fuse, FusedExecutor, FusedStore, Killed

pytestmark = pytest.mark.slow


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


def written(bench: Workbench) -> list[str]:
    return [value for _, path, value in bench.world.writes if path == CHANNEL]


async def dies_at(bench: Workbench, change: str, call: int) -> bool:
    """Run with a fuse; whether it blew."""
    fuse, sound = Fuse(), bench.execution
    fuse.arm(call)
    fused = cast(Store, FusedStore(bench.store, fuse))
    whole = bench.ledger.store
    desk = replace(bench.executor.permits, store=fused)  # type: ignore[type-var]
    executor = FusedExecutor(replace(bench.executor, permits=desk), fuse)
    parts = replace(sound.parts, store=fused, executor=cast(Any, executor))
    bench.execution, bench.ledger.store = Execution(parts), fused
    try:
        await bench.run(change)  # type: ignore[arg-type]
    except Killed:
        return True
    finally:
        bench.execution, bench.ledger.store = sound, whole
    return False


@pytest.mark.parametrize(
    ("seen", "end", "writes", "stride"),
    [
        ("90", State.SUCCEEDED, ["11"], 4),
        pytest.param("230", State.ROLLED_BACK, ["11", "6"], 1, marks=pytest.mark.slow),
    ],
)
async def test_a_run_that_dies_anywhere_ends_as_if_it_had_not(
    bench: Workbench, seen: str, end: State, writes: list[str], stride: int
) -> None:
    key = bench.gate.signer.public_key
    for call in range(1, 200, stride):
        bench.world.writes.clear()
        change = await bench.approved(bench.proposal(effect=promise(), case=f"cas_{call}"))
        bench.tree[UTILISATION] = seen

        died = await dies_at(bench, change.id, call)
        if died and written(bench):
            async with bench.store.read() as tx:
                assert await tx.backups.get(change.tenant, change.id) is not None
        record = await bench.run(change.id)

        assert (record.state, written(bench)) == (end, writes), call
        assert bench.tree[CHANNEL] == writes[-1]
        async with bench.store.begin() as tx:
            moment = bench.clock()
            assert await tx.leases.take(bench.device.id, "other", moment, moment) is not None
            await tx.leases.release(bench.device.id, "other")
        bench.tree.update({CHANNEL: "6", UTILISATION: "180"})
        await bench.executor.read(bench.device, [ParameterPath("Device.")])
        if not died:
            break
    else:
        pytest.fail("it never ran to its end")
    assert call > 15
    assert not (await verify(bench.store, bench.device.tenant, key, None)).problems


class Liar(MemoryWorld):
    """Says yes, and does something of its own."""

    does: Callable[[Value], Value]

    def set(self, device: DeviceId, wanted: Any, key: str) -> None:
        super().set(device, {path: self.does(value) for path, value in wanted.items()}, key)


def lying(bench: Workbench, does: Callable[[Value], Value]) -> None:
    liar = Liar(bench.world.devices)
    liar.does = does
    bench.world = liar
    bench.executor = replace(bench.executor, world=liar)
    bench.execution = Execution(replace(bench.execution.parts, executor=bench.executor))


async def test_a_device_that_says_yes_and_does_nothing_is_no_success(bench: Workbench) -> None:
    change = await bench.approved()
    lying(bench, lambda value: "6")

    end = await bench.run(change.id)

    assert end.state is State.ROLLED_BACK
    assert "did not keep" in end.reason


async def test_a_device_that_writes_another_value_calls_a_person(bench: Workbench) -> None:
    change = await bench.approved()
    lying(bench, lambda value: "10")

    end = await bench.run(change.id)

    assert end.state is State.FAILED
    assert bench.paged
    assert written(bench) == ["10"]


async def test_a_device_that_ignores_the_rollback_is_asked_three_times(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    bench.tree[UTILISATION] = "230"
    lying(bench, lambda value: "11")

    end = await bench.run(change.id)

    assert end.state is State.FAILED
    assert "does not take the old values" in end.reason
    assert len(written(bench)) == 4
    assert bench.paged


async def until(bench: Workbench, change: str, step: Step) -> Next:
    now = Next(Step.BEGIN)
    while now.step is not step:
        now = await bench.execution.take(change, now)  # type: ignore[arg-type]
        bench.clock.advance(now.after)
    return now


@pytest.mark.parametrize("trouble", ["refuses", "silent"])
async def test_a_device_that_cannot_be_taken_back_calls_a_person(
    bench: Workbench, trouble: str
) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    bench.tree[UTILISATION] = "230"
    now = await until(bench, change.id, Step.ROLL_BACK)
    if trouble == "refuses":
        bench.world.refusing[CHANNEL] = "9007"
    else:
        bench.world.silent.add(bench.device.id)
    for _ in range(20):
        if (await bench.ledger.get(change.id)).state in ENDS:
            break
        now = await bench.execution.take(change.id, now)
        bench.clock.advance(60)

    end = await bench.ledger.get(change.id)
    assert end.state is (State.FAILED if trouble == "refuses" else State.UNKNOWN)
    assert bench.paged
    assert written(bench) == ["11"]


@pytest.mark.parametrize("seen", ["", "n/a", None])
async def test_a_metric_that_cannot_be_read_is_no_success_and_ends(
    bench: Workbench, seen: str | None
) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    del bench.tree[UTILISATION]
    if seen is not None:
        bench.tree[UTILISATION] = seen

    end = await bench.run(change.id)

    assert end.state is State.ROLLED_BACK
    assert bench.tree[CHANNEL] == "6"


@pytest.mark.parametrize(
    "step", [step for step in Step if step not in (Step.LOOK_AGAIN, Step.GUARD)]
)
async def test_what_a_stranger_writes_at_any_step_is_never_overwritten(
    bench: Workbench, step: Step
) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    bench.tree[UTILISATION] = "230"
    now = await until(bench, change.id, step)
    before = bench.tree[CHANNEL]
    bench.tree[CHANNEL] = "1"
    for _ in range(200):
        if now.step is Step.DONE:
            break
        now = await bench.execution.take(change.id, now)
        bench.clock.advance(now.after)
    end = await bench.ledger.get(change.id)
    assert bench.tree[CHANNEL] == "1"
    assert end.state in ({State.SUPERSEDED} if before == "6" else {State.FAILED}) or step in (
        Step.FINISH,
        Step.DONE,
    )


async def test_a_metric_that_improves_is_no_success_when_the_value_did_not_stay(
    bench: Workbench,
) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    bench.tree[UTILISATION] = "90"
    now = await until(bench, change.id, Step.WATCH)
    bench.tree[CHANNEL] = "1"
    while now.step is not Step.DONE:
        now = await bench.execution.take(change.id, now)

    assert (await bench.ledger.get(change.id)).state is State.FAILED
    assert bench.paged
    assert bench.tree[CHANNEL] == "1"
