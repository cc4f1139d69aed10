"""Judges what met a rule: opens one incident for the device, one for what many share, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from brain.domain.device import Device
from brain.domain.errors import Conflict, StoreUnavailable
from brain.domain.identity import CaseId, NodeId, ProposalId
from brain.domain.ports import Clock, NewId
from brain.domain.remediation import (
    Affected,
    Ending,
    Incident,
    IncidentId,
    Reach,
    Scope,
    Trip,
)
from brain.domain.topology import SharedCause
from brain.remediation.evaluating import version_of
from brain.remediation.fleet import Fleet
from brain.remediation.reaching import Found, reach_of
from brain.remediation.road import Road
from brain.remediation.rules import Rule, Rulebook
from brain.remediation.setting_aside import put_aside
from brain.store.store import Store
from brain.store.transaction import Transaction

_AT_ONCE = 50
_EVIDENCE = 40
_TOLD = 20
"""So many devices that join an incident are steps of its road."""
_SET_ASIDE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """One trip a transaction; in a tenant one at a time, so that two do not open two."""

    store: Store
    rulebook: Rulebook
    road: Road
    fleet: Fleet
    clock: Clock
    new_id: NewId
    dry: bool
    """Whether incidents are opened for a dry run."""

    async def due(self) -> int:
        """Judge all whose time has come; how many."""
        async with self.store.read() as tx:
            waiting = await tx.trips.due(self.clock(), limit=_AT_ONCE)
        for trip in waiting:
            try:
                await self._judge(trip, await self.fleet.causes(trip.tenant))
            except Conflict:  # somebody else was quicker: it is looked at in the next pass
                continue
            except StoreUnavailable:
                raise
            except Exception as failed:  # noqa: BLE001 - whatever it is, it is about this one
                await self._set_aside(trip, failed)
        return len(waiting)

    async def _set_aside(self, trip: Trip, failed: Exception) -> None:
        """It cannot be judged: the others go on, and this one is looked at again later."""
        now = self.clock()
        async with self.store.begin() as tx:
            await tx.trips.later(trip, now + _SET_ASIDE)
            await put_aside(tx, trip.tenant, f"{trip.rule} on {trip.device}", failed, now)

    async def _judge(self, waiting: Trip, causes: Sequence[SharedCause]) -> None:
        now = self.clock()
        async with self.store.begin() as tx:
            await tx.unattended.queue_to_judge(waiting.tenant)
            trip = await tx.trips.still(waiting)
            if trip is None:
                return
            await tx.trips.judged(trip, now)
            rule = self.rulebook.get(trip.rule)
            device = await tx.devices.get(trip.tenant, trip.device)
            if rule is not None and device is not None:
                await self._decide(tx, rule, trip, device, causes)

    async def _decide(
        self,
        tx: Transaction,
        rule: Rule,
        trip: Trip,
        device: Device,
        causes: Sequence[SharedCause],
    ) -> None:
        now = self.clock()
        since = now - rule.cool_down
        there = await tx.incidents.of_device(trip.tenant, rule.id, device.id, since=since)
        if there is None or (there.closed_at is not None and there.ending is Ending.JOINED):
            found = await reach_of(tx, rule, trip, device, now, causes)
            named = "" if _by_any_rule(found.scope) else rule.id
            there = await tx.incidents.of_scope(trip.tenant, found.scope, since=since, rule=named)
            if there is None:
                if found.scope.shared or rule.alone:
                    await self._open(tx, rule, trip, found)
                return
        await self._again(tx, there, trip)

    async def _again(self, tx: Transaction, there: Incident, trip: Trip) -> None:
        """It belongs to what is known: no second incident."""
        known = await tx.incidents.affects(there.tenant, there.id, trip.device)
        if there.scope.shared or there.closed_at is None:
            await tx.incidents.affect(there.tenant, there.id, _affected(trip))
        said = f"{trip.device}: {trip.said}"
        if there.scope.shared:
            if not known and await self._few(tx, there):
                await self.road.step(tx, there, "joined", said)
        elif there.closed_at is not None:
            await self.road.step(tx, there, "again", f"{said}, within the cool-down")

    async def _few(self, tx: Transaction, incident: Incident) -> bool:
        """Whether its road tells of each that joins: thousands are counted, and not told of."""
        most = _TOLD + 1
        return await tx.incidents.how_many(incident.tenant, incident.id, limit=most) <= _TOLD

    async def _open(self, tx: Transaction, rule: Rule, trip: Trip, found: Found) -> None:
        now = self.clock()
        incident = Incident(
            id=IncidentId(self.new_id("inc")),
            tenant=trip.tenant,
            rule=rule.id,
            scope=found.scope,
            device=trip.device,
            symptom=rule.symptom,
            band=rule.band,
            dry=self.dry,
            opened_at=now,
            updated_at=now,
            look_at=now,
            lease_until=now,
            case=CaseId(self.new_id("cas")),
            proposal=ProposalId(self.new_id("prp")),
        )
        await self.road.opened(tx, incident, f"{rule.title}: {trip.device} {trip.said}")
        await tx.incidents.affect(trip.tenant, incident.id, _affected(trip))
        for said in found.evidence[:_EVIDENCE]:
            await self.road.step(tx, incident, "evidence", said)
        if found.scope.shared:
            await self._take_in(tx, incident)

    async def _take_in(self, tx: Transaction, incident: Incident) -> None:
        """Incidents of single homes on which nobody works yet become part of what they share."""
        for alone in await self._alone(tx, incident):
            reason = f"{incident.id} is about all of {incident.scope.name}"
            await self.road.close(tx, alone, Ending.JOINED, reason)
            for each in await tx.incidents.affected(alone.tenant, alone.id):
                await tx.incidents.affect(incident.tenant, incident.id, each)

    async def _alone(self, tx: Transaction, incident: Incident) -> list[Incident]:
        tenant, scope = incident.tenant, incident.scope
        if scope.reach is Reach.FIRMWARE:
            of_rule = await tx.incidents.waiting_alone(tenant, [incident.rule])
            there = {each.id: each for each in await tx.devices.known({i.device for i in of_rule})}
            return [i for i in of_rule if version_of(there[i.device]) == scope.id]
        area = scope.reach is Reach.AREA
        named = "area" if area else "access"
        rules = [each.id for each in self.rulebook.rules if named in each.shared]
        waiting = await tx.incidents.waiting_alone(tenant, rules)
        there = {each.id: each for each in await tx.devices.known({i.device for i in waiting})}
        if area:
            sites = {each.site for each in there.values() if each.site}
            within = {each for each in sites if await tx.sites.area(tenant, each) == scope.id}
            return [i for i in waiting if there[i.device].site in within]
        nodes = await tx.nodes.descendants(tenant, NodeId(scope.id))
        below = {NodeId(scope.id), *(each.id for each in nodes)}
        return [i for i in waiting if there[i.device].access_node in below]


def _by_any_rule(scope: Scope) -> bool:
    """What hangs from one node is one trouble, by however many rules it shows."""
    return scope.shared and scope.reach is not Reach.FIRMWARE


def _affected(trip: Trip) -> Affected:
    return Affected(device=trip.device, at=trip.at, said=trip.said, seen=trip.seen)
