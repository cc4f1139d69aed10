"""A process that dies, or is disturbed, at any moment: a commit, or a word to a device."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from brain.domain.change import Plan
from brain.domain.device import Device
from brain.domain.outcome import Outcome
from brain.domain.parameter import ParameterPath, Snapshot
from brain.domain.permit import Permit
from brain.store.store import Store
from brain.store.transaction import Transaction


class Killed(BaseException):
    """Nothing after this line was done by this process."""


async def die() -> None:
    """End here."""
    raise Killed


@dataclass
class Fuse:
    """Burns down at each moment, and then does something once. Not armed it does nothing."""

    left: int = 0
    then: Callable[[], Awaitable[None]] = die

    def arm(self, moments: int, then: Callable[[], Awaitable[None]] = die) -> None:
        """Let it burn for so many moments."""
        self.left, self.then = moments, then

    async def burn(self, *, inside: bool = False) -> None:
        """A moment passes. Inside a transaction nobody but death can come between."""
        if inside and self.then is not die:
            return
        self.left -= 1
        if self.left == 0:
            await self.then()


@dataclass
class FusedStore:
    """A store whose every commit is two moments: just before it, and just after."""

    real: Store
    fuse: Fuse

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        async with self.real.begin() as tx:
            yield tx
            await self.fuse.burn(inside=True)
        await self.fuse.burn()

    def read(self) -> Any:
        return self.real.read()


@dataclass
class FusedExecutor:
    """An executor whose every write is two moments: before it is sent, and after."""

    real: Any
    fuse: Fuse

    async def read(self, device: Device, paths: Sequence[ParameterPath]) -> Snapshot:
        return cast(Snapshot, await self.real.read(device, paths))

    async def apply(self, device: Device, plan: Plan, permit: Permit) -> Outcome:
        await self.fuse.burn()
        outcome = cast(Outcome, await self.real.apply(device, plan, permit))
        await self.fuse.burn()
        return outcome
