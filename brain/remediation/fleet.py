"""What many devices of the whole fleet share just now, looked at seldom and used for each trip."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from brain.domain.device import Device
from brain.domain.errors import Unreadable
from brain.domain.identity import TenantId
from brain.domain.ports import Clock
from brain.domain.remediation import Reach, Scope, SetAside
from brain.domain.topology import ScopeKind, SharedCause
from brain.remediation.rules import Rule
from brain.store.store import Store
from brain.store.transaction import Transaction
from brain.topology.shared_causes import shared_by, shared_causes

_SELDOM: Final = timedelta(minutes=1)
"""A look counts every device of the fleet."""
_REACHES: Final = {ScopeKind.SOFTWARE: Reach.FIRMWARE, ScopeKind.AREA: Reach.AREA}
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Fleet:
    """Looks for shared causes, a tenant at most once a minute, outside of any other transaction."""

    store: Store
    clock: Clock
    _seen: dict[TenantId, tuple[datetime, Sequence[SharedCause]]] = field(default_factory=dict)

    async def causes(self, tenant: TenantId) -> Sequence[SharedCause]:
        """What is wrong now that many share; empty when nothing is."""
        now = self.clock()
        if tenant not in self._seen or now - self._seen[tenant][0] >= _SELDOM:
            self._seen[tenant] = now, await self._look(tenant, now)
        return self._seen[tenant][1]

    async def _look(self, tenant: TenantId, now: datetime) -> Sequence[SharedCause]:
        try:
            async with self.store.read() as tx:
                return await shared_causes(tx, tenant, now)
        except Unreadable as damaged:  # homes and their neighbours are judged all the same
            _log.error("fleet_unreadable", reason=damaged.code)
            what = "the look for what many devices share"
            async with self.store.begin() as tx:
                found = SetAside(tenant=tenant, what=what, reason=str(damaged), at=now)
                await tx.set_aside.add(found)
            return ()


def reach_of_cause(cause: SharedCause) -> Reach:
    """How far an incident of this cause reaches."""
    return _REACHES.get(cause.scope.kind) or Reach(cause.scope.kind.value)


def explains(rule: Rule, cause: SharedCause) -> bool:
    """Whether the trouble of this rule may come from such a thing."""
    named = {Reach.FIRMWARE: "firmware", Reach.AREA: "area"}
    return named.get(reach_of_cause(cause), "access") in rule.shared


async def cause_of(
    tx: Transaction, rule: Rule, device: Device, causes: Sequence[SharedCause]
) -> SharedCause | None:
    """The first of these causes that the device shares and that may explain this rule's trouble."""
    return await shared_by(tx, device, [each for each in causes if explains(rule, each)])


def scope_of(cause: SharedCause) -> Scope:
    """Whom an incident of this cause is about. An area's name is part of people's addresses, so it
    is looked up when it is shown, and not kept with the incident.
    """
    reach = reach_of_cause(cause)
    name = "" if reach is Reach.AREA else cause.name
    return Scope(reach=reach, id=cause.scope.id, name=name)


async def named(tx: Transaction, tenant: TenantId, scope: Scope) -> Scope:
    """The same with the name of its area; every other has the name that it was opened with."""
    if scope.reach is not Reach.AREA:
        return scope
    site = await tx.sites.of_area(tenant, scope.id)
    return replace(scope, name=site.area.strip() if site else scope.id)


def told(cause: SharedCause) -> str:
    """What speaks for a cause, in a sentence of our own."""
    scope = scope_of(cause)
    of = f"{scope.reach} {scope.name}" if scope.name else f"one {scope.reach}"
    return (
        f"{cause.suffering} of {cause.known} devices of {of} are "
        f"silent, lost their line or restarted within the hour; {cause.expected:.1f} would be usual"
    )
