"""One transaction on the store, with the audit trail, in the name of whoever does something."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from api.needs import Gatewright
from brain.domain.canonical import Json
from brain.domain.identity import Principal, TenantId
from brain.ledger.audit import AuditTrail
from brain.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What is written into them is kept together with the note of it, or neither is."""

    tx: Transaction
    audit: AuditTrail
    by: str
    """Whoever writes: the id of a principal, or ``local`` for whoever owns the machine."""
    at: datetime

    async def note(self, tenant: TenantId, kind: str, payload: Json) -> None:
        """Write down in the audit trail what was done; the payload leaves with every export."""
        await self.audit.append(self.tx, tenant=tenant, actor=self.by, kind=kind, payload=payload)


@asynccontextmanager
async def books_of(gatewright: Gatewright, who: Principal) -> AsyncIterator[Books]:
    """The books of a running server, open for one of its callers."""
    async with gatewright.store.begin() as tx:
        yield Books(tx=tx, audit=gatewright.audit, by=str(who.id), at=gatewright.clock())
