"""What the front door asks of remediation: take events, tell how it stands, stop and start it."""

from collections.abc import Sequence
from dataclasses import dataclass

from brain.domain.errors import Conflict
from brain.domain.history import Event
from brain.domain.identity import Principal, PrincipalId, TenantId
from brain.domain.ports import Clock
from brain.domain.remediation import Mode, SetAside, Switch
from brain.ledger.audit import AuditTrail
from brain.remediation.rules import Rulebook
from brain.remediation.taking_in import EventIntake, Named
from brain.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How remediation stands in a tenant."""

    mode: Mode
    service: PrincipalId
    switch: Switch | None
    halted: bool
    unread: int
    """About so many events wait to be read, of all tenants."""
    unjudged: int
    """So many devices met a rule and are not judged yet, of all tenants."""
    set_aside: Sequence[SetAside]
    """What was not taken in or could not be worked on of late, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemediationDesk:
    """There also where remediation is off: it says so then."""

    store: Store
    audit: AuditTrail
    clock: Clock
    mode: Mode
    service: PrincipalId
    rulebook: Rulebook
    intake: EventIntake

    async def take(self, events: Sequence[Event], named: Named | None = None) -> int:
        """Keep events for the rules: see ``EventIntake.take``. Conflict while remediation is off:
        nobody would read them.
        """
        if self.mode is Mode.OFF:
            raise Conflict(
                "remediation is off, so no rule would read them",
                remedy="Set GATEWRIGHT_REMEDIATION to dry_run or on, and start the server anew.",
            )
        return await self.intake.take(events, named)

    async def standing(self, tenant: TenantId) -> Standing:
        """How it stands."""
        async with self.store.read() as tx:
            return Standing(
                mode=self.mode,
                service=self.service,
                switch=await tx.unattended.switch(tenant),
                halted=await tx.halts.is_halted(tenant),
                unread=await tx.unread_events.backlog(),
                unjudged=await tx.trips.waiting(),
                set_aside=await tx.set_aside.newest(tenant),
            )

    async def turn(self, who: Principal, *, stopped: bool, reason: str) -> None:
        """Stop it, or have it go on; the reason is kept beside the audit trail."""
        async with self.store.begin() as tx:
            await tx.unattended.turn(who.tenant, stopped=stopped, by=who.id, at=self.clock())
            await self.audit.append(
                tx,
                tenant=who.tenant,
                actor=str(who.id),
                kind="remediation.stopped" if stopped else "remediation.started",
                payload={},
                words={"reason": reason},
            )
