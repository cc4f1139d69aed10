"""Two runs of one change on PostgreSQL, at the moment in which one uses its permit up."""

import asyncio

import pytest

from brain.domain.errors import GatewrightError
from brain.domain.identity import DeviceId
from brain.store.leases import Leases
from brain.store.store import Store
from evals.workbench import CHANNEL, promise, workbench
from executors.permits import PermitDesk
from executors.steps import Next, Step


@pytest.mark.postgres
async def test_who_begins_while_another_spends_waits_and_writes_nothing(
    postgres_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await workbench(postgres_store)
    change = await bench.approved(bench.proposal(effect=promise()))
    now = await bench.execution.take(change.id, Next(Step.BEGIN))
    hold, spend = Leases.hold, PermitDesk.spend
    holding, go, spending = asyncio.Event(), asyncio.Event(), set[object]()

    async def watched_spend(self: PermitDesk, *given: object) -> None:
        spending.add(asyncio.current_task())
        await spend(self, *given)  # type: ignore[arg-type]  # handed on as it came

    async def slow_hold(self: Leases, device: DeviceId) -> int:
        fence = await hold(self, device)
        if asyncio.current_task() in spending and not holding.is_set():
            holding.set()
            await go.wait()
        return fence

    monkeypatch.setattr(PermitDesk, "spend", watched_spend)
    monkeypatch.setattr(Leases, "hold", slow_hold)
    first = asyncio.create_task(bench.execution.take(change.id, now))
    await asyncio.wait_for(holding.wait(), 20)
    second = asyncio.create_task(bench.execution.take(change.id, now))
    await asyncio.sleep(1)  # long enough to mint under a higher fence, were it let
    went_past = second.done()
    go.set()
    ended = await asyncio.gather(first, second, return_exceptions=True)

    assert not went_past
    assert [each for each in ended if not isinstance(each, Next | GatewrightError)] == []
    assert [value for _, path, value in bench.world.writes if path == CHANNEL] == ["11"]
