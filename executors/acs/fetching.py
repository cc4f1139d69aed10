"""Firmware: one Download, followed to the TransferComplete that says how it ended.

The device fetches and starts the file after the session (TR-069 A.3.2.8), and tells the end in
another one, under the CommandKey that it was given (A.3.3.2). Until then nobody knows.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from brain.domain.change import Command, Plan
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import whole_number
from brain.domain.ports import Clock
from executors.acs import messages as m
from executors.acs.faults import advice, sentence
from executors.acs.mailbox import Reply
from executors.acs.plans import outcome_of, unknown
from executors.acs.transfers import FIRMWARE, Download, DownloadResponse
from executors.completions import Completions

NEVER_STARTED: Final = frozenset({9000, 9001, 9003, *range(9010, 9020)})
"""TR-069 A.5.1: it was not taken on, or the file did not come, or was not fit. Of any other code
nobody can tell what the device runs."""


def download_of(plan: Plan, *, key: str) -> Download:
    """What is fetched; the plan was checked to be one that CWMP can carry."""
    change = plan.changes[0]
    given = dict(change.arguments) if isinstance(change, Command) else {}
    return Download(
        command_key=key,
        file_type=FIRMWARE,
        url=given.get("URL", ""),
        file_size=whole_number(given.get("FileSize")) or 0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """One file to one device, asked for once."""

    device: str
    clock: Clock
    ask: Callable[[m.Request], Awaitable[Reply]]
    transfers: Completions[m.TransferComplete]
    patience: float
    """Seconds that it may take from the answer to its end."""

    async def carry_out(self, download: Download) -> Outcome:
        """What became of it. DeviceUnreachable or Halted when nothing was sent."""
        end = self.transfers.expect(self.device, download.command_key)
        try:
            reply = await self.ask(download)
            if isinstance(reply, DownloadResponse) and reply.status == 0:
                return Outcome(progress=Progress.APPLIED, at=self.clock())
            if reply is not None and not _is_under_way(reply):
                return outcome_of(reply, at=self.clock())
            await asyncio.wait({end}, timeout=self.patience)
            if not end.done():
                return unknown("it is still under way, or its end was not told", at=self.clock())
            return self._ended(end.result())
        finally:
            self.transfers.forget(self.device, download.command_key)

    def _ended(self, said: m.TransferComplete) -> Outcome:
        if said.fault_code == 0:
            return Outcome(progress=Progress.APPLIED, at=self.clock())
        fault = m.Fault(said.fault_code)
        refused = said.fault_code in NEVER_STARTED
        return Outcome(
            progress=Progress.REFUSED if refused else Progress.UNKNOWN,
            at=self.clock(),
            detail=f"{sentence(fault)}. {advice(fault)}",
            fault=str(said.fault_code),
        )


def _is_under_way(reply: Reply) -> bool:
    return isinstance(reply, DownloadResponse) and reply.status == 1
