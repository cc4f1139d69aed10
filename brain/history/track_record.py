"""How the same change fared before, on devices of the same manufacturer, model and firmware."""

from collections.abc import Iterable
from typing import Protocol

from brain.domain.device import Device
from brain.domain.fared import Kind, templates_of
from brain.domain.history import TrackRecord
from brain.domain.identity import TenantId
from brain.domain.proposal import Cause


class FaredChanges(Protocol):
    """What is asked of what was learned."""

    async def record(self, tenant: TenantId, kind: Kind) -> TrackRecord:
        """How such changes fared. One of which nobody can say yet was not tried."""


class Reads(Protocol):
    """``brain.store.transaction.Transaction`` is one."""

    @property
    def fared(self) -> FaredChanges:
        """What was learned."""


async def track_record(
    tx: Reads, like: Device, *, cause: Cause, paths: Iterable[str]
) -> TrackRecord | None:
    """How often it was carried out, how often it held, and by how much it helped.

    Two changes are the same when they are for the same cause and touch the same parameters,
    whatever the instance numbers and values. None when nobody knows what the device is: a record
    over all that did not say who made them, or their model, would be of nothing in particular.
    """
    if not like.manufacturer or not like.model or not like.firmware:
        return None
    kind = Kind(
        cause=cause,
        templates=templates_of(paths),
        manufacturer=like.manufacturer,
        model=like.model,
        firmware=like.firmware,
    )
    return await tx.fared.record(like.tenant, kind)
