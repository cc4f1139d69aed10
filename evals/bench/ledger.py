"""From a proposal to a permit, without a language model, on SQLite."""

import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from brain.domain.change import Plan
from brain.domain.device import Device
from brain.domain.outcome import Outcome
from brain.domain.permit import Permit
from evals.bench.table import Result, Row, percentile
from evals.workbench import Workbench, temporary_store, to_channel, workbench
from executors.execution import Execution
from executors.simulated import SimulatedExecutor
from executors.steps import Next, Step

_ROUNDS = 60


class _Stopwatch:
    """An executor that notes when a permit was put into its hands."""

    def __init__(self, real: SimulatedExecutor) -> None:
        self.real, self.read, self.at = real, real.read, 0.0
        self.capabilities = real.capabilities

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        """Note the time, then do it."""
        self.at = perf_counter()
        return await self.real.apply(device, plan, permit)


async def bench_ledger() -> Result:
    """Each stage of a change that needs one approval, on a device in memory."""
    with tempfile.TemporaryDirectory() as folder:
        async with temporary_store(Path(folder)) as store:
            bench = await workbench(store)
            samples = [await _one(bench, number) for number in range(_ROUNDS + 1)][1:]
    names = ("submit", "approve", "begin, look, judge again, back up, mint")
    stages = [
        Row(
            name=name,
            value=percentile([each[number] for each in samples], 0.5) * 1e3,
            unit="ms",
        )
        for number, name in enumerate(names)
    ]
    total = [sum(each) for each in samples]
    return Result(
        name="ledger",
        title="From proposal to permit (SQLite, every commit on disk)",
        rows=(
            *stages,
            Row(
                name="submit to permit, p50",
                value=percentile(total, 0.5) * 1e3,
                unit="ms",
                aim="25",
            ),
            Row(name="submit to permit, p99", value=percentile(total, 0.99) * 1e3, unit="ms"),
        ),
    )


async def _one(bench: Workbench, number: int) -> tuple[float, float, float]:
    """Seconds to submit, to approve, and to the permit."""
    wanted, before = ("11", "6") if number % 2 == 0 else ("6", "11")
    proposal = bench.proposal([to_channel(wanted, before=before)], case=f"cas_{number}")
    watch = _Stopwatch(bench.executor)
    execution = Execution(replace(bench.execution.parts, executor=watch))
    start = perf_counter()
    record = await bench.submit(proposal)
    submitted = perf_counter()
    await bench.approve(record)
    approved = perf_counter()
    now = await execution.take(record.id, Next(Step.BEGIN))
    now = await execution.take(record.id, now)
    while now.step is not Step.DONE:
        now = await execution.take(record.id, now)
    return submitted - start, approved - submitted, watch.at - approved
