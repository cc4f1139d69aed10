"""One writer a device; its number is higher than every one before, for ever."""

import asyncio
from datetime import timedelta

import pytest

from brain.domain.device import Device
from brain.domain.errors import InvalidInput, NotFound
from brain.domain.identity import DeviceId
from brain.domain.ports import Clock
from brain.store.store import Store

MINUTE = timedelta(minutes=1)


async def take(
    store: Store, device: Device, owner: str, clock: Clock, *, after: timedelta = timedelta()
) -> int | None:
    now = clock() + after
    async with store.begin() as tx:
        return await tx.leases.take(device.id, owner, now, now + MINUTE)


async def release(store: Store, device: Device, owner: str) -> None:
    async with store.begin() as tx:
        await tx.leases.release(device.id, owner)


async def test_another_owner_waits_until_the_lease_runs_out(
    any_store: Store, device: Device, clock: Clock
) -> None:
    first = await take(any_store, device, "a", clock)
    during = await take(any_store, device, "b", clock, after=MINUTE - timedelta(seconds=1))
    after = await take(any_store, device, "b", clock, after=MINUTE)

    assert (first, during, after) == (1, None, 2)


async def test_the_owner_renews_and_keeps_its_fence(
    any_store: Store, device: Device, clock: Clock
) -> None:
    first = await take(any_store, device, "a", clock)
    again = await take(any_store, device, "a", clock, after=MINUTE / 2)
    late = await take(any_store, device, "a", clock, after=3 * MINUTE)
    other = await take(any_store, device, "b", clock, after=3 * MINUTE + MINUTE / 2)

    assert (first, again, late, other) == (1, 1, 1, None)


async def test_the_fence_rises_after_a_release_too(
    any_store: Store, device: Device, clock: Clock
) -> None:
    fences = []
    for owner in ("a", "b", "b", "a"):
        fences.append(await take(any_store, device, owner, clock))
        await release(any_store, device, owner)

    async with any_store.begin() as tx:
        assert await tx.leases.hold(device.id) == 4
    assert fences == [1, 2, 3, 4]


async def test_only_the_owner_gives_it_back(any_store: Store, device: Device, clock: Clock) -> None:
    await take(any_store, device, "a", clock)
    await release(any_store, device, "b")

    assert await take(any_store, device, "b", clock) is None


async def test_one_of_many_at_once_gets_it(any_store: Store, device: Device, clock: Clock) -> None:
    fences = await asyncio.gather(
        *(take(any_store, device, f"owner{number}", clock) for number in range(20))
    )

    assert sorted(fences, key=str) == [1] + [None] * 19


async def test_a_lease_has_an_owner_and_a_device(
    any_store: Store, device: Device, clock: Clock
) -> None:
    with pytest.raises(InvalidInput):
        await take(any_store, device, "", clock)
    with pytest.raises(NotFound):
        async with any_store.begin() as tx:
            await tx.leases.take(DeviceId("nobody"), "a", clock(), clock() + MINUTE)

    async with any_store.begin() as tx:
        assert await tx.leases.hold(device.id) == 0
