"""Writes down what devices say otherwise, as far as the data model finds it worth it.

It is history: where it cannot be kept, what the device said is kept all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from brain.datamodel.traits import trait_of
from brain.domain.device import Device
from brain.domain.history import Difference
from brain.domain.parameter import Snapshot
from brain.history.recording import Recorder
from brain.store.transaction import Transaction

_log = structlog.get_logger(__name__)

RECORDER: Final = Recorder(trait=trait_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a device says otherwise than before, at ``at``."""

    device: Device
    found: Sequence[Difference]
    at: datetime
    announced: bool = False
    """The device says itself that these changed."""
    reset: tuple[Snapshot, Snapshot] | None = None
    """It was reset: what it said before, and what it says now."""


async def record(tx: Transaction, *said: Said) -> None:
    """Keep all of it; where that fails, each by itself, and what fails then is left out."""
    told = [each for each in said if each.found or each.reset]
    if not told:
        return

    async def write() -> None:
        for each in told:
            await _write(tx, each)

    error = await tx.apart(write)
    if error is None:
        return
    if len(told) > 1:
        for each in told:
            await record(tx, each)
        return
    _log.error("recording_failed", device=told[0].device.id, error=type(error).__name__)


async def _write(tx: Transaction, said: Said) -> None:
    if said.reset is not None:
        await RECORDER.was_reset(tx, said.device, *said.reset)
    await RECORDER.differs(tx, said.device, said.found, said.at, announced=said.announced)
