"""Tells webhooks of facts: queued in the transaction of the fact, sent later by somebody else.

What is queued leaves the house. It names things by their ids, and holds no values, no reasons and
no words of people.
"""

from brain.domain.audit import AuditRecord
from brain.domain.canonical import Json, canonical_bytes
from brain.domain.record import ChangeRecord
from brain.domain.webhook import Delivery, EventId, EventType, WebhookId
from brain.store.transaction import Transaction

_OF_KIND = {event.value: event for event in EventType} | {
    "change.break_glass": EventType.GLASS_BROKEN,
    "change.break_glass_refused": EventType.GLASS_REFUSED,
}
_CHARACTERS = 26


async def announce(
    tx: Transaction, entry: AuditRecord, event: EventType, data: dict[str, Json]
) -> int:
    """Queue the event for every webhook that wants it; returns how many do.

    The event's id comes from the audit entry that it is about, so one fact is one event.
    """
    listening = await tx.webhooks.listening(entry.tenant, event)
    for webhook in listening:
        await announce_to(tx, entry, event, webhook, data)
    return len(listening)


async def announce_to(
    tx: Transaction,
    entry: AuditRecord,
    event: EventType,
    webhook: WebhookId,
    data: dict[str, Json],
) -> None:
    """Queue the event for one webhook."""
    delivery = Delivery(
        webhook=webhook,
        tenant=entry.tenant,
        event=EventId(f"evt_{entry.hash[:_CHARACTERS]}"),
        type=event,
        data=canonical_bytes(data).decode(),
        at=entry.at,
        next_at=entry.at,
    )
    await tx.deliveries.add(delivery)


async def announce_change(tx: Transaction, entry: AuditRecord, record: ChangeRecord) -> None:
    """Queue what an audit entry says of a change, where it is something to be told of."""
    kind = f"change.{record.state}" if entry.kind == "change.submitted" else entry.kind
    event = _OF_KIND.get(kind)
    if event is not None:
        await announce(tx, entry, event, _about(record))


def _about(record: ChangeRecord) -> dict[str, Json]:
    verdict = record.verdict
    return {
        "change": record.id,
        "device": record.device,
        "state": record.state.value,
        "asks_for": [
            {"group": each.group, "min": each.min} for each in verdict.obligations.approvals
        ],
        "codes": [*sorted({each.code for each in verdict.findings})],
        "path": f"/changes/{record.id}",
    }
