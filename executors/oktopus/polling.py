"""Asks Oktopus which devices there are: it tells nobody by itself.

One that has come is asked who it is, and read whole the first time. Which agent is which device is
kept as for our own USP controller, by the same rule.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog

from brain.domain.device import DataModelRoot
from brain.domain.errors import GatewrightError
from brain.domain.parameter import ParameterPath
from executors.oktopus.oktopus import Oktopus
from executors.oktopus.openness import warn_if_forgeable
from executors.polling import poll
from executors.usp.arrivals import Arrivals
from executors.usp.onboarding import INFO, identity_of

_log = structlog.get_logger(__name__)
_AT_ONCE: Final = 8
_FEW: Final = 20
"""A device that was read whole has said more than this."""


@dataclass(slots=True, kw_only=True)
class Polling:
    """The feed of devices into the inventory."""

    oktopus: Oktopus
    arrivals: Arrivals
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _here: set[str] = field(default_factory=set)
    """Those that were online at the last look, and were asked who they are."""

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        await poll(
            self.look,
            of="Oktopus",
            every=self.oktopus.options.poll_every,
            sleep=self.sleep,
            warn=partial(warn_if_forgeable, self.oktopus.interface),
        )

    async def look(self) -> int:
        """One pass; how many devices came on board. Raises what the interface raises."""
        online = {each.endpoint for each in await self.oktopus.interface.devices() if each.online}
        self._here &= online
        turns = asyncio.Semaphore(_AT_ONCE)

        async def one(endpoint: str) -> bool:
            async with turns:
                return await self._on_board(endpoint)

        return sum(await asyncio.gather(*map(one, sorted(online - self._here))))

    async def _on_board(self, endpoint: str) -> bool:
        """Whether it is known now; one that could not be asked is asked at the next pass."""
        try:
            said = await self.oktopus.values(endpoint, [INFO])
            self._here.add(endpoint)
            device = await self.arrivals.bind(
                endpoint, identity_of(said), mtp="oktopus", protocols=""
            )
            async with self.oktopus.store.read() as tx:
                kept = await tx.snapshots.latest(device.tenant, device.id)
            if kept is None or len(kept.values) < _FEW:
                await self.oktopus.read(device, [ParameterPath(DataModelRoot.DEVICE)])
        except GatewrightError as error:
            _log.info("oktopus_on_boarding_failed", endpoint=endpoint, reason=str(error))
            return False
        return True
