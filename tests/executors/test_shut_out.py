"""Whoever was shut out, or left the group, carries nothing through that still has to be written."""

from dataclasses import replace

import pytest

from brain.domain.approval import Answer
from brain.domain.canonical import Json
from brain.domain.identity import Principal
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.domain.verdict import Point
from brain.store.store import Store
from evals.workbench import CHANNEL, TENANT, UTILISATION, Workbench, promise, shipped, workbench
from executors.steps import Next, Step

NIGHT: dict[str, Json] = {
    "schedule": {
        "kinds": {"radio": {"templates": ["Device.WiFi."], "windows": ["night"]}},
        "freezes": {},
    }
}


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


def written(bench: Workbench) -> list[str]:
    return [value for _, path, value in bench.world.writes if path == CHANNEL]


async def shut_out(bench: Workbench, who: Principal, *, disabled: bool = True) -> None:
    async with bench.store.begin() as tx:
        assert await tx.principals.disable(TENANT, who.id, disabled=disabled)


async def leave_the_group(bench: Workbench, who: Principal) -> None:
    async with bench.store.begin() as tx:
        await tx.principals.put(replace(who, groups=frozenset({"elsewhere"})), str(who.id))


async def taken(bench: Workbench, change: ChangeRecord, steps: int = 3) -> ChangeRecord:
    now = Next(Step.BEGIN)
    for _ in range(steps):
        now = await bench.execution.take(change.id, now)
    return await bench.ledger.get(change.id)


@pytest.mark.parametrize("lose", [shut_out, leave_the_group])
async def test_an_approval_of_somebody_who_lost_their_say_does_not_carry_the_change(
    bench: Workbench, lose: object
) -> None:
    change = await bench.approved()
    assert callable(lose)
    await lose(bench, bench.alex)

    waiting = await taken(bench, change)

    assert waiting.state is State.AWAITING_APPROVAL
    assert waiting.reason.startswith("approvals of alex no longer count")
    assert "1 of approvers" in waiting.reason
    assert written(bench) == []

    await bench.approve(change, bench.ben)
    assert (await bench.run(change.id)).state is State.SUCCEEDED


async def test_while_it_waits_for_its_window_the_reviewers_are_asked_again_at_once(
    store: Store,
) -> None:
    bench = await workbench(store, bundle=shipped().with_numbers(NIGHT))
    change = await bench.approved()
    assert (await taken(bench, change, 1)).state is State.APPROVED
    await shut_out(bench, bench.alex)

    waiting = await taken(bench, change, 1)

    assert waiting.state is State.AWAITING_APPROVAL
    assert (await bench.approve(change, bench.ben)).state is State.APPROVED
    assert written(bench) == []


async def test_whoever_loses_their_say_between_the_verdict_and_the_permit_opens_nothing(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = await bench.approved()
    judged = bench.ledger.approved

    async def approved_then_shut_out(*asked: object) -> bool:
        found = await judged(*asked)  # type: ignore[arg-type]  # as it was asked
        if (await bench.ledger.get(change.id)).state is State.EXECUTING:
            await shut_out(bench, bench.alex)
        return found

    monkeypatch.setattr(bench.ledger, "approved", approved_then_shut_out)

    ended = await bench.run(change.id)

    assert ended.state is State.FAILED
    assert "not enough people approved" in ended.reason
    assert written(bench) == []


async def test_nothing_is_written_for_an_asker_who_was_shut_out(bench: Workbench) -> None:
    change = await bench.approved()
    await shut_out(bench, bench.sam)

    ended = await bench.run(change.id)

    assert ended.state is State.DENIED
    assert "shut out" in ended.reason
    assert written(bench) == []


async def test_whoever_was_let_in_again_counts_again(bench: Workbench) -> None:
    change = await bench.approved()
    await shut_out(bench, bench.alex)
    await shut_out(bench, bench.sam)
    await shut_out(bench, bench.alex, disabled=False)
    await shut_out(bench, bench.sam, disabled=False)

    assert (await bench.run(change.id)).state is State.SUCCEEDED


async def test_a_rejection_stands_whoever_is_shut_out_since(bench: Workbench) -> None:
    change = await bench.approved()
    verdict = await bench.ledger.rejudge(change, Point.EXECUTE)
    await bench.ledger.answer(bench.ben, change.id, digest=change.plan.digest, answer=Answer.REJECT)
    await shut_out(bench, bench.ben)

    rejected = await bench.ledger.get(change.id)

    assert rejected.state is State.REJECTED
    assert not await bench.ledger.approved(rejected, verdict)


async def test_the_way_back_is_open_for_an_asker_who_lost_their_role_meanwhile(
    bench: Workbench,
) -> None:
    change = await bench.approved(bench.proposal(effect=promise()))
    now = Next(Step.BEGIN)
    while (await bench.ledger.get(change.id)).state is not State.VERIFYING:
        now = await bench.execution.take(change.id, now)
    bench.tree[UTILISATION] = "230"
    async with bench.store.begin() as tx:
        await tx.principals.put(replace(bench.sam, roles=frozenset()), "Sam")
    await shut_out(bench, bench.sam)

    ended = await bench.run(change.id)

    assert ended.state is State.ROLLED_BACK
    assert written(bench) == ["11", "6"]
