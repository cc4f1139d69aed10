"""What a refused attempt to break the glass leaves behind: a record, and a person who is called.

Whoever tries to go around the approvals is of interest most when it did not work.
"""

from dataclasses import dataclass

import structlog

from brain.domain.errors import Conflict, GatewrightError
from brain.domain.identity import ChangeId, Principal
from brain.ledger.steps import GATEWRIGHT, Steps
from brain.store.store import Store

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """Writes them down; the change itself stays as it is."""

    store: Store
    steps: Steps

    async def note(self, who: Principal, change: ChangeId, why: GatewrightError) -> None:
        """Keep who tried and why it was refused, and call a person.

        Nobody is called where it only came too late (Conflict), and nothing is kept of a change
        that is not of their tenant. Of what they said, neither ticket nor reason is kept: people
        may write anything into a ticket that is none.
        """
        reason = f"{who.id} tried to break the glass for it, which was refused"
        pages = not isinstance(why, Conflict)
        async with self.store.begin() as tx:
            record = await tx.changes.get(who.tenant, change)
            if record is None:
                return
            await self.steps.note(
                tx,
                record,
                str(who.id),
                "break_glass_refused",
                {"code": why.code, "why": why.message},
            )
            if pages:
                await self.steps.note(tx, record, GATEWRIGHT, "paged", {"reason": reason})
        if pages:
            _log.error("page", change=record.id, device=record.device, reason=reason)
