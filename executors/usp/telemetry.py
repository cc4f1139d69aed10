"""Bulk data of USP agents: pushed as an event, or published to a topic of the agent's own."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import structlog

from brain.domain.device import Device
from brain.domain.errors import Busy, GatewrightError, NotFound
from executors.bulk.collector import Collector
from executors.bulk.reports import Malformed
from executors.usp.requests import Event

_log = structlog.get_logger(__name__)

PUSH: Final = "Push!"
"""The event of ``Device.BulkData.Profile.{i}.``; its argument ``Data`` is the report."""
_AT_ONCE: Final = 256
"""Published reports that are being kept; more are dropped, and counted as ``floods``."""


@dataclass(slots=True, kw_only=True)
class Telemetry:
    """Finds whose numbers they are. The endpoint was proven before anything comes here."""

    device_of: Callable[[str], Awaitable[Device | None]]
    collector: Collector
    _keeping: set["asyncio.Task[None]"] = field(default_factory=set)

    async def pushed(self, endpoint: str, said: Event) -> None:
        """Keep what an event holds. NotFound for an agent that nobody knows yet.

        What is no report, and what comes too often, is dropped and counted: made again it would
        be no better.
        """
        await self._take(endpoint, said.params.get("Data", "").encode(errors="replace"))

    def published(self, endpoint: str, content: bytes) -> None:
        """Keep what was published, beside what else the agent says."""
        if len(self._keeping) >= _AT_ONCE:
            self.collector.counts["floods"] += 1
            return
        task = asyncio.create_task(self._keep(endpoint, content), name=f"report of {endpoint}")
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)

    async def close(self) -> None:
        """Wait until what came is kept."""
        await asyncio.gather(*self._keeping, return_exceptions=True)

    async def _keep(self, endpoint: str, content: bytes) -> None:
        try:
            await self._take(endpoint, content)
        except GatewrightError as error:
            self.collector.counts["lost"] += 1
            _log.warning("usp_report_not_kept", endpoint=endpoint, reason=str(error))

    async def _take(self, endpoint: str, content: bytes) -> None:
        device = await self.device_of(endpoint)
        if device is None:
            raise NotFound("nobody knows yet which device this agent is", field="endpoint")
        with suppress(Malformed, Busy):
            await self.collector.take(device.id, content)
