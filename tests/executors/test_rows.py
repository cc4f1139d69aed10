"""A row that is added: read back, looked for when nobody answered, and taken out again."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from brain.domain.change import AddObject, Plan
from brain.domain.device import Device
from brain.domain.identity import DeviceId
from brain.domain.life import State
from brain.domain.outcome import Outcome
from brain.domain.parameter import ParameterPath, Value
from brain.domain.permit import Permit
from brain.domain.proposal import Proposal
from brain.store.store import Store
from evals.workbench import UTILISATION, Workbench, promise, workbench
from executors.execution import Execution
from executors.simulated import SimulatedExecutor

TABLE = ParameterPath("Device.NAT.PortMapping.")
VALUES = {
    "Enable": "true",
    "ExternalPort": "8080",
    "InternalClient": "192.168.1.20",
    "InternalPort": "80",
    "Protocol": "TCP",
}
OTHER = {f"{TABLE}1.ExternalPort": "5060", f"{TABLE}1.Enable": "true"}


@pytest.fixture
async def bench(store: Store) -> Workbench:
    made = await workbench(store)
    made.tree.update({ParameterPath(path): value for path, value in OTHER.items()})
    await made.executor.read(made.device, [ParameterPath("Device.")])
    return made


def opening(bench: Workbench, *, watched: bool = False) -> Proposal:
    change = AddObject(path=TABLE, values=tuple(VALUES.items()))
    return bench.proposal([change], effect=promise() if watched else None)


def rows(bench: Workbench) -> set[str]:
    return {p.removeprefix(TABLE).split(".")[0] for p in bench.tree if p.startswith(TABLE)}


class Lost:
    """An executor whose process dies at its first write: before the device has it, or after."""

    def __init__(self, real: SimulatedExecutor, *, arrives: bool) -> None:
        self.real, self.arrives, self.died = real, arrives, False
        self.read = real.read

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        if self.died:
            return await self.real.apply(device, plan, permit)
        self.died = True
        if self.arrives:
            await self.real.apply(device, plan, permit)
        else:
            await self.real.permits.spend(permit, device, plan)
        raise SystemExit("killed")


def with_executor(bench: Workbench, executor: Lost) -> None:
    bench.execution = Execution(replace(bench.execution.parts, executor=executor))


async def test_a_row_that_is_there_with_its_values_is_a_success(bench: Workbench) -> None:
    change = await bench.approved(opening(bench))

    end = await bench.run(change.id)

    assert (end.state, end.reason) == (State.SUCCEEDED, "applied and read back")
    assert rows(bench) == {"1", "2"}
    assert bench.tree[ParameterPath(f"{TABLE}2.InternalClient")] == "192.168.1.20"
    assert bench.paged == []


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_row_whose_answer_was_lost_is_looked_for_and_added_once(
    bench: Workbench, arrives: bool
) -> None:
    change = await bench.approved(opening(bench))
    with_executor(bench, Lost(bench.executor, arrives=arrives))
    with pytest.raises(SystemExit):
        await bench.run(change.id)

    end = await bench.run(change.id)

    assert end.state is State.SUCCEEDED
    assert rows(bench) == {"1", "2"}


async def test_a_row_that_did_not_help_is_taken_out_and_no_other(bench: Workbench) -> None:
    change = await bench.approved(opening(bench, watched=True))
    bench.tree[UTILISATION] = "230"

    end = await bench.run(change.id)

    assert end.state is State.ROLLED_BACK
    assert "worse" in end.reason
    assert rows(bench) == {"1"}
    assert bench.tree[ParameterPath(f"{TABLE}1.ExternalPort")] == "5060"


async def test_a_row_that_does_not_keep_its_values_is_no_success_and_a_person_is_called(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = type(bench.world).add

    def forgetful(
        world: object, device: DeviceId, table: ParameterPath, values: Mapping[str, Value], key: str
    ) -> None:
        real(bench.world, device, table, dict(values) | {"InternalClient": "192.168.1.99"}, key)

    monkeypatch.setattr(type(bench.world), "add", forgetful)
    change = await bench.approved(opening(bench))

    end = await bench.run(change.id)

    assert end.state is State.FAILED
    assert "which of the rows" in end.reason
    assert bench.paged


async def test_a_device_that_says_yes_and_adds_nothing_is_as_before(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(bench.world), "add", lambda *_: None)
    change = await bench.approved(opening(bench))

    end = await bench.run(change.id)

    assert end.state is State.ROLLED_BACK
    assert "did not keep" in end.reason
    assert rows(bench) == {"1"}


async def test_of_two_rows_alike_none_is_deleted(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = type(bench.world).add

    def twice(world: object, *asked: object) -> None:
        real(bench.world, *asked)  # type: ignore[arg-type]  # passed on as they came
        real(bench.world, *asked)  # type: ignore[arg-type]

    monkeypatch.setattr(type(bench.world), "add", twice)
    change = await bench.approved(opening(bench))

    end = await bench.run(change.id)

    assert end.state is State.FAILED
    assert rows(bench) == {"1", "2", "3"}
    assert bench.paged
