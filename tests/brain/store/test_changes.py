"""A change is moved by whoever saw its newest version, with exactly the plan it was added with."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from brain.domain.change import Plan
from brain.domain.device import Device
from brain.domain.errors import Conflict, Unreadable
from brain.domain.identity import ChangeId, DeviceId, TenantId
from brain.domain.life import State
from brain.domain.record import ChangeRecord
from brain.store.store import Store

NORTH, SOUTH = TenantId("north"), TenantId("south")
Make = Callable[..., ChangeRecord]


async def test_a_change_comes_back_as_it_was(any_store: Store, change: ChangeRecord) -> None:
    async with any_store.read() as tx:
        assert await tx.changes.get(NORTH, change.id) == change
        assert await tx.changes.find(change.id) == change
        assert await tx.changes.get(SOUTH, change.id) is None
        assert await tx.changes.list(SOUTH) == []


async def test_only_one_of_two_who_saw_the_same_version_moves_it(
    any_store: Store, change: ChangeRecord
) -> None:
    both_saw_it = asyncio.Barrier(2)

    async def move(state: State) -> bool:
        async with any_store.read() as tx:
            seen = await tx.changes.find(change.id)
        assert seen is not None
        await both_saw_it.wait()
        async with any_store.begin() as tx:
            return await tx.changes.swap(replace(seen, state=state), version=seen.version)

    approved, rejected = await asyncio.gather(move(State.APPROVED), move(State.REJECTED))

    assert [approved, rejected].count(True) == 1
    state = State.APPROVED if approved else State.REJECTED
    async with any_store.read() as tx:
        assert await tx.changes.find(change.id) == replace(change, state=state, version=2)


async def test_a_change_is_never_moved_with_another_plan(
    any_store: Store, change: ChangeRecord
) -> None:
    first = change.plan.sets[0]
    other = replace(change.plan, changes=(replace(first, after="11"),))

    async with any_store.begin() as tx:
        moved = await tx.changes.swap(replace(change, plan=other), version=1)

    assert not moved
    async with any_store.read() as tx:
        assert await tx.changes.find(change.id) == change


async def test_another_tenant_moves_nothing(any_store: Store, change: ChangeRecord) -> None:
    async with any_store.begin() as tx:
        assert not await tx.changes.swap(replace(change, tenant=SOUTH), version=1)


async def test_a_change_is_added_once(any_store: Store, change: ChangeRecord) -> None:
    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.changes.add(replace(change, reason="again"))


async def test_a_change_of_an_unknown_device_is_refused(any_store: Store, a_change: Make) -> None:
    with pytest.raises(Conflict):
        async with any_store.begin() as tx:
            await tx.changes.add(a_change(device=DeviceId("nobody")))


async def test_the_same_plan_is_kept_once(any_store: Store, change: ChangeRecord) -> None:
    second = replace(change, id=ChangeId("chg_2"))

    async with any_store.begin() as tx:
        await tx.changes.add(second)
        rows = await tx.changes._db.rows(text("SELECT digest FROM plans"))

    assert [row.digest for row in rows] == [change.plan.digest]
    async with any_store.read() as tx:
        assert await tx.changes.find(second.id) == second


async def test_lists_are_newest_first_and_only_what_is_asked_for(
    any_store: Store, change: ChangeRecord, a_device: Callable[..., Device]
) -> None:
    other = a_device(id=DeviceId("other"))
    newer = replace(
        change, id=ChangeId("chg_2"), created_at=change.created_at + timedelta(1), device=other.id
    )
    done = replace(change, id=ChangeId("chg_3"), state=State.SUCCEEDED)
    async with any_store.begin() as tx:
        await tx.devices.put(other)
        await tx.changes.add(newer)
        await tx.changes.add(done)

    async with any_store.read() as tx:
        everything = await tx.changes.list(NORTH)
        newest = await tx.changes.list(NORTH, limit=1)
        succeeded = await tx.changes.list(NORTH, states=[State.SUCCEEDED])
        none = await tx.changes.list(NORTH, states=[])
        of_other = await tx.changes.list(NORTH, device=other.id)

    assert list(everything) == [newer, done, change]
    assert (list(newest), list(of_other)) == ([newer], [newer])
    assert (list(succeeded), list(none)) == ([done], [])


async def test_what_is_unfinished_is_found_in_every_tenant(
    any_store: Store, device: Device, a_change: Make, a_device: Callable[..., Device]
) -> None:
    southern = a_device(id=DeviceId("southern"), tenant=SOUTH)
    states = [*State]
    async with any_store.begin() as tx:
        await tx.devices.put(southern)
        for number, state in enumerate(states):
            await tx.changes.add(a_change(id=ChangeId(f"n{number:02}"), state=state))
        await tx.changes.add(
            a_change(id=ChangeId("s"), tenant=SOUTH, device=southern.id, state=State.APPROVED)
        )

    async with any_store.read() as tx:
        found = await tx.changes.unfinished()

    assert [record.state for record in found] == [
        State.APPROVED,
        State.EXECUTING,
        State.VERIFYING,
        State.APPROVED,
    ]
    assert {record.tenant for record in found} == {NORTH, SOUTH}


async def test_what_ran_out_of_time_is_found(
    any_store: Store, device: Device, a_change: Make
) -> None:
    waiting = a_change(id=ChangeId("a"))
    limit = waiting.approval_expires_at
    late = timedelta(minutes=30)
    approved = a_change(id=ChangeId("b"), state=State.APPROVED, execution_expires_at=limit + late)
    begun = a_change(id=ChangeId("c"), state=State.EXECUTING, execution_expires_at=limit)
    async with any_store.begin() as tx:
        for record in (waiting, approved, begun):
            await tx.changes.add(record)

    async with any_store.read() as tx:
        before = await tx.changes.expirable(limit - timedelta(seconds=1))
        at = await tx.changes.expirable(limit)
        after = await tx.changes.expirable(limit + late)

    assert list(before) == []
    assert list(at) == [waiting]
    assert list(after) == [waiting, approved]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE changes SET state = 'approved'",
        "UPDATE changes SET version = 7",
        "UPDATE changes SET state = 'unheard of'",
    ],
)
async def test_a_change_that_does_not_agree_with_its_columns_is_an_error(
    any_store: Store, change: ChangeRecord, damage: str
) -> None:
    async with any_store.begin() as tx:
        await tx.changes._db.run(text(damage))

    with pytest.raises(Unreadable):
        async with any_store.read() as tx:
            await tx.changes.find(change.id)


async def test_a_plan_put_in_the_place_of_another_is_an_error(
    any_store: Store, change: ChangeRecord
) -> None:
    other = Plan(device=change.device, changes=change.plan.changes[:1])
    async with any_store.begin() as tx:
        await tx.changes.add(replace(change, id=ChangeId("chg_2"), plan=other))
        await tx.changes._db.run(
            text("UPDATE changes SET plan_digest = :digest WHERE id = 'chg_2'"),
            {"digest": change.plan.digest},
        )

    with pytest.raises(Unreadable):
        async with any_store.read() as tx:
            await tx.changes.find(ChangeId("chg_2"))
