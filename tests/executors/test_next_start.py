"""What a device took for its next start is neither done nor undone until it has started."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from brain.domain.change import Plan
from brain.domain.device import Device
from brain.domain.life import State
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.permit import Permit
from brain.store.store import Store
from evals.workbench import CHANNEL, Workbench, workbench
from executors.execution import Execution
from executors.simulated import UP_TIME, SimulatedExecutor
from executors.steps import Next, Step


@dataclass
class TakesForLater:
    """A device that takes a value, and has it in force after its next start."""

    real: SimulatedExecutor
    progress: Progress
    sent: int = 0

    async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        return await self.real.read(device, paths)

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        await self.real.permits.spend(permit, device, plan)
        self.sent += 1
        return Outcome(progress=self.progress, at=self.real.clock(), needs_reboot=True)


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


@pytest.fixture(params=[Progress.APPLIED, Progress.UNKNOWN], ids=["said so", "unsaid"])
def later(bench: Workbench, request: pytest.FixtureRequest) -> TakesForLater:
    made = TakesForLater(bench.executor, request.param)
    bench.execution = Execution(replace(bench.execution.parts, executor=made))
    return made


async def sent(bench: Workbench) -> tuple[str, Next]:
    """An approved change until a person is called."""
    change = await bench.approved()
    now = Next(Step.BEGIN)
    while now.step is not Step.LOOK_AGAIN:
        now = await bench.execution.take(change.id, now)
        bench.clock.advance(now.after)
    return change.id, now


async def test_it_is_unknown_and_a_person_is_called(bench: Workbench, later: TakesForLater) -> None:
    change, _ = await sent(bench)

    end = await bench.ledger.get(change)
    assert (end.state, later.sent) == (State.UNKNOWN, 1)
    assert [each for each in bench.paged if "at its next start" in each] == bench.paged != []


async def test_until_it_has_started_it_is_looked_at_and_nothing_is_sent(
    bench: Workbench, later: TakesForLater
) -> None:
    change, now = await sent(bench)
    pauses = []
    for _ in range(5):
        now = await bench.execution.take(change, now)
        bench.clock.advance(now.after)
        pauses.append(now.after)

    assert (await bench.ledger.get(change)).state is State.UNKNOWN
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[-1]
    assert later.sent == 1


async def test_once_it_has_started_and_is_as_written_it_is_verified(
    bench: Workbench, later: TakesForLater
) -> None:
    change, now = await sent(bench)
    bench.clock.advance(60)
    bench.tree[UP_TIME], bench.tree[CHANNEL] = "5", "11"

    now = await bench.execution.take(change, now)

    assert now.step is Step.VERIFY
    assert (await bench.run(change)).state is State.SUCCEEDED
    assert later.sent == 1


async def test_one_that_has_started_and_is_as_before_never_will_be(
    bench: Workbench, later: TakesForLater
) -> None:
    change, now = await sent(bench)
    bench.clock.advance(60)
    bench.tree[UP_TIME] = "5"

    await bench.execution.take(change, now)

    ends = {Progress.APPLIED: State.ROLLED_BACK, Progress.UNKNOWN: State.FAILED}
    assert (await bench.ledger.get(change)).state is ends[later.progress]


async def test_after_a_crash_it_is_not_sent_again(bench: Workbench, later: TakesForLater) -> None:
    change = await bench.approved()
    now = await bench.execution.take(change.id, Next(Step.BEGIN))
    real = bench.execution.parts.ledger.move

    async def dies(*args: object, **more: object) -> None:
        raise SystemExit

    bench.ledger.move = dies  # type: ignore[method-assign, assignment]
    with pytest.raises(SystemExit):
        await bench.execution.take(change.id, now)
    bench.ledger.move = real  # type: ignore[method-assign]

    await bench.execution.take(change.id, now)

    assert (await bench.ledger.get(change.id)).state is State.UNKNOWN
    assert later.sent == 1
