"""What has to be waited for before a device may be touched unattended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from brain.domain.device import Device
from brain.domain.errors import Altered
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, TenantId
from brain.domain.remediation import Incident, IncidentId, Waiting
from brain.domain.topology import NodeKind
from brain.remediation.evaluating import version_of
from brain.remediation.rules import Rulebook
from brain.store.transaction import Transaction
from brain.topology.scopes import way_up

_HOUR: Final = timedelta(hours=1)
_SOON: Final = timedelta(seconds=30)
_QUARTER: Final = timedelta(minutes=15)
_DOMAINS: Final = {
    NodeKind.OLT: "olt",
    NodeKind.CMTS: "olt",
    NodeKind.PORT: "port",
    NodeKind.CELL: "port",
    NodeKind.SPLITTER: "splitter",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Why it waits, and when to look again."""

    waiting: Waiting
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Asked in the transaction that claims an incident, and again when its change is written."""

    rulebook: Rulebook
    zone: tzinfo
    service: PrincipalId

    async def stopped(self, tx: Transaction, tenant: TenantId, now: datetime) -> Wait | None:
        """Whether somebody stopped remediation, or all changes."""
        switch = await tx.unattended.switch(tenant)
        if switch is not None and switch.stopped:
            reason = f"remediation was stopped by {switch.by}"
            return Wait(waiting=Waiting.STOPPED, reason=reason, until=now + _SOON)
        if await tx.halts.is_halted(tenant):
            reason = "all changes are halted"
            return Wait(waiting=Waiting.HALTED, reason=reason, until=now + _SOON)
        return None

    def quiet(self, now: datetime) -> Wait | None:
        """Whether the hours are quiet: no device is touched then."""
        local = now.astimezone(self.zone)
        for hours in self.rulebook.quiet_hours:
            if hours.hold(local.time()):
                ends = datetime.combine(local.date(), hours.ends, local.tzinfo)
                ends = ends if ends > local else ends + timedelta(days=1)
                reason = f"quiet hours until {hours.ends:%H:%M}"
                return Wait(waiting=Waiting.QUIET_HOURS, reason=reason, until=ends)
        return None

    async def service_of(
        self, tx: Transaction, incident: Incident, now: datetime
    ) -> Principal | Wait:
        """In whose name it plans: a service that somebody answers for and that may propose."""
        remedy = f"gatewright token create --service {self.service} --owner PERSON"
        try:
            who = await tx.principals.get(incident.tenant, self.service)
            out = await tx.principals.disabled(incident.tenant)
        except Altered:
            return self._no_service("was altered in the database", now)
        if who is None:
            return self._no_service(f"is not there: {remedy}", now)
        if who.kind is not PrincipalKind.MACHINE:
            return self._no_service("is a person, and nobody is asked unattended", now)
        if who.owner is None:
            return self._no_service(
                f"is nobody's: gatewright token owner {self.service} PERSON", now
            )
        return who if who.id not in out else self._no_service("was shut out", now)

    def _no_service(self, why: str, now: datetime) -> Wait:
        reason = f"the service {self.service} {why}"
        return Wait(waiting=Waiting.SERVICE, reason=reason, until=now + _QUARTER)

    async def budget(
        self,
        tx: Transaction,
        spender: IncidentId,
        device: Device,
        now: datetime,
        *,
        written: bool = False,
    ) -> Wait | None:
        """Set one change aside in each failure domain of the device, or say which one is full."""
        await tx.unattended.queue_to_spend(device.tenant)
        full = await self.full(tx, spender, device, now, written=written)
        if full is None:
            domains = await domains_of(tx, device)
            await tx.unattended.spend(device.tenant, spender, domains, now, written=written)
        return full

    async def full(
        self,
        tx: Transaction,
        spender: IncidentId,
        device: Device,
        now: datetime,
        *,
        written: bool = False,
    ) -> Wait | None:
        """Which failure domain of the device has no room; nothing is set aside.

        For an incident all that was begun counts, for a write only what was written: else what is
        begun all the time would keep what people approved from ever being written.
        """
        domains = await domains_of(tx, device)
        spent = await tx.unattended.spent(
            device.tenant, domains, since=now - _HOUR, but=spender, written=written
        )
        limits: Mapping[str, int] = self.rulebook.budgets.model_dump()
        for domain in sorted(domains):
            kind = domain.partition(":")[0]
            count, first = spent.get(domain, (0, now))
            if count >= limits[kind]:
                reason = f"{count} of {limits[kind]} unattended changes an hour on its {kind}"
                until = first + _HOUR if count else now + _HOUR
                return Wait(waiting=Waiting.BUDGET, reason=reason, until=until)
        return None


async def domains_of(tx: Transaction, device: Device) -> frozenset[str]:
    """The failure domains of a device, as ``kind:id``."""
    found = {"tenant:"}
    above = await way_up(tx, device)
    for node in above:
        found.add(f"{_DOMAINS[node.kind]}:{node.id}")
    if not above:
        found.add("unplaced:")
    found.add(f"model:{device.manufacturer}\x1f{device.model}")
    if version_of(device):
        found.add(f"firmware:{version_of(device)}")
    return frozenset(found)
