"""Two at once: two runs of one change, two changes of one device, people who answer together."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from brain.domain.approval import Answer
from brain.domain.change import Plan
from brain.domain.device import Device
from brain.domain.errors import Conflict, GatewrightError
from brain.domain.identity import ChangeId
from brain.domain.life import State
from brain.domain.outcome import Outcome
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.permit import Permit
from brain.store.store import Store
from evals.workbench import CHANNEL, UTILISATION, Workbench, promise, to_channel, workbench
from executors.dispatch import Dispatch
from executors.execution import Execution
from executors.simulated import SimulatedExecutor
from executors.steps import Next, Step

pytestmark = pytest.mark.slow

BEGIN = Next(Step.BEGIN)


@pytest.fixture
async def bench(any_store: Store) -> Workbench:
    return await workbench(any_store)


def written(bench: Workbench) -> list[str]:
    return [value for _, path, value in bench.world.writes if path == CHANNEL]


@dataclass
class Slow:
    """A device that takes its time, so that two who come at once are there together."""

    real: SimulatedExecutor
    luck: random.Random

    async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        await self.dawdle()
        seen = await self.real.read(device, paths)
        await self.dawdle()
        return seen

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        await self.dawdle()
        outcome = await self.real.apply(device, plan, permit)
        await self.dawdle()
        return outcome

    async def dawdle(self) -> None:
        await asyncio.sleep(self.luck.choice((0, 0, 0.002, 0.006)))


async def whole(bench: Workbench, change: ChangeId) -> State:
    """One run to its end, waiting a little where the clock would be waited for."""
    now = BEGIN
    for _ in range(300):
        now = await bench.execution.take(change, now)
        if now.step is Step.DONE:
            return (await bench.ledger.get(change)).state
        bench.clock.advance(now.after)
        await asyncio.sleep(0.002 if now.after else 0)
    raise TimeoutError(now)


def slowed(bench: Workbench, seed: int) -> None:
    slow = Slow(bench.executor, random.Random(seed))
    bench.execution = Execution(replace(bench.execution.parts, executor=slow))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("seen", "end", "writes"),
    [
        ("90", State.SUCCEEDED, ["11"]),
        ("230", State.ROLLED_BACK, ["11", "6"]),
    ],
)
async def test_two_runs_of_one_change_at_once_write_each_value_once(
    bench: Workbench, seed: int, seen: str, end: State, writes: list[str]
) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    bench.tree[UTILISATION] = seen
    slowed(bench, seed)

    ends = await asyncio.gather(*(whole(bench, change.id) for _ in range(2)))

    assert written(bench) == writes
    assert set(ends) == {end}


async def test_a_run_that_looked_while_another_wrote_does_not_end_the_change_unwritten(
    bench: Workbench,
) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    bench.tree[UTILISATION] = "230"
    now = await bench.execution.take(change.id, BEGIN)
    real, parts = bench.executor, bench.execution.parts
    ends: list[Next] = []

    class Overtaken:
        """It has its permit; the other run finds it unspent, then reads what was just written."""

        read = real.read

        async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
            outcomes: list[Outcome] = []

            class Other:
                apply = real.apply

                async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
                    outcomes.append(await real.apply(device, plan, permit))
                    return await real.read(device, paths)

            other = Execution(replace(parts, executor=Other()))
            ends.append(await other.take(change.id, now))
            return outcomes[0]

    ends.append(await Execution(replace(parts, executor=Overtaken())).take(change.id, now))

    assert [each.step for each in ends] == [Step.CARRY_OUT, Step.VERIFY]
    assert await whole(bench, change.id) is State.ROLLED_BACK
    assert written(bench) == ["11", "6"]


async def test_a_change_that_ended_unwritten_is_not_written_by_a_slower_run(
    bench: Workbench,
) -> None:
    change = await bench.approved()
    now = await bench.execution.take(change.id, BEGIN)
    real, parts = bench.executor, bench.execution.parts

    class Slower:
        """It has its permit; somebody else writes and the other run looks before it goes out."""

        read = real.read

        async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
            bench.tree[CHANNEL] = "1"
            assert (await bench.execution.take(change.id, now)).step is Step.FINISH
            return await real.apply(device, plan, permit)

    await Execution(replace(parts, executor=Slower())).take(change.id, now)

    assert await whole(bench, change.id) is State.SUPERSEDED
    assert written(bench) == []


@pytest.mark.parametrize("seed", range(2))
async def test_two_runs_of_one_change_in_any_order_of_steps_write_once(
    bench: Workbench, seed: int
) -> None:
    luck = random.Random(seed)
    change = await bench.approved(bench.proposal(effect=promise()))
    bench.tree[UTILISATION] = luck.choice(["90", "230"])
    runs = [BEGIN, BEGIN]
    for _ in range(200):
        under_way = [at for at in (0, 1) if runs[at].step is not Step.DONE]
        if not under_way:
            break
        at = luck.choice(under_way)
        runs[at] = await bench.execution.take(change.id, runs[at])
        bench.clock.advance(runs[at].after)

    end = (await bench.ledger.get(change.id)).state
    assert [run.step for run in runs] == [Step.DONE, Step.DONE]
    assert (end, written(bench)) in [
        (State.SUCCEEDED, ["11"]),
        (State.ROLLED_BACK, ["11", "6"]),
    ]


@pytest.mark.parametrize("seed", range(2))
async def test_of_two_changes_of_one_value_one_is_written(bench: Workbench, seed: int) -> None:
    first = await bench.approved()
    second = await bench.approved(bench.proposal([to_channel("1")], case="cas_2"))
    slowed(bench, seed)

    ends = await asyncio.gather(whole(bench, first.id), whole(bench, second.id))

    assert sorted(ends) == [State.SUCCEEDED, State.SUPERSEDED]
    assert written(bench) == [["11"], ["1"]][ends.index(State.SUCCEEDED)]


async def test_a_change_whose_lease_ran_out_does_not_write_on_an_old_look(
    bench: Workbench,
) -> None:
    first = await bench.approved()
    second = await bench.approved(bench.proposal([to_channel("1")], case="cas_2"))
    now = await bench.execution.take(first.id, BEGIN)
    real, parts = bench.executor, bench.execution.parts

    class Late:
        """What it read is told only after another change came and went."""

        apply = real.apply

        async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
            seen = await real.read(device, paths)
            bench.clock.advance(21 * 60)
            await bench.run(second.id)
            return seen

    await Execution(replace(parts, executor=Late())).take(first.id, now)

    assert written(bench) == ["1"]
    assert (await bench.run(first.id)).state is State.SUPERSEDED


async def test_what_is_being_carried_out_is_no_longer_withdrawn(bench: Workbench) -> None:
    change = await bench.approved()
    await bench.execution.take(change.id, BEGIN)

    with pytest.raises(Conflict):
        await bench.ledger.withdraw(bench.sam, change.id)

    assert (await bench.run(change.id)).state is State.SUCCEEDED


async def test_of_a_withdrawal_and_a_run_at_once_one_wins(bench: Workbench) -> None:
    change = await bench.approved()

    end, _ = await asyncio.gather(
        whole(bench, change.id),
        bench.ledger.withdraw(bench.sam, change.id),
        return_exceptions=True,
    )

    assert (end, written(bench)) in [(State.SUCCEEDED, ["11"]), (State.SUPERSEDED, [])]


@pytest.mark.parametrize("seed", range(2))
async def test_answers_and_a_withdrawal_at_once_settle_once_and_lose_nothing(
    bench: Workbench, seed: int
) -> None:
    record = await bench.submit()

    def answer(who: str, answer: Answer) -> object:
        person = getattr(bench, who)
        return bench.ledger.answer(person, record.id, digest=record.plan.digest, answer=answer)

    work = [
        answer("alex", Answer.APPROVE),
        answer("ben", Answer.REJECT),
        bench.ledger.withdraw(bench.sam, record.id),
    ]
    random.Random(seed).shuffle(work)
    told = await asyncio.gather(*work, return_exceptions=True)  # type: ignore[call-overload]

    assert all(isinstance(each, GatewrightError) for each in told if isinstance(each, Exception))
    end = await bench.ledger.get(record.id)
    said = {each.state for each in told if not isinstance(each, Exception)}
    assert end.state in said
    async with bench.store.read() as tx:
        kept = await tx.approvals.of_change(record.tenant, record.id)
        audited = [each.kind for each in await tx.audit.range(record.tenant, 0, 100)]
    assert audited.count("change.answered") == len(kept)
    assert audited.count(f"change.{end.state}") == 1


async def test_a_run_that_does_not_start_keeps_no_other_from_starting(bench: Workbench) -> None:
    first = await bench.approved()
    second = await bench.approved(bench.proposal([to_channel("1")], case="cas_2"))
    started: list[ChangeId] = []

    async def start(change: ChangeId) -> None:
        if change == first.id and not started:
            raise RuntimeError("not now")
        started.append(change)

    dispatch = Dispatch(ledger=bench.ledger, start=start, every=60)
    await dispatch.look()
    await dispatch.look()

    assert started == [second.id, first.id]
