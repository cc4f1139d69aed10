"""How much is being changed around a device: counted for the verdict, and again for the permit."""

from datetime import datetime, timedelta

from brain.domain.device import Device
from brain.domain.errors import Conflict
from brain.domain.record import ChangeRecord
from brain.domain.usage import Usage
from brain.domain.verdict import Verdict
from brain.ledger.context import Memory
from brain.store.transaction import Transaction

_HOUR = timedelta(hours=1)


async def counted(
    tx: Transaction, memory: Memory, device: Device, record: ChangeRecord, now: datetime
) -> Usage | None:
    """The other changes around this device; None when nobody knows where it lies."""
    scopes = await memory.scopes(tx, device)
    if scopes is None:
        return None
    return await tx.usages.count(scopes, since=now - _HOUR, but=record.id)


async def take_turn(
    tx: Transaction, memory: Memory, record: ChangeRecord, verdict: Verdict, now: datetime
) -> None:
    """Count once more, against the limits that the verdict rests on, and be counted from now on.

    Of two that were judged at the same moment, the second finds the first counted: whoever begins
    in a tenant queues up first. Raises Conflict when there is no room any more; nobody who waits
    is counted, so no two wait for each other.
    """
    await tx.usages.queue(record.tenant)
    device = await tx.devices.get(record.tenant, record.device)
    scopes = None if device is None else await memory.scopes(tx, device)
    if scopes is None:
        raise Conflict("nobody knows where the device lies, so nothing can be counted")
    usage = await tx.usages.count(scopes, since=now - _HOUR, but=record.id)
    full = usage.full(verdict.obligations.rates)
    if full:
        raise Conflict(f"others were quicker: there is no room on its {full} any more")
    await tx.usages.begin(scopes, record.id, now)
