"""Holds what remediation asked for to the switch, the quiet hours and the budgets at its write.

They held when the incident was claimed; a change may have waited for people or a window since.
"""

from dataclasses import dataclass

import structlog

from brain.domain.errors import GatewrightError
from brain.domain.ports import Clock
from brain.domain.record import ChangeRecord
from brain.domain.remediation import IncidentId, Mode
from brain.remediation.bounds import Bounds
from brain.store.store import Store
from brain.store.transaction import Transaction

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """A ``Restraint``. It knows remediation's changes by who asked and by their incident."""

    store: Store
    bounds: Bounds
    mode: Mode
    clock: Clock

    async def held(self, record: ChangeRecord) -> str:
        """See ``Restraint.held``: nothing is counted."""
        return await self._answered(record, begun=False)

    async def take_turn(self, record: ChangeRecord) -> str:
        """See ``Restraint.take_turn``. Of two at once the second finds the first counted."""
        return await self._answered(record, begun=True)

    async def _answered(self, record: ChangeRecord, *, begun: bool) -> str:
        try:
            async with self.store.begin() if begun else self.store.read() as tx:
                incident = await tx.incidents.of_proposal(record.tenant, record.proposal)
                if incident is None and record.asked_by != self.bounds.service:
                    return ""
                spender = incident.id if incident else IncidentId(record.id)
                return await self._asked(tx, record, spender, begun=begun)
        except GatewrightError as error:
            _log.error("remediation_bounds_unknown", change=record.id, reason=error.code)
            return f"nobody can tell whether remediation may write it now ({error.code})"

    async def _asked(
        self, tx: Transaction, record: ChangeRecord, spender: IncidentId, *, begun: bool
    ) -> str:
        now, bounds = self.clock(), self.bounds
        if self.mode is not Mode.ON:
            return f"remediation is not on (GATEWRIGHT_REMEDIATION is {self.mode})"
        waits = await bounds.stopped(tx, record.tenant, now)
        glass = record.break_glass
        if waits is None and (glass is None or not glass.holds(record.plan.digest, now)):
            waits = bounds.quiet(now)
        if waits is not None:
            return waits.reason
        device = await tx.devices.get(record.tenant, record.device)
        if device is None:
            return "its device is not known any more"
        if begun:
            waits = await bounds.budget(tx, spender, device, now, written=True)
        else:
            waits = await bounds.full(tx, spender, device, now, written=True)
        return waits.reason if waits else ""
