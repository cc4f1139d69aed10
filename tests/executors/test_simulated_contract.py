"""The simulated executor keeps the executors' contract."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from brain.domain.device import Device
from brain.domain.parameter import Snapshot
from brain.store.store import Store
from evals.homes.world import HomesWorld
from executors.simulated import SimulatedExecutor
from tests.executors.contract import ExecutorContract, Permits, Rig, one_home
from tests.executors.old_devices import OLD_MAKE, OldDeviceContract

T = TypeVar("T")


@dataclass
class _Sink:
    store: Store

    async def heard(self, device: Device, snapshot: Snapshot) -> None:
        async with self.store.begin() as tx:
            await tx.snapshots.merge(device.tenant, snapshot)
            await tx.devices.touch(device.id, at=snapshot.taken_at)


class SimulatedRig(Rig):
    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        return await work

    async def calls(self) -> None:
        """Nothing waits for it."""


async def standing(store: Store, clock: Any, **home: str) -> SimulatedRig:
    made = SimulatedRig()
    made.home, made.device = one_home(clock, **home)
    made.store, made.clock, made.permits = store, clock, Permits()
    made.executor = SimulatedExecutor(
        world=HomesWorld([made.home]), permits=made.permits, clock=clock, sink=_Sink(store)
    )
    async with store.begin() as tx:
        await tx.devices.put(made.device)
    return made


class TestSimulated(ExecutorContract):
    @pytest.fixture
    async def rig(self, store: Store, clock: Any) -> Rig:
        return await standing(store, clock)


class TestOldDevices(OldDeviceContract):
    is_a_controller = False

    @pytest.fixture
    async def rig(self, store: Store, clock: Any) -> Rig:
        return await standing(store, clock, model=OLD_MAKE)
