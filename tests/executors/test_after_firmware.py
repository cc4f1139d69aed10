"""Firmware is in force once the device has started since it was told to fetch it."""

from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from brain.domain.change import Command, Plan
from brain.domain.device import Device
from brain.domain.life import State
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath
from brain.domain.permit import Permit
from brain.domain.record import ChangeRecord
from brain.store.store import Store
from evals.workbench import Workbench, workbench
from executors.execution import Execution
from executors.simulated import UP_TIME, SimulatedExecutor
from executors.steps import Next, Step
from executors.verification import Verification

FETCH = Command(
    path=ParameterPath("Device.DeviceInfo.FirmwareImage.1.Download()"),
    arguments=(("URL", "https://files.example/2.0.bin"), ("AutoActivate", "true")),
)
RESTART = Command(path=ParameterPath("Device.Reboot()"))


@dataclass
class Fetches:
    """A device that fetches for half a minute, starts, and calls a minute and a half later."""

    bench: Workbench
    real: SimulatedExecutor
    starts: bool

    def __post_init__(self) -> None:
        self.read = self.real.read

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        await self.real.permits.spend(permit, device, plan)
        self.bench.clock.advance(120)
        if self.starts:
            self.bench.tree[UP_TIME] = "90"
        at: datetime = self.bench.clock()
        return Outcome(progress=Progress.APPLIED, at=at)


async def told(bench: Workbench, *, starts: bool) -> ChangeRecord:
    """A command that was carried out by such a device, to be verified."""
    change = await bench.approved(bench.proposal([RESTART]))
    slow = Fetches(bench, bench.executor, starts)
    bench.execution = Execution(replace(bench.execution.parts, executor=slow))
    now = Next(Step.BEGIN)
    while now.step is not Step.VERIFY:
        now = await bench.execution.take(change.id, now)
    return await bench.ledger.get(change.id)


async def verified(
    bench: Workbench, record: ChangeRecord, command: Command, monkeypatch: pytest.MonkeyPatch
) -> list[State]:
    """Where it moves, as if this had been the command: what is kept is about another."""
    plan = Plan(device=bench.device.id, changes=(command,))
    moved: list[State] = []

    async def move(record: ChangeRecord, state: State, **_: str) -> ChangeRecord:
        moved.append(state)
        return replace(record, state=state)

    monkeypatch.setattr(bench.ledger, "move", move)
    await Verification(bench.execution.parts).verify(replace(record, plan=plan), Next(Step.VERIFY))
    return moved


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


async def test_a_start_before_the_device_told_of_it_counts(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await told(bench, starts=True)

    assert await verified(bench, record, FETCH, monkeypatch) == [State.SUCCEEDED]


async def test_of_a_restart_such_a_start_is_another(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await told(bench, starts=True)

    assert await verified(bench, record, RESTART, monkeypatch) == []


async def test_without_a_start_it_is_not_in_force(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await told(bench, starts=False)

    assert await verified(bench, record, FETCH, monkeypatch) == []
    bench.clock.advance(11 * 60)

    assert await verified(bench, record, FETCH, monkeypatch) == [State.UNKNOWN]
