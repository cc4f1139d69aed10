"""One step of a change: the arrow checked, the row swapped, the audit record beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from brain.domain.canonical import Json
from brain.domain.errors import Conflict, NotFound
from brain.domain.identity import ChangeId, TenantId
from brain.domain.life import State, check_arrow
from brain.domain.ports import Clock
from brain.domain.record import ChangeRecord
from brain.ledger.announcing import announce_change
from brain.ledger.audit import AuditTrail
from brain.ledger.learning import Learning
from brain.store.transaction import Transaction

GATEWRIGHT = "gatewright"
"""The actor of what the product does by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Moves records along, inside the caller's transaction."""

    audit: AuditTrail
    clock: Clock
    learning: Learning

    async def advance(
        self,
        tx: Transaction,
        record: ChangeRecord,
        state: State,
        *,
        reason: str,
        actor: str = GATEWRIGHT,
        begin_before: datetime | None = None,
    ) -> ChangeRecord:
        """Take one arrow. Raises Conflict when there is none, or when the row moved meanwhile."""
        check_arrow(record.state, state)
        moved = replace(
            record,
            state=state,
            reason=reason,
            updated_at=self.clock(),
            execution_expires_at=begin_before or record.execution_expires_at,
        )
        moved = await self.swap(tx, moved)
        # Before the audit trail is held: whoever raises a level holds that first, too.
        await self.learning.moved(tx, record.state, moved)
        await self.note(tx, moved, actor, str(state), {"reason": reason})
        return moved

    async def swap(self, tx: Transaction, record: ChangeRecord) -> ChangeRecord:
        """Write the row if nobody did since it was read, or raise Conflict."""
        if not await tx.changes.swap(record, version=record.version):
            raise Conflict("the change moved on meanwhile", remedy="Read it again.")
        return replace(record, version=record.version + 1)

    async def note(
        self,
        tx: Transaction,
        record: ChangeRecord,
        actor: str,
        kind: str,
        more: dict[str, Json],
        *,
        words: Mapping[str, str] | None = None,
    ) -> None:
        """Put a fact about this change into the audit trail, and tell whoever wants to know.

        ``words`` are what somebody typed: they stay out of both.
        """
        entry = await self.audit.append(
            tx,
            tenant=record.tenant,
            actor=actor,
            kind=f"change.{kind}",
            payload=about(record) | more,
            words=words,
        )
        await announce_change(tx, entry, record)


def about(record: ChangeRecord) -> dict[str, Json]:
    """What every entry of the audit trail says of the change that it is about."""
    return {"change": record.id, "device": record.device, "plan_digest": record.plan.digest}


async def found(tx: Transaction, tenant: TenantId, change: ChangeId) -> ChangeRecord:
    """The record, or NotFound: for another tenant's change exactly as for one that is not."""
    record = await tx.changes.get(tenant, change)
    if record is None:
        raise NotFound(f"there is no change {change}", field="change")
    return record
