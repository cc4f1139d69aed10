"""How far a trouble reaches: one home, or all below a node, with a version or in an area."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from brain.domain.device import Device
from brain.domain.identity import NodeId
from brain.domain.remediation import Incident, Reach, Scope, Trip
from brain.domain.topology import NeighbourHealth, SharedCause
from brain.remediation.fleet import cause_of, scope_of, told
from brain.remediation.rules import Rule
from brain.store.transaction import Transaction
from brain.topology.chance import binomial_tail
from brain.topology.common_cause import USUAL, common_cause
from brain.topology.health import neighbours_health
from brain.topology.neighbourhood import Graph, ancestors, siblings, surroundings
from brain.topology.scopes import way_up

_TOGETHER: Final = timedelta(hours=24)
"""What many met within a day they met together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Whom a trouble is about, and what speaks for it, in sentences of our own."""

    scope: Scope
    evidence: tuple[str, ...] = ()


async def reach_of(
    tx: Transaction,
    rule: Rule,
    trip: Trip,
    device: Device,
    now: datetime,
    causes: Sequence[SharedCause] = (),
) -> Found:
    """The scope of the trouble that tripped this rule on this device.

    ``causes`` are those of the whole fleet: they are asked where the neighbours say nothing.
    """
    shared = await known_shared(tx, rule, device, trip.version, since=now - rule.cool_down)
    if shared is not None:
        return Found(scope=shared.scope)
    if "access" in rule.shared:
        found = await _access(tx, rule, device, now)
        if found is not None:
            return found
    if "firmware" in rule.shared and trip.version:
        found = await _firmware(tx, rule, trip, device, now)
        if found is not None:
            return found
    cause = await cause_of(tx, rule, device, causes)
    if cause is not None:
        return Found(scope=scope_of(cause), evidence=(told(cause),))
    return Found(scope=Scope(reach=Reach.DEVICE, id=device.id, name=device.model))


async def known_shared(
    tx: Transaction, rule: Rule, device: Device, version: str, *, since: datetime
) -> Incident | None:
    """The incident of what this device shares with others, open or closed after ``since``."""
    scopes: list[tuple[Scope, str]] = []
    if "access" in rule.shared:
        for node in await way_up(tx, device):
            scope = Scope(reach=Reach(node.kind.value), id=node.id, name=node.name)
            scopes.append((scope, ""))
    if "firmware" in rule.shared and version:
        scopes.append((Scope(reach=Reach.FIRMWARE, id=version), rule.id))
    if "area" in rule.shared and device.site:
        area = await tx.sites.area(device.tenant, device.site)
        scopes += [(Scope(reach=Reach.AREA, id=area), "")] if area else []
    for scope, named in scopes:
        found = await tx.incidents.of_scope(device.tenant, scope, since=since, rule=named)
        if found is not None:
            return found
    return None


async def _access(tx: Transaction, rule: Rule, device: Device, now: datetime) -> Found | None:
    graph = await surroundings(tx, device)
    health = await _health(tx, rule, graph, device, now)
    cause = common_cause(ancestors(graph), health)
    if cause is None:
        return None
    below = (f"{each.device}: {each.reason or 'is well'}" for each in health)
    said = (
        f"{cause.suffering} of {cause.known} other devices below {cause.kind} {cause.name} "
        "have trouble at the same time",
        *below,
    )
    scope = Scope(reach=Reach(cause.kind.value), id=cause.node, name=cause.name)
    return Found(scope=scope, evidence=said)


async def _health(
    tx: Transaction, rule: Rule, graph: Graph, device: Device, now: datetime
) -> list[NeighbourHealth]:
    """How the neighbours are: what tripped this rule too suffers, whatever else is known of it.

    Whoever was heard from lately and did not trip is well; of all others nobody knows.
    """
    known = {each.device: each for each in await neighbours_health(tx, graph, now=now)}
    around = [(each, way) for each, way in siblings(graph) if way]
    since = now - min(rule.window, _TOGETHER)
    ids = [each.id for each, _ in around]
    tripped = {
        each.device: each for each in await tx.trips.on(device.tenant, rule.id, ids, since=since)
    }
    found = []
    for each, way in around:
        if each.id in tripped:
            reason = f"{rule.title} ({tripped[each.id].said})"
            found.append(_row(each, way, reason))
        elif each.id in known:
            found.append(known[each.id])
        elif each.last_seen is not None and each.last_seen >= since:
            found.append(_row(each, way, ""))
    return found


def _row(device: Device, way: tuple[NodeId, ...], reason: str) -> NeighbourHealth:
    return NeighbourHealth(
        device=device.id, node=way[0], above=way[1:], suffering=bool(reason), reason=reason
    )


async def _firmware(
    tx: Transaction, rule: Rule, trip: Trip, device: Device, now: datetime
) -> Found | None:
    """A version is at fault when it is new, many of its devices have the trouble, and more of them
    than of other versions of the same make: too many more for it to be chance.
    """
    met = await tx.versions.first_met(trip.tenant, trip.version)
    if met is None or now - met > rule.firmware_new_for:
        return None
    make = f"{device.manufacturer}\x1f{device.model}\x1f"
    counts = await tx.trips.by_version(trip.tenant, rule.id, make, since=now - rule.window)
    running = await tx.devices.running(trip.tenant, device.manufacturer, device.model)
    sick, all_of_it = counts.get(trip.version, 0), running.get(device.firmware, 0)
    if sick < rule.firmware_devices or not all_of_it:
        return None
    others = sum(count for version, count in counts.items() if version != trip.version)
    all_others = sum(count for firmware, count in running.items() if firmware != device.firmware)
    usual = max(USUAL.base_rate, others / all_others if all_others else 0.0)
    if usual >= 1 or binomial_tail(sick, max(all_of_it, sick), usual) > USUAL.false_alarms:
        return None
    name = f"{device.manufacturer} {device.model} {device.firmware}"
    said = (
        f"{sick} of {all_of_it} devices with {name} have it: {rule.title}",
        f"of {all_others} with other software of that make, {others} have it",
        f"{name} was first met on {met:%Y-%m-%d}",
    )
    return Found(scope=Scope(reach=Reach.FIRMWARE, id=trip.version, name=name), evidence=said)
