"""Where a run stops by itself: a gate that moved, a device that does not do as it is told."""

from dataclasses import replace

import pytest

from brain.domain.change import Plan
from brain.domain.device import Device
from brain.domain.errors import PermitRefused
from brain.domain.identity import DeviceId, PrincipalId
from brain.domain.life import State
from brain.domain.outcome import Outcome
from brain.domain.parameter import ParameterPath, Snapshot, Value
from brain.domain.permit import Permit
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Point, Verdict
from brain.store.store import Store
from evals.workbench import CHANNEL, UTILISATION, Workbench, promise, workbench
from executors.execution import Execution
from executors.steps import Next, Step


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


def written(bench: Workbench) -> list[str]:
    return [value for _, path, value in bench.world.writes if path == CHANNEL]


def deaf_to(bench: Workbench, value: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have the device say yes to this channel and stay where it is; what it was sent."""
    heard: list[str] = []
    real = type(bench.world).set

    def set_it(
        world: object, device: DeviceId, wanted: dict[ParameterPath, Value], key: str
    ) -> None:
        heard.append(wanted[CHANNEL])
        if wanted[CHANNEL] != value:
            real(bench.world, device, wanted, key)

    monkeypatch.setattr(type(bench.world), "set", set_it)
    return heard


async def test_a_device_that_does_not_keep_what_it_took_did_not_succeed(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = await bench.approved()
    deaf_to(bench, "11", monkeypatch)

    end = await bench.run(change.id)

    assert end.state is State.ROLLED_BACK
    assert "did not keep" in end.reason


async def test_a_device_that_does_not_go_back_is_asked_so_often_and_no_more(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    bench.tree[UTILISATION] = "230"
    heard = deaf_to(bench, "6", monkeypatch)

    end = await bench.run(change.id)

    assert end.state is State.FAILED
    assert "does not take the old values back" in end.reason
    assert heard == ["11", "6", "6", "6"]
    assert bench.paged


async def test_what_policy_does_not_let_be_undone_is_left_and_a_person_is_called(
    bench: Workbench,
) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    bench.tree[UTILISATION] = "230"
    now = Next(Step.BEGIN)
    while now.step is not Step.ROLL_BACK:
        now = await bench.execution.take(change.id, now)
    async with bench.store.begin() as tx:
        await tx.halts.set(bench.device.tenant, True, PrincipalId("olga"), bench.clock())

    await bench.execution.take(change.id, now)

    end = await bench.ledger.get(change.id)
    assert end.state is State.FAILED
    assert "policy does not let it be undone" in end.reason
    assert written(bench) == ["11"]
    assert bench.paged


async def test_what_the_backup_does_not_hold_is_not_put_back(bench: Workbench) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    bench.tree[UTILISATION] = "230"
    other = Snapshot(device=bench.device.id, taken_at=bench.clock(), values={CHANNEL: "1"})
    async with bench.store.begin() as tx:
        await tx.backups.put(bench.device.tenant, change.id, other)

    end = await bench.run(change.id)

    assert end.state is State.FAILED
    assert "the backup does not hold" in end.reason
    assert written(bench) == ["11"]


async def test_an_interrupted_write_is_looked_for_twice_before_it_is_sent_again(
    bench: Workbench,
) -> None:
    change = await bench.approved()
    now = await bench.execution.take(change.id, Next(Step.BEGIN))

    class Dies:
        read = bench.executor.read

        async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
            await bench.executor.permits.spend(permit, device, plan)
            raise SystemExit("killed")

    with pytest.raises(SystemExit):
        await Execution(replace(bench.execution.parts, executor=Dies())).take(change.id, now)

    then = await bench.execution.take(change.id, now)

    assert (then.step, then.count) == (Step.CARRY_OUT, 1)
    assert bench.world.writes == []


async def test_a_permit_that_the_executor_refuses_ends_it(bench: Workbench) -> None:
    change = await bench.approved()

    class Refuses:
        read = bench.executor.read

        async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
            raise PermitRefused("the permit was used already")

    bench.execution = Execution(replace(bench.execution.parts, executor=Refuses()))

    end = await bench.run(change.id)

    assert end.state is State.FAILED
    assert "the permit was used already" in end.reason
    assert bench.world.writes == []


async def test_a_policy_that_moved_since_the_approval_voids_it(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = await bench.approved()
    rejudge = bench.ledger.rejudge

    async def moved_on(record: ChangeRecord, point: Point) -> Verdict:
        return replace(await rejudge(record, point), policy_revision="another")

    monkeypatch.setattr(bench.ledger, "rejudge", moved_on)

    end = await bench.run(change.id)

    assert end.state is State.SUPERSEDED
    assert "policy changed" in end.reason
    assert bench.world.writes == []


async def test_a_way_back_that_policy_would_refuse_is_none(bench: Workbench) -> None:
    bench.tree[CHANNEL] = "14"  # not a channel of this country
    await bench.executor.read(bench.device, [CHANNEL])

    change = await bench.submit()

    assert change.state is State.AWAITING_APPROVAL
    assert change.verdict.obligations.rollback == "none"
    assert "asker.cannot_undo" in {finding.code for finding in change.verdict.findings}
