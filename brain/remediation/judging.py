"""Judges what met a rule: opens one incident for the device, one for what many share, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from brain.domain.device import Device
from brain.domain.errors import Conflict, StoreUnavailable
from brain.domain.ports import Clock
from brain.domain.remediation import Affected, Ending, Incident, Reach, Scope, Trip
from brain.domain.topology import SharedCause
from brain.remediation.fleet import Fleet
from brain.remediation.opening import Opened, Opening
from brain.remediation.reaching import Found, reach_of
from brain.remediation.road import Road
from brain.remediation.rules import Rule, Rulebook
from brain.remediation.setting_aside import put_aside
from brain.store.store import Store
from brain.store.transaction import Transaction

_AT_ONCE = 50
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
    opening: Opening
    clock: Clock

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
        opened = Opened(
            tenant=trip.tenant,
            rule=rule.id,
            found=found,
            affected=(_affected(trip),),
            symptom=rule.symptom,
            band=rule.band,
            why=f"{rule.title}: {trip.device} {trip.said}",
        )
        await self.opening.open(tx, opened)


def _by_any_rule(scope: Scope) -> bool:
    """What hangs from one node is one trouble, by however many rules it shows."""
    return scope.shared and scope.reach is not Reach.FIRMWARE


def _affected(trip: Trip) -> Affected:
    return Affected(device=trip.device, at=trip.at, said=trip.said, seen=trip.seen)
