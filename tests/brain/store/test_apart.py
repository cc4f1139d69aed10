"""What is done apart may fail without the rest of its transaction."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from brain.domain.device import Device
from brain.domain.errors import Conflict, StoreUnavailable
from brain.domain.history import Point
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath
from brain.domain.ports import Clock
from brain.store.store import Store

Make = Callable[..., Device]
NOISE = ParameterPath("Device.WiFi.Radio.1.Stats.Noise")


async def test_what_fails_apart_is_taken_back_and_nothing_else(
    any_store: Store, a_device: Make, clock: Clock
) -> None:
    device = a_device()
    stranger = replace(device, id=DeviceId("stranger"))

    async with any_store.begin() as tx:

        async def work() -> None:
            await tx.devices.touch(device.id, at=clock(), inform_every=300)
            await tx.measures.add({(stranger.tenant, stranger.id): {NOISE: [Point(clock(), "1")]}})

        await tx.devices.put(device)
        error = await tx.apart(work)
        seen_after = await tx.devices.find(device.id)

    assert isinstance(error, Conflict)
    assert seen_after == device
    async with any_store.read() as tx:
        assert await tx.devices.find(device.id) == device


async def test_what_was_done_apart_is_kept(any_store: Store, a_device: Make) -> None:
    device = a_device()

    async with any_store.begin() as tx:
        error = await tx.apart(lambda: tx.devices.put(device))

    assert error is None
    async with any_store.read() as tx:
        assert await tx.devices.find(device.id) == device


@pytest.mark.parametrize("end", ["ROLLBACK", "RELEASE sa_savepoint_1"])
async def test_a_transaction_that_cannot_be_taken_back_does_not_go_on(
    store: Store, a_device: Make, end: str
) -> None:
    async def write() -> None:
        async with store.begin() as tx:

            async def work() -> None:
                await tx._connection.run(text(end))
                raise ValueError("and then it broke")

            await tx.devices.put(a_device())
            await tx.apart(work)

    with pytest.raises(StoreUnavailable):
        await write()

    async with store.read() as read:
        assert await read.devices.find(a_device().id) is None
