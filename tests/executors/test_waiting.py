"""What has to wait stays approved, says for what, is sent nothing, and goes ahead by itself."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from brain.domain.canonical import Json
from brain.domain.errors import Conflict, PolicyUnavailable
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Point
from brain.store.store import Store
from evals.workbench import CHANNEL, UTILISATION, Workbench, promise, shipped, to_channel, workbench
from executors.steps import Next, Step
from executors.waiting import ABSENT, FIRST, LONGEST
from policies.bundle import Bundle
from policies.engine import RawAnswer
from policies.engines.embedded import EmbeddedEngine

NIGHT: dict[str, Json] = {
    "schedule": {
        "kinds": {"radio": {"templates": ["Device.WiFi."], "windows": ["night"]}},
        "freezes": {},
    }
}
FREEZE: dict[str, Json] = {
    "schedule": {
        "freezes": {"moving": {"from": "2026-01-05T00:00:00Z", "until": "2026-01-05T12:20:00Z"}}
    }
}


class Switched:
    """The embedded engine, while somebody has not pulled its plug."""

    name = "embedded"

    def __init__(self, bundle: Bundle) -> None:
        self.real, self.down = EmbeddedEngine(bundle), False

    async def ask(self, entrypoint: str, question: dict[str, Json]) -> RawAnswer:
        if self.down:
            raise PolicyUnavailable("the engine is down")
        return await self.real.ask(entrypoint, question)


async def bench_with(store: Store, numbers: dict[str, Json]) -> Workbench:
    return await workbench(store, bundle=shipped().with_numbers(numbers))


@pytest.fixture
async def at_noon(store: Store) -> Workbench:
    """Radios are changed between 2 and 5 at night, and it is noon."""
    return await bench_with(store, NIGHT)


def written(bench: Workbench) -> list[str]:
    return [value for _, path, value in bench.world.writes if path == CHANNEL]


async def verdicts(bench: Workbench, change: ChangeRecord) -> int:
    async with bench.store.read() as tx:
        found = await tx.verdicts.of_change(change.tenant, change.id)
    return len([each for each in found if each.point is Point.EXECUTE])


async def audited(bench: Workbench, change: ChangeRecord) -> list[str]:
    async with bench.store.read() as tx:
        entries = await tx.audit.range(change.tenant)
    return [each.kind for each in entries if change.id in each.payload]


async def test_a_change_waits_for_its_window_and_is_then_carried_out(at_noon: Workbench) -> None:
    change = await at_noon.approved()
    now = await at_noon.execution.take(change.id, Next(Step.BEGIN))

    waiting = await at_noon.ledger.get(change.id)
    assert waiting.state is State.APPROVED
    assert "night: every day, 02:00 to 05:00" in waiting.reason
    assert (now.step, written(at_noon)) == (Step.BEGIN, [])

    at_noon.clock.advance(14 * 3600 - 1)
    now = await at_noon.execution.take(change.id, now)
    assert ((await at_noon.ledger.get(change.id)).state, written(at_noon)) == (State.APPROVED, [])
    at_noon.clock.advance(1)

    assert (await at_noon.run(change.id)).state is State.SUCCEEDED
    assert written(at_noon) == ["11"]


async def test_whoever_asks_is_told_at_once_and_the_deadline_reaches_the_opening(
    at_noon: Workbench,
) -> None:
    asked = await at_noon.submit()
    approved = await at_noon.approve(asked)

    wait = asked.verdict.obligations.wait
    assert wait is not None
    assert wait.reasons == ("night: every day, 02:00 to 05:00",)
    assert approved.execution_expires_at == at_noon.clock() + timedelta(days=1)


async def test_what_needs_no_window_is_not_kept_longer_than_usual(store: Store) -> None:
    bench = await workbench(store)

    approved = await bench.approved()

    assert approved.verdict.obligations.wait is None
    assert approved.execution_expires_at == bench.clock() + timedelta(minutes=30)


async def test_the_pauses_grow_and_neither_log_nor_audit_trail_fills_up(at_noon: Workbench) -> None:
    change = await at_noon.approved()
    now, pauses = Next(Step.BEGIN), []
    for _ in range(7):
        now = await at_noon.execution.take(change.id, now)
        pauses.append(now.after)
        at_noon.clock.advance(now.after)

    assert pauses == [FIRST, 10, 20, 40, LONGEST, LONGEST, LONGEST]
    assert await verdicts(at_noon, change) == 7
    assert (await audited(at_noon, change)).count("change.waiting") == 1


async def test_a_change_whose_time_runs_out_while_it_waits_has_expired(at_noon: Workbench) -> None:
    change = await at_noon.approved()
    await at_noon.execution.take(change.id, Next(Step.BEGIN))
    at_noon.clock.advance(24 * 3600)

    end = await at_noon.run(change.id)

    assert end.state is State.EXPIRED
    assert "its time ran out" in end.reason
    assert "night" in end.reason
    assert written(at_noon) == []


async def test_what_waits_can_be_withdrawn_and_holds_nobody_up(at_noon: Workbench) -> None:
    change = await at_noon.approved()
    await at_noon.execution.take(change.id, Next(Step.BEGIN))

    async with at_noon.store.begin() as tx:
        now = at_noon.clock()
        assert await tx.leases.take(at_noon.device.id, "another", now, now) is not None
    await at_noon.ledger.withdraw(at_noon.sam, change.id)

    assert (await at_noon.run(change.id)).state is State.SUPERSEDED
    assert written(at_noon) == []


async def test_a_freeze_is_waited_for(store: Store) -> None:
    bench = await bench_with(store, FREEZE)
    change = await bench.approved()
    await bench.execution.take(change.id, Next(Step.BEGIN))
    waiting = await bench.ledger.get(change.id)

    assert (waiting.state, written(bench)) == (State.APPROVED, [])
    assert "freeze moving, until 2026-01-05 12:20" in waiting.reason

    end = await bench.run(change.id)

    assert end.state is State.SUCCEEDED
    assert bench.clock() >= bench.clock().replace(hour=12, minute=20, second=0)


async def test_what_is_taken_back_waits_for_no_window(store: Store) -> None:
    bench = await bench_with(store, NIGHT)
    bench.clock.advance(14 * 3600)  # two at night
    change = await bench.approved(bench.proposal(effect=promise()))
    bench.tree[UTILISATION] = "230"
    now = Next(Step.BEGIN)
    while now.step is not Step.ROLL_BACK:
        now = await bench.execution.take(change.id, now)
    bench.clock.advance(4 * 3600)

    while now.step is not Step.DONE:
        now = await bench.execution.take(change.id, now)

    assert (await bench.ledger.get(change.id)).state is State.ROLLED_BACK
    assert written(bench) == ["11", "6"]


async def test_a_change_waits_while_policy_cannot_be_asked(store: Store) -> None:
    engine = Switched(shipped())
    bench = await workbench(store, engine=engine)
    change = await bench.approved()
    engine.down = True
    now = await bench.execution.take(change.id, Next(Step.BEGIN))

    waiting = await bench.ledger.get(change.id)
    assert (now.step, waiting.state) == (Step.BEGIN, State.APPROVED)
    assert "Policy could not be asked: the engine is down" in waiting.reason
    engine.down = False

    assert (await bench.run(change.id)).state is State.SUCCEEDED


async def test_what_was_begun_is_put_back_when_it_has_to_wait(store: Store) -> None:
    engine = Switched(shipped())
    bench = await workbench(store, engine=engine)
    change = await bench.approved()
    now = await bench.execution.take(change.id, Next(Step.BEGIN))
    assert (await bench.ledger.get(change.id)).state is State.EXECUTING
    engine.down = True
    now = await bench.execution.take(change.id, now)

    assert (await bench.ledger.get(change.id)).state is State.APPROVED
    assert (now.step, now.after, written(bench)) == (Step.BEGIN, FIRST, [])
    async with bench.store.begin() as tx:
        at = bench.clock()
        assert await tx.leases.take(bench.device.id, "another", at, at) is not None
        await tx.leases.release(bench.device.id, "another")
    engine.down = False

    assert (await bench.run(change.id)).state is State.SUCCEEDED
    assert written(bench) == ["11"]


async def test_what_may_have_been_sent_is_not_put_back(store: Store) -> None:
    bench = await workbench(store)
    change = await bench.approved()
    now = Next(Step.BEGIN)
    while now.step is not Step.VERIFY:
        now = await bench.execution.take(change.id, now)
    async with bench.store.read() as tx:
        assert await tx.permits.spent_for(change.tenant, change.id, change.plan.digest)

    record = await bench.ledger.get(change.id)
    begun = replace(record, state=State.EXECUTING)
    with pytest.raises(Conflict, match="may have been sent"):
        await bench.ledger.withhold(begun, State.APPROVED, reason="it waits")


async def test_a_hard_denial_ends_it_however_much_would_pass(store: Store) -> None:
    bench = await bench_with(store, NIGHT)
    change = await bench.approved()
    async with bench.store.begin() as tx:
        await tx.principals.put(replace(bench.sam, roles=frozenset()), "sam")

    end = await bench.run(change.id)

    assert end.state is State.DENIED
    assert written(bench) == []


async def test_a_device_not_heard_from_is_looked_at_before_it_is_waited_for(store: Store) -> None:
    bench = await workbench(store)
    change = await bench.approved()
    bench.clock.advance(20 * 60)

    assert ABSENT in bench.gate.bundle.findings
    assert bench.gate.bundle.findings[ABSENT].passing
    assert (await bench.run(change.id)).state is State.SUCCEEDED


async def test_a_device_that_is_away_is_waited_for_and_sent_nothing(store: Store) -> None:
    bench = await workbench(store)
    change = await bench.approved()
    bench.clock.advance(20 * 60)
    bench.world.silent.add(bench.device.id)
    now = await bench.execution.take(change.id, Next(Step.BEGIN))

    waiting = await bench.ledger.get(change.id)
    assert (waiting.state, now.step) == (State.APPROVED, Step.BEGIN)
    assert "not heard from within the last 15 minutes" in waiting.reason

    assert (await bench.run(change.id)).state is State.EXPIRED
    assert bench.world.writes == []


async def test_a_second_change_says_that_it_waits_for_the_first(store: Store) -> None:
    bench = await workbench(store)
    first = await bench.approved()
    second = await bench.approved(bench.proposal([to_channel("1")], case="cas_2"))
    await bench.execution.take(first.id, Next(Step.BEGIN))
    await bench.execution.take(second.id, Next(Step.BEGIN))

    assert (await bench.ledger.get(second.id)).reason == "it waits: another change has the device"


async def test_an_operators_own_file_opens_a_window(store: Store, tmp_path: Path) -> None:
    own = tmp_path / "policy.yaml"
    own.write_text(
        'schedule: {windows: {noon: {weekdays: [mon], from: "12:00", until: "12:30"}}, '
        "kinds: {radio: {templates: [Device.WiFi.], windows: [noon]}}, max_wait_minutes: 10080}\n"
        'matrix: {models: {Acme: {G1: {"*": {"*": green}}}}}\n'
    )
    bench = await workbench(store, bundle=Bundle.load(data=own))
    change = await bench.approved()

    assert (await bench.run(change.id)).state is State.SUCCEEDED
    assert written(bench) == ["11"]
