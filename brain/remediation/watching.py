"""Looks at the whole fleet by the clock, for what many share and no event tells of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog

from brain.domain.errors import Conflict, StoreUnavailable
from brain.domain.identity import NodeId, TenantId
from brain.domain.incident import Symptom
from brain.domain.ports import Clock
from brain.domain.remediation import Affected, Incident, Reach, Scope
from brain.domain.topology import Look, SharedCause
from brain.domain.topology import Scope as Common
from brain.remediation.fleet import Fleet, scope_of, told
from brain.remediation.opening import Opened, Opening
from brain.remediation.reaching import Found
from brain.remediation.rules import FLEET, FleetLook
from brain.remediation.setting_aside import put_aside
from brain.store.store import Store
from brain.store.transaction import Transaction

_NAMED: Final = 200
"""So many devices are kept with an incident by name; how many there are, its evidence says."""
_NOT_NODES: Final = (Reach.FIRMWARE, Reach.AREA)
_log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Watch:
    """One incident for each thing that many share, and nothing done in any home."""

    store: Store
    fleet: Fleet
    opening: Opening
    look: FleetLook
    clock: Clock
    _before: dict[TenantId, frozenset[Common]] = field(default_factory=dict)
    """What was found at the look before: a single one may fall into the middle of an outage."""

    async def now(self) -> None:
        """One look at the fleet of each tenant."""
        async with self.store.read() as tx:
            tenants = await tx.devices.tenants()
        for tenant in tenants:
            causes = await self.fleet.causes(tenant)
            before = self._before.get(tenant, frozenset())
            self._before[tenant] = frozenset(each.scope for each in causes)
            for cause in causes:
                if cause.scope in before:
                    await self._one(tenant, cause)

    async def _one(self, tenant: TenantId, cause: SharedCause) -> None:
        """One that cannot be opened does not keep the others from it."""
        now = self.clock()
        try:
            async with self.store.begin() as tx:
                await tx.unattended.queue_to_judge(tenant)
                await self._open(tx, tenant, cause, now)
        except Conflict:  # somebody else opened it
            _log.info("shared_cause_known", scope=cause.scope.id)
        except StoreUnavailable:
            raise
        except Exception as failed:  # noqa: BLE001 - whatever it is, it is about this one
            async with self.store.begin() as tx:
                await put_aside(tx, tenant, f"what a {cause.scope.kind} shares", failed, now)

    async def _open(
        self, tx: Transaction, tenant: TenantId, cause: SharedCause, now: datetime
    ) -> None:
        if await self._known(tx, tenant, scope_of(cause), now) is not None:
            return
        devices = await tx.troubles.suffering(tenant, cause.scope, Look(now=now), limit=_NAMED)
        if not devices:  # all are well again
            return
        said = "is silent, lost its line or restarted within the hour"
        opened = Opened(
            tenant=tenant,
            rule=FLEET,
            found=Found(scope=scope_of(cause), evidence=(told(cause),)),
            affected=[Affected(device=each, at=now, said=said) for each in devices],
            symptom=Symptom.UNSTABLE_LINE,
            why="many devices are in trouble at once",
        )
        await self.opening.open(tx, opened)

    async def _known(
        self, tx: Transaction, tenant: TenantId, scope: Scope, now: datetime
    ) -> Incident | None:
        """The incident of this scope or of one above it, open or of the last hours."""
        since = now - self.look.cool_down
        for each in (scope, *await _above(tx, tenant, scope)):
            found = await tx.incidents.of_scope(tenant, each, since=since)
            if found is not None:
                return found
        return None


async def _above(tx: Transaction, tenant: TenantId, scope: Scope) -> Sequence[Scope]:
    if scope.reach in _NOT_NODES:
        return ()
    above = await tx.nodes.ancestors(tenant, NodeId(scope.id))
    return [Scope(reach=Reach(node.kind.value), id=node.id, name=node.name) for node in above]
