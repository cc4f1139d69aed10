"""What a refused attempt to break the glass leaves behind: a record, and a person who is called.

Whoever tries to go around the approvals is of interest most when it did not work. They could also
try again and again to drown what people are called about, so people are called about one
person only so often.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from brain.domain.errors import Conflict, GatewrightError
from brain.domain.identity import ChangeId, Principal, PrincipalId, TenantId
from brain.domain.record import ChangeRecord
from brain.ledger.steps import GATEWRIGHT, Steps, about
from brain.store.store import Store
from brain.store.transaction import Transaction

_AGAIN_AFTER = timedelta(minutes=10)
_Whom = tuple[TenantId, PrincipalId, bool]
"""Of which tenant, who, and whether it only came too late."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """Writes them down; the change itself stays as it is."""

    store: Store
    steps: Steps
    _told: dict[_Whom, datetime] = field(default_factory=dict)
    """When people and webhooks were last told of whom; a restart may tell them once more."""

    async def note(self, who: Principal, change: ChangeId, why: GatewrightError) -> None:
        """Keep who tried and why it was refused, and call a person.

        Nobody is called where it only came too late (Conflict). Who tries again within minutes is
        on record each time, but calls nobody and goes to no webhook. Nothing is kept of a change
        that is not of their tenant. Of what they said, neither ticket nor reason is kept: people
        may write anything into a ticket that is none.
        """
        about_whom = (who.tenant, who.id, isinstance(why, Conflict))
        try:
            async with self.store.begin() as tx:
                record = await tx.changes.get(who.tenant, change)
                if record is None:
                    return
                tells = self._tells(about_whom)
                await self._keep(tx, who, record, why, tells=tells)
        except BaseException:  # nothing was written, so nobody was called
            self._told.pop(about_whom, None)
            raise
        if tells and not isinstance(why, Conflict):
            _log.error("page", change=record.id, device=record.device, reason=_reason(who))

    async def _keep(
        self,
        tx: Transaction,
        who: Principal,
        record: ChangeRecord,
        why: GatewrightError,
        *,
        tells: bool,
    ) -> None:
        kind, said = "break_glass_refused", {"code": why.code, "why": why.message}
        if not tells:
            await self.steps.audit.append(
                tx,
                tenant=record.tenant,
                actor=str(who.id),
                kind=f"change.{kind}",
                payload={**about(record), **said},
            )
            return
        await self.steps.note(tx, record, str(who.id), kind, {**said})
        if not isinstance(why, Conflict):
            await self.steps.note(tx, record, GATEWRIGHT, "paged", {"reason": _reason(who)})

    def _tells(self, about_whom: _Whom) -> bool:
        """Whether nobody was told a few minutes ago; then they are now. The rest is forgotten."""
        now = self.steps.clock()
        for key in [key for key, at in self._told.items() if at <= now - _AGAIN_AFTER]:
            del self._told[key]
        if about_whom in self._told:
            return False
        self._told[about_whom] = now
        return True


def _reason(who: Principal) -> str:
    return f"{who.id} tried to break the glass for it, which was refused"
