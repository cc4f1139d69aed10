"""How the same change fared before, on devices of the same manufacturer, model and firmware."""

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from brain.domain.device import Device
from brain.domain.history import TrackRecord
from brain.domain.life import State
from brain.domain.proposal import Cause

CARRIED_OUT: Final = frozenset({State.SUCCEEDED, State.ROLLED_BACK, State.FAILED, State.UNKNOWN})
"""States of a change that was written to a device and whose end is in. UNKNOWN is one of them: a
device that fell silent afterwards does not speak for the change."""


class Changes(Protocol):
    """What is asked of the ledger's records."""

    async def tally(
        self, like: Device, *, cause: Cause, paths: Iterable[str]
    ) -> Mapping[State, int]:
        """How many such changes on devices like this one are in which state."""


class Reads(Protocol):
    """``brain.store.transaction.Transaction`` is one."""

    @property
    def changes(self) -> Changes:
        """The ledger's records."""


async def track_record(
    tx: Reads, like: Device, *, cause: Cause, paths: Iterable[str]
) -> TrackRecord | None:
    """How often it was carried out, and how often it held.

    Two changes are the same when they are for the same cause and touch the same parameters,
    whatever the instance numbers and values. None when nobody knows what the device is: a record
    over all that did not say who made them, or their model, would be of nothing in particular.
    """
    if not like.manufacturer or not like.model or not like.firmware:
        return None
    tally = await tx.changes.tally(like, cause=cause, paths=paths)
    return TrackRecord(
        tried=sum(count for state, count in tally.items() if state in CARRIED_OUT),
        succeeded=tally.get(State.SUCCEEDED, 0),
    )
